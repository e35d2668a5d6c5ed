/**
 * Split-and-merge moves from the best solutions so far, round after round, until a round brings nothing. Starts find the coarse
 * structure, moves put components where they are worth more; see em/moves/propose.ts.
 *
 * Every solution has a lineage of its own: from several solutions moves reach optima that they miss from the best one. Where two
 * lineages meet, one of them goes on.
 */

import { familyOf } from '../core/covariance/families.js';
import { deriveSeed } from '../core/random.js';
import { areAtOneOptimum, bestOf, isAdmissible, type StartedRun } from './finalists.js';
import type { Runner } from './runs.js';
import { APPROACH_ITERATIONS, LEAST_GAIN, MOST_ROUNDS, MOVE_LIMITS } from './search-limits.js';
import { runOnSample, startAt } from './stage-runs.js';
import type { Rung } from './stages.js';

/** Where the seeds of moves begin: beyond those of all starts. */
const SEEDS = 2 ** 31;

/** The solutions that moves led through from one run. */
interface Lineage {
  /** Tells it from the others: two runs of larger data may descend from one start. */
  readonly index: number;
  readonly solutions: StartedRun[];
  /** Rounds in a row that brought nothing. */
  failures: number;
}

/**
 * @param runs - of the rung
 * @returns the different solutions that the runs ended at and the moves led to, each with the starts that lead to it; on other rows
 *   of the same kind another of them may be the best
 */
export async function improveByMoves(
  runner: Runner,
  runs: readonly StartedRun[],
  rung: Rung,
): Promise<StartedRun[]> {
  const { search, settings } = runner.context.options;
  const { maxIter } = settings;
  if (search === 'none' || runner.shape.nComponents === 1) return [...runs];
  const { moments } = await runner.context.data.sample(rung.size);
  const { totalWeight } = moments;
  const { inRound, patience } = MOVE_LIMITS[search];
  const lineages: Lineage[] = [];
  for (const [index, run] of bestOf(runs).entries()) {
    meet(lineages, { index, solutions: [run], failures: 0 }, totalWeight);
  }
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const best = bestOf(lineages.map(lastOf))[0];
    const active = lineages.filter(
      (lineage) =>
        isAdmissible(lastOf(lineage)) &&
        // Moves lead from one optimum to another: a run that the caller's maxIter ended is not near one.
        (lastOf(lineage).run.status === 'converged' || maxIter > APPROACH_ITERATIONS) &&
        (lineage.failures === 0 || (lastOf(lineage) === best && lineage.failures < patience)),
    );
    if (active.length === 0) break;
    const ends = await Promise.all(
      active.map((lineage) => moveFrom(runner, lineage, { rung, round, most: inRound })),
    );
    for (const [i, lineage] of active.entries()) {
      const end = bestOf([
        lastOf(lineage),
        ...ends[i].filter((one) => isBetter(one, lastOf(lineage), totalWeight)),
      ])[0];
      if (end === lastOf(lineage)) {
        lineage.failures++;
        continue;
      }
      lineages.splice(lineages.indexOf(lineage), 1);
      meet(lineages, { ...lineage, solutions: [...lineage.solutions, end], failures: 0 }, totalWeight);
    }
  }
  return lineages.flatMap(({ solutions }) => solutions);
}

function lastOf({ solutions }: Lineage): StartedRun {
  return solutions[solutions.length - 1];
}

/** Adds a lineage, or, if another went through its solution, adds its starts to the other. */
function meet(lineages: Lineage[], lineage: Lineage, totalWeight: number): void {
  const reached = lastOf(lineage);
  const other = lineages.find(({ solutions }) =>
    solutions.some(
      (solution) =>
        isAdmissible(solution) && isAdmissible(reached) && areAtOneOptimum(solution, reached, totalWeight),
    ),
  );
  if (!other) {
    lineages.push(lineage);
    return;
  }
  // All of its starts go on with the other lineage.
  const last = lastOf(other);
  other.solutions[other.solutions.length - 1] = { ...last, basin: [...last.basin, ...reached.basin] };
}

/** One round: the ends of the most promising moves from the last solution of a lineage. */
async function moveFrom(
  runner: Runner,
  lineage: Lineage,
  { rung, round, most }: { rung: Rung; round: number; most: number },
): Promise<StartedRun[]> {
  const { shape, context } = runner;
  const { data, options } = context;
  const { stream } = familyOf(shape.covarianceType);
  const solution = lastOf(lineage);
  const starts = await runner.proposeMoves({
    solution: solution.run.parameters,
    sample: await data.sample(rung.proposalSize),
    seed: deriveSeed(options.seed, shape.nComponents, stream, SEEDS + round * options.nInit + lineage.index),
    most,
  });
  const contenders = starts.map((parameters, i) => ({
    start: solution.start,
    from: startAt(parameters),
    move: { name: `${lineage.index} ${round}.${i}`, of: solution },
  }));
  const { size, moveStage } = rung;
  return runOnSample(runner, contenders, { phase: 'move', stage: moveStage, size, isTrial: false });
}

/** Whether a solution has a better standing than another, or the same and more likelihood than rounding explains. */
function isBetter(end: StartedRun, than: StartedRun, totalWeight: number): boolean {
  if (end.standing !== than.standing) return end.standing > than.standing;
  return end.run.objective > than.run.objective + LEAST_GAIN * totalWeight;
}
