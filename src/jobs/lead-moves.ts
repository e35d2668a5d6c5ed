/** Moves from a solution, inside a worker: proposed, tried for a few passes, and the best of them given back as start values. */

import { withDegrees } from '../core/degrees-of-freedom.js';
import { componentShare, type Parameters } from '../core/parameters.js';
import { createLogPrior } from '../core/prior.js';
import { createRandom } from '../core/random.js';
import { createConvergenceRule } from '../em/convergence.js';
import { runEm } from '../em/em.js';
import { createBounds } from '../em/m-step.js';
import { measureMoments } from '../em/moments.js';
import type { LocalFits } from '../em/moves/local-split.js';
import { measureOverlap } from '../em/moves/overlap.js';
import { proposeMoves } from '../em/moves/propose.js';
import { createObjective } from '../em/objective.js';
import type { EmRun } from '../em/run.js';
import { COLLAPSED, SAME_OPTIMUM, standingOf } from '../em/standing.js';
import { findWorstRow } from '../em/worst-row.js';
import type { KernelSource } from '../kernel/kernel-cache.js';
import { Cancelled, type Participant } from '../parallel/job.js';
import { effectiveRows, type SharedRows } from '../rows/shared-rows.js';
import { createEStepAlone, visitResponsibilities } from './passes-alone.js';
import type { MovesTask } from './tasks.js';

/**
 * Moves that are tried, and for how many passes. On 160 solutions of drawn problems with a better neighbour, the first of them was one
 * of the better ones in half of them before any pass, and in four of five after three passes.
 */
const TRIED = 16;
const PASSES = 3;

/** What the moments of rows are measured with. */
const ONE_FULL = { covarianceType: 'full', nComponents: 1 } as const;

/** The tolerance of short runs. */
const TOL = 1e-4;

export function leadMoves(
  kernels: KernelSource,
  rows: SharedRows,
  { board }: Participant,
  { solution, nComponents, settings, seed, most, moments, dataMoments, prior }: MovesTask,
): Parameters[] {
  const checkCancelled = () => {
    if (board.isCancelled()) throw new Cancelled();
  };
  const bounds = createBounds(solution.covarianceType, settings, dataMoments, prior);
  const { form } = bounds.family;
  // Without assistants, and without a place to yield: a leader that yields would have to begin anew.
  const run: LocalFits['run'] = (on, onMoments, start, passes) => {
    checkCancelled();
    return runEm({ kind: 'parameters', parameters: start }, createEStepAlone(kernels, on, start), {
      ...bounds,
      moments: onMoments,
      // The halves of a component need not be of equal weight, though the components are.
      equalWeights: settings.equalWeights && on === rows,
      maxIter: passes,
      objective: createObjective(settings.regCovar, prior && createLogPrior(form, prior, start.nComponents)),
      rule: createConvergenceRule('aitken', TOL, onMoments.totalWeight),
      findWorstRow: (parameters) => findWorstRow(on, parameters, checkCancelled),
      onIteration: () => undefined,
    });
  };
  const overlap = measureOverlap(rows, solution.nComponents, (visit) =>
    visitResponsibilities(kernels, rows, solution, (responsibilities, first, count) => {
      checkCancelled();
      visit(responsibilities, first, count);
    }),
  );
  const { nFeatures } = solution;
  const fits: LocalFits = {
    degreesOfFreedom: settings.degreesOfFreedom,
    run,
    measureMoments: (on) => measureMoments(on, createEStepAlone(kernels, on, { nFeatures, ...ONE_FULL })),
  };
  const context = { rows, moments, random: createRandom(seed), fits };
  const starts = proposeMoves(solution, nComponents, overlap, context, TRIED);
  const tried = starts.map((start) => run(rows, moments, constrain(start, settings), PASSES));
  return chooseDifferent(tried, effectiveRows(rows), SAME_OPTIMUM * moments.totalWeight)
    .slice(0, most)
    .map(({ parameters }) => parameters);
}

/** Weights and degrees of freedom as the settings want them. */
function constrain(start: Parameters, { equalWeights, degreesOfFreedom }: MovesTask['settings']): Parameters {
  const equal = componentShare(start) / start.nComponents;
  const weights = equalWeights ? start.weights.map(() => equal) : start.weights;
  return withDegrees({ ...start, weights }, degreesOfFreedom);
}

/** The admissible runs, the best first; of runs with the same end only one. */
function chooseDifferent(runs: readonly EmRun[], nEffective: number, same: number): EmRun[] {
  const admissible = runs
    .map((run) => ({ run, standing: standingOf(run, nEffective) }))
    .filter(({ standing }) => standing > COLLAPSED)
    .sort((a, b) => b.standing - a.standing || b.run.objective - a.run.objective);
  const chosen: EmRun[] = [];
  for (const { run } of admissible) {
    const isKnown = chosen.some(({ objective }) => Math.abs(objective - run.objective) <= same);
    if (!isKnown) chosen.push(run);
  }
  return chosen;
}
