/** Moves after the starts: what they find, what they leave alone, and that an interruption changes nothing. */

import { describe, expect, it } from 'vitest';
import type { CallMemory } from '../../src/checkpoint/call-memory.js';
import { createRandom } from '../../src/core/random.js';
import { SENSIBLE } from '../../src/em/standing.js';
import type { StartedRun } from '../../src/fit/finalists.js';
import { fitShape } from '../../src/fit/fit-shape.js';
import { improveByMoves } from '../../src/fit/moves.js';
import type { Fitted } from '../../src/fit/outcome.js';
import type { Runner } from '../../src/fit/runs.js';
import { planRungs } from '../../src/fit/stages.js';
import type { FitOptions } from '../../src/types.js';
import { bitsOf, expectClose } from '../close.js';
import { createContext } from './in-process.js';

const D = 2;

/** Six unit Gaussians, of which some are near to each other. */
const CENTERS = [
  [0, 0],
  [6, 0],
  [0, 6],
  [25, 25],
  [31, 25],
  [25, 31],
];
const K = CENTERS.length;
const random = createRandom(3);
const rows = Float64Array.from(
  CENTERS.flatMap((center) =>
    Array.from({ length: 60 }, () => center.map((mean) => mean + random.normal())).flat(),
  ),
);

const fitWith = async (options: Partial<FitOptions>, memory?: CallMemory): Promise<Fitted> => {
  const given = { nComponents: K, ...options };
  const context = await createContext(rows, D, given, memory);
  const { covarianceType = 'full', nComponents } = given;
  const outcome = await fitShape(context, { covarianceType, nComponents, nFeatures: D }, 1);
  if (outcome.kind === 'failed') throw outcome.original;
  return outcome;
};

/** One start at random rows: most of these put two components on one cluster and one on two. */
const BAD = { init: 'random-rows', nInit: 1 } as const;

/** A seed of `BAD` from which two moves lead to the optimum. */
const TWO_MOVES = { ...BAD, seed: 0 };

/** Each fit is within 360 × 1e-6 of its optimum. */
const CONVERGED_TO = 1e-3;

/** EM from the true centers. */
const truth = await fitWith({ init: { means: CENTERS } });

describe('moves', () => {
  it('lead from bad starts to the optimum, which few of them reach without', async () => {
    const misses = async (search: FitOptions['search']): Promise<number> => {
      let missed = 0;
      for (let seed = 0; seed < 10; seed++) {
        const end = await fitWith({ ...BAD, seed, search }).catch(() => undefined);
        if (!end || end.winner.logLikelihood < truth.winner.logLikelihood - CONVERGED_TO) missed++;
      }
      return missed;
    };
    expect(await misses('default')).toBe(0);
    expect(await misses('thorough')).toBe(0);
    expect(await misses('none')).toBeGreaterThan(5);
  });

  it('are counted, and without them the start ends elsewhere', async () => {
    const { restarts, winner } = await fitWith(TWO_MOVES);
    expect(restarts).toMatchObject([{ moves: 2, agrees: true, logLikelihood: winner.logLikelihood }]);
    const [before] = (await fitWith({ ...TWO_MOVES, search: 'none' })).restarts;
    expect(before).toMatchObject({ moves: 0, agrees: true });
    expect(before.logLikelihood).toBeLessThan(winner.logLikelihood - 10);
  });

  it('are not made from start values of the caller', async () => {
    // Two components on the first cluster, one between the second and the third.
    const means = [[-1, 0], [1, 0], [3, 3], ...CENTERS.slice(3)];
    const { restarts, winner } = await fitWith({ init: { means } });
    expect(restarts).toMatchObject([{ moves: 0, agrees: true }]);
    expect(winner.logLikelihood).toBeLessThan(truth.winner.logLikelihood - 10);
  });

  it('keep equal weights', async () => {
    const equalWeights = true;
    const optimum = await fitWith({ init: { means: CENTERS }, equalWeights });
    const { restarts, winner } = await fitWith({ ...BAD, seed: 2, equalWeights });
    expect(restarts[0].moves).toBeGreaterThan(0);
    expect([...winner.parameters.weights]).toEqual(new Array(K).fill(1 / K));
    expectClose([winner.logLikelihood], [optimum.winner.logLikelihood], CONVERGED_TO, 1);
  });

  it('leave a winner whose log-likelihood never fell, within its iterations', async () => {
    for (const maxIter of [0, 1, 7, 12, 13, 14, 25, 1000]) {
      for (const options of [TWO_MOVES, { seed: 2 }]) {
        const { winner } = await fitWith({ ...options, maxIter });
        const { logLikelihood, trace, nIterations } = winner;
        expect(nIterations).toBeLessThanOrEqual(maxIter);
        expect(trace.length).toBeLessThanOrEqual(nIterations);
        const all = [...trace, logLikelihood];
        // The last digits are rounding.
        const least = all.map((value, i) => value - (all[i - 1] ?? value));
        expect(Math.min(...least)).toBeGreaterThan(-1e-9);
      }
    }
  });
});

describe('two solutions of one start', () => {
  it('have runs of different names and seeds, so that none is taken for another after an interruption', async () => {
    const context = await createContext(rows, D, { nComponents: K });
    const [one, other] = [truth.winner, (await fitWith({ ...TWO_MOVES, search: 'none' })).winner];
    const runs = [one, other].map((run, moves): StartedRun => {
      return {
        start: 0,
        run,
        rows: context.data.rows,
        isFinal: false,
        standing: SENSIBLE,
        moves,
        basin: [0],
      };
    });
    const names: string[] = [];
    const seeds: number[] = [];
    const shape = { covarianceType: 'full', nComponents: K, nFeatures: D } as const;
    const runner: Runner = {
      shape,
      prior: undefined,
      context,
      run: async ({ name }) => {
        names.push(name);
        return other;
      },
      proposeMoves: async ({ solution, seed }) => {
        seeds.push(seed);
        return [solution, solution];
      },
      logDensitiesOf: async () => new Float64Array(0),
      seconds: () => 0,
    };
    await improveByMoves(runner, runs, planRungs(context.data, shape)[1]);
    expect(names).toHaveLength(4);
    expect(new Set(names).size).toBe(4);
    expect(new Set(seeds).size).toBe(2);
  });
});

/** The stage of moves on the first sample: each rung has a stage for its runs and one for its moves, see fit/stages.ts. */
const MOVES_OF_FIRST_SAMPLE = 3;

describe('an interrupted search', () => {
  /** A memory that ends the call when it has kept so many values. */
  const createMemory = (values: Map<string, unknown>, most = Number.POSITIVE_INFINITY) => {
    const names: string[] = [];
    const memory: CallMemory = {
      recall(name, isWanted) {
        const value = values.get(name);
        return isWanted(value) ? structuredClone(value) : undefined;
      },
      keep(name, value) {
        values.set(name, structuredClone(value));
        if (names.push(name) >= most) throw new Error('interrupted');
      },
      forget(prefix) {
        for (const name of values.keys()) if (name.startsWith(prefix)) values.delete(name);
      },
    };
    return { memory, names };
  };

  it('goes on in the midst of its moves, to the same bits', async () => {
    const whole = createMemory(new Map());
    const numbersOf = ({ winner, restarts }: Fitted) => ({ winner, restarts });
    const expected = bitsOf(numbersOf(await fitWith(TWO_MOVES, whole.memory)));
    const inMoves = [...whole.names.keys()].filter((i) =>
      whole.names[i].startsWith(`full ${K}/${MOVES_OF_FIRST_SAMPLE} `),
    );
    expect(inMoves.length).toBeGreaterThan(10);
    for (const share of [0, 0.1, 0.4, 0.7, 1]) {
      const most = inMoves[Math.floor(share * (inMoves.length - 1))] + 1;
      const values = new Map<string, unknown>();
      await expect(fitWith(TWO_MOVES, createMemory(values, most).memory)).rejects.toThrow('interrupted');
      const rest = createMemory(values);
      expect(bitsOf(numbersOf(await fitWith(TWO_MOVES, rest.memory)))).toBe(expected);
      expect(rest.names.length).toBeLessThan(whole.names.length);
    }
  });
});
