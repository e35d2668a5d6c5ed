/**
 * Split-and-merge moves from the best solution so far, round after round, until a round brings nothing. Starts find the coarse
 * structure, moves put components where they are worth more; see em/moves/propose.ts.
 */

import { familyOf } from '../core/covariance/families.js';
import { deriveSeed } from '../core/random.js';
import { SENSIBLE } from '../em/standing.js';
import { trialSizeFor } from '../rows/sample.js';
import { bestOf, type StartedRun } from './finalists.js';
import { sampleNeeds } from './prepared-data.js';
import type { Runner } from './runs.js';
import { LEAST_GAIN, MOST_ROUNDS, MOVE_LIMITS, MOVES_AT_ONCE } from './search-limits.js';
import { runOnSample } from './stage-runs.js';

/** Where the seeds of moves begin: beyond those of all starts. */
const SEEDS = 2 ** 31;

/**
 * @param solution - a run on a sample, or on all rows
 * @param size - of the sample
 * @param stage - of the runs
 * @returns the solution, or a better one
 */
export async function improveByMoves(
  runner: Runner,
  solution: StartedRun,
  size: number,
  stage: number,
): Promise<StartedRun> {
  const { shape, context } = runner;
  const { data, options } = context;
  const { search, seed } = options;
  // Moves lead from one optimum to another: a run that maxIter ended is not at one.
  if (search === 'none' || shape.nComponents === 1 || solution.run.status !== 'converged') return solution;
  const { inRound, patience } = MOVE_LIMITS[search];
  const { stream } = familyOf(shape.covarianceType);
  const [{ moments }, sample] = await Promise.all([
    data.sample(size),
    data.sample(trialSizeFor(sampleNeeds(data, shape))),
  ]);
  const leastGain = LEAST_GAIN * moments.totalWeight;
  let best = solution;
  for (let round = 0, failures = 0; round < MOST_ROUNDS && failures < patience; round++) {
    const starts = await runner.proposeMoves({
      solution: best.run.parameters,
      sample,
      seed: deriveSeed(seed, shape.nComponents, stream, SEEDS + round),
      most: inRound,
    });
    const before = best;
    for (let next = 0; next < starts.length && best === before; next += MOVES_AT_ONCE) {
      const contenders = starts.slice(next, next + MOVES_AT_ONCE).map((parameters, i) => ({
        start: solution.start,
        from: { kind: 'parameters', parameters } as const,
        move: { round, index: next + i, since: best.moves },
      }));
      const ends = await runOnSample(runner, contenders, { phase: 'move', stage, size, isTrial: false });
      best = bestOf([best, ...ends.filter((end) => isBetter(end, before, leastGain))])[0];
    }
    failures = best === before ? failures + 1 : 0;
  }
  return best;
}

/** Whether a solution is better by more than rounding: a sensible one than one that is not, or one of higher likelihood. */
function isBetter(end: StartedRun, than: StartedRun, leastGain: number): boolean {
  if (end.standing !== than.standing) return end.standing > than.standing;
  const isSensible = end.standing === SENSIBLE;
  return end.run.objective > than.run.objective + (isSensible ? leastGain : 0);
}
