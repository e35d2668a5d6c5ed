/** The end of a fit is an end: plain EM gains nothing more, and nothing but rounding keeps a fit from converging. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import type { FitResult, ProgressEvent } from '../../src/index.js';
import type { CovarianceType, FitOptions } from '../../src/types.js';
import { bitsOf } from '../close.js';
import { createMixture, drawRows } from '../mixtures.js';
import { createEngine, Dataset, fit } from '../package.js';

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

const TOL = 1e-6;

interface Problem {
  readonly covarianceType: CovarianceType;
  readonly n: number;
  readonly k: number;
  readonly seed: number;
}

/** Overlapping components in one dimension. */
function drawProblem({ covarianceType, n, k, seed }: Problem) {
  const random = createRandom(seed);
  return Dataset.from(drawRows(createMixture(covarianceType, k, 1, random, 1.5), n, random), {
    nFeatures: 1,
  });
}

function parametersOf({ model }: FitResult) {
  const { weights, means, covariances } = model;
  return { weights, means, covariances };
}

/** What the rule of convergence alone ended on: a plateau, from which EM gained the given log-likelihood for each row. */
const PLATEAUS = [
  { covarianceType: 'full', n: 380, k: 6, seed: 53, gained: 4.9e-5 },
  { covarianceType: 'diag', n: 400, k: 8, seed: 115, gained: 1.6e-3 },
  { covarianceType: 'spherical', n: 210, k: 5, seed: 96, gained: 2.1e-6 },
] as const;

describe('a default fit', () => {
  it.each(PLATEAUS)(
    'ends where 20,000 plain passes gain nothing, and not on a plateau that had $gained to gain',
    async (problem) => {
      const { covarianceType, k: nComponents } = problem;
      const data = await drawProblem(problem);
      const result = await engine.fit(data, { nComponents, covarianceType, seed: 1 });
      expect(result.status).toBe('converged');
      const further = await engine.fit(data, {
        nComponents,
        covarianceType,
        init: parametersOf(result),
        acceleration: 'none',
        tol: 0,
        maxIter: 20_000,
      });
      expect(further.meanLogLikelihood - result.meanLogLikelihood).toBeLessThan(TOL);
    },
  );

  const [problem] = PLATEAUS;
  const options = { nComponents: problem.k, seed: 1 };
  const phasesOf = async (more: Partial<FitOptions>) => {
    const phases = new Map<string, number>();
    const onProgress = (event: ProgressEvent) => {
      if (event.type === 'iteration') phases.set(event.phase, event.start);
    };
    const result = await engine.fit(await drawProblem(problem), { ...options, ...more, onProgress });
    return { phases, result };
  };

  it('polishes its best run, whose iterations count together', async () => {
    const { phases, result } = await phasesOf({});
    const start = phases.get('polish') as number;
    const { nIterations, logLikelihood } = result.restarts[start];
    expect(result).toMatchObject({ nIterations, logLikelihood });
    expect(logLikelihood).toBe(Math.max(...result.restarts.map((restart) => restart.logLikelihood)));
    const trace = [...result.logLikelihoods, logLikelihood];
    for (let i = 1; i < trace.length; i++) expect(trace[i]).toBeGreaterThanOrEqual(trace[i - 1]);
    for (const maxIter of [150, 170, 200]) {
      const short = await phasesOf({ maxIter });
      expect(short.result.nIterations).toBeLessThanOrEqual(maxIter);
    }
  });

  it.each([
    { convergence: 'change' },
    { convergence: 'responsibilities' },
    { acceleration: 'none' },
    { regCovar: 1e-3 },
    { tol: 0, maxIter: 50 },
    { nComponents: 1 },
  ] as const)('leaves the end to the caller with %o', async (more) => {
    const { phases } = await phasesOf(more);
    expect(phases.has('polish')).toBe(false);
  });

  it('has the same bits for any number of threads', async () => {
    const data = await drawProblem(problem);
    const [one, two] = await Promise.all([1, 2].map((threads) => fit(data, { ...options, threads })));
    expect(bitsOf({ ...one, seconds: 0 })).toBe(bitsOf({ ...two, seconds: 0 }));
  });

  it('has the same bits after an interruption while it is polished', async () => {
    const data = await drawProblem(problem);
    const whole = await engine.fit(data, options);
    const folder = mkdtempSync(join(tmpdir(), 'polish-'));
    try {
      const checkpoint = join(folder, 'fit.json');
      const stop = new AbortController();
      const onProgress = (event: ProgressEvent) => {
        if (event.type === 'iteration' && event.phase === 'polish') stop.abort();
      };
      const stopped = engine.fit(data, { ...options, checkpoint, onProgress, signal: stop.signal });
      await expect(stopped).rejects.toThrow();
      const resumed = await engine.fit(data, { ...options, checkpoint });
      expect(parametersOf(resumed)).toEqual(parametersOf(whole));
      expect(resumed).toMatchObject({
        nIterations: whole.nIterations,
        logLikelihoods: whole.logLikelihoods,
        restarts: whole.restarts,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('given start values', () => {
  it('are where the run begins, and its end is polished in their basin', async () => {
    const [problem] = PLATEAUS;
    const data = await drawProblem(problem);
    const { k: nComponents } = problem;
    const first = await engine.fit(data, { nComponents, seed: 1 });
    const start = await engine.fit(data, { nComponents, init: parametersOf(first), maxIter: 0 });
    const again = await engine.fit(data, { nComponents, init: parametersOf(first) });
    expect(again.logLikelihoods[0]).toBe(start.logLikelihood);
    expect(again.status).toBe('converged');
    const gain = again.meanLogLikelihood - first.meanLogLikelihood;
    expect(gain).toBeGreaterThanOrEqual(0);
    expect(gain).toBeLessThan(TOL);
  });
});

/** Few rows, many columns, ill-conditioned covariances, columns far from 0, weights over six decades. */
const NEAR_THE_LIMITS = [
  { n: 10, d: 20, k: 1, regCovar: 1e-6, tol: 1e-10 },
  { n: 10, d: 20, k: 1, regCovar: 1e-9, tol: 1e-10 },
  { n: 10, d: 20, k: 2, regCovar: 1e-3 },
  { n: 5, d: 40, k: 1, regCovar: 1e-9, weighs: true },
  { n: 12, d: 100, k: 1, regCovar: 1e-9, tol: 1e-10 },
  { n: 300, d: 5, k: 1, noise: 1e-4 },
  { n: 300, d: 12, k: 1, noise: 1e-4, weighs: true },
  { n: 300, d: 5, k: 4, noise: 1e-4, offset: 1e8 },
  { n: 300, d: 2, k: 2, noise: 1e-4, offset: 1e4 },
] as const;

describe('a fit whose steps are only rounding', () => {
  it.each(NEAR_THE_LIMITS)('converges: %o', async (limit) => {
    const {
      n,
      d,
      k: nComponents,
      regCovar = 0,
      tol = TOL,
      weighs,
      noise = 1,
      offset = 0,
    } = { ...limit } as {
      readonly n: number;
      readonly d: number;
      readonly k: number;
      readonly regCovar?: number;
      readonly tol?: number;
      readonly weighs?: boolean;
      readonly noise?: number;
      readonly offset?: number;
    };
    const random = createRandom(n + d);
    const rows = new Float64Array(n * d);
    for (let i = 0; i < n; i++) {
      const shared = noise === 1 ? 0 : random.normal() + 2 * (i % nComponents);
      for (let a = 0; a < d; a++) rows[i * d + a] = offset + shared + noise * random.normal();
    }
    const sampleWeight = Float64Array.from({ length: n }, () =>
      weighs ? 10 ** (6 * random.uniform() - 3) : 1,
    );
    const data = await Dataset.from(rows, { nFeatures: d, sampleWeight });
    for (const covarianceType of ['full', 'tied'] as const) {
      for (const acceleration of ['auto', 'none'] as const) {
        const result = await engine.fit(data, {
          nComponents,
          covarianceType,
          regCovar,
          tol,
          acceleration,
          nInit: 3,
        });
        expect(result.status).toBe('converged');
      }
    }
  });
});
