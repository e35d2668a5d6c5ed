/** A refit that fails is a failed cell, and the sweep goes on. */

import { describe, expect, it } from 'vitest';
import { NO_MEMORY } from '../../src/checkpoint/call-memory.js';
import { createRandom } from '../../src/core/random.js';
import { GmmError } from '../../src/errors.js';
import { resolveFitOptions } from '../../src/fit/options.js';
import type { Fitted } from '../../src/fit/outcome.js';
import { refitWhereWorse } from '../../src/fit/refit.js';
import type { FitContext } from '../../src/fit/runs.js';
import { computeMoments } from '../laws/moments.js';
import { createMixture, drawRows } from '../mixtures.js';

const [N, D] = [100, 2];
const random = createRandom(4);
const rows = drawRows(createMixture('full', 2, D, random), N, random);
const moments = { totalWeight: N, ...computeMoments(rows, D) };
const shared = { nSamples: N, nFeatures: D, chunkRows: N, chunks: [rows] };

function createFitted(k: number, logLikelihood: number): Fitted {
  const winner = {
    parameters: createMixture('full', k, D, random),
    status: 'converged' as const,
    objective: logLikelihood,
    logLikelihood,
    logMaxResponsibility: 0,
    trace: [],
    nIterations: 1,
  };
  return { kind: 'fitted', winner, restarts: [], seconds: 1 };
}

/** A call whose every job ends with an error. */
function createContext(error: Error, signal?: AbortSignal): FitContext {
  const data = {
    rows: shared,
    columns: ['a', 'b'],
    moments,
    reference: moments,
    rowsPerEffective: 1,
    notes: [],
    sample: async () => ({ rows: shared, moments }),
    startSample: async () => ({ rows: shared, moments }),
  };
  const options = { ...resolveFitOptions({ nComponents: 2 }), signal };
  return { caller: { threads: 1, run: () => Promise.reject(error) }, data, memory: NO_MEMORY, options };
}

const shape = { covarianceType: 'full', nComponents: 2, nFeatures: D } as const;
const [fitted, better] = [createFitted(2, -300), createFitted(1, -200)];

describe('refitWhereWorse', () => {
  it('is a failure of the cell where its worker fails', async () => {
    const error = new GmmError('WORKER_FAILED', 'the worker died');
    const outcome = await refitWhereWorse(createContext(error), shape, fitted, [better]);
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'WORKER_FAILED' } });
  });

  it('rejects with any other error, and where the caller cancelled', async () => {
    const fault = new Error('a fault of ours');
    await expect(refitWhereWorse(createContext(fault), shape, fitted, [better])).rejects.toBe(fault);
    const cancelled = new GmmError('WORKER_FAILED', 'the engine was closed');
    const context = createContext(cancelled, AbortSignal.abort());
    await expect(refitWhereWorse(context, shape, fitted, [better])).rejects.toBe(cancelled);
  });

  it('leaves no start that agrees where it finds another optimum', async () => {
    const agreeing = { seed: 0, status: 'converged' as const, logLikelihood: -300, nIterations: 1 };
    const restarts = [{ ...agreeing, nSamples: N, moves: 1, agrees: true }];
    const agreesAfter = async (logLikelihood: number) => {
      const { winner } = createFitted(2, logLikelihood);
      const context = createContext(new Error('never'));
      const caller = { threads: 1, run: async () => winner as never };
      const outcome = await refitWhereWorse({ ...context, caller }, shape, { ...fitted, restarts }, [better]);
      expect(outcome).toMatchObject({ winner: { logLikelihood } });
      return outcome.kind === 'fitted' && outcome.restarts[0].agrees;
    };
    expect(await agreesAfter(-190)).toBe(false);
    // At most 5e-5 for each of 100 rows.
    expect(await agreesAfter(-299.996)).toBe(true);
  });

  it('does nothing where the better contained model has a component on a handful of rows', async () => {
    const context = createContext(new Error('no job is wanted'));
    const withWeights = ({ winner, ...rest }: Fitted, weights: number[]): Fitted => {
      const parameters = { ...winner.parameters, weights: Float64Array.from(weights) };
      return { ...rest, winner: { ...winner, parameters } };
    };
    const sensible = withWeights(createFitted(3, -300), [0.4, 0.3, 0.3]);
    // 2 (d + 1) = 6 rows of 100 are needed.
    const spurious = withWeights(createFitted(2, -200), [0.95, 0.05]);
    expect(await refitWhereWorse(context, { ...shape, nComponents: 3 }, sensible, [spurious])).toBe(sensible);
    const enough = withWeights(createFitted(2, -200), [0.94, 0.06]);
    await expect(refitWhereWorse(context, { ...shape, nComponents: 3 }, sensible, [enough])).rejects.toThrow(
      'no job',
    );
  });

  it('does nothing where no contained model is better', async () => {
    const context = createContext(new Error('no job is wanted'));
    expect(await refitWhereWorse(context, shape, better, [fitted])).toBe(better);
  });
});
