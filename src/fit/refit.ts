/**
 * A model that contains another cannot have a lower maximum. Where its likelihood is lower it was fitted badly, and it is fitted
 * again from the other's solution: written as one of the larger model this has the same likelihood, and EM never falls.
 *
 *   k components contain fewer of the same family; a family contains those whose volume, shape and orientation are at most as free;
 *   a mixture with noise contains the same without.
 *
 * A model that collapsed from every start is left as it is: a split would put a component on few rows, just above the floor. A
 * sensible solution is left, too, where the other is spurious: it would win against what EM finds from there.
 */

import { containsType } from '../core/covariance/families.js';
import { scalesOf } from '../core/moments.js';
import { freeCovariances, splitComponent } from '../core/nested.js';
import {
  addNoise,
  densityOf,
  type ModelShape,
  type NoiseDensity,
  type Parameters,
} from '../core/parameters.js';
import { standingOf } from '../em/standing.js';
import { GmmError } from '../errors.js';
import { estimatePass, USUAL_ITERATIONS } from '../jobs/work-share.js';
import { effectiveRows } from '../rows/shared-rows.js';
import { bestOf, type StartedRun } from './finalists.js';
import { type FitOutcome, type Fitted, failedWith, isFitOutcome } from './outcome.js';
import { planPolishing, polishWinner } from './polish.js';
import { type FitContext, nameOf, PoolRunner } from './runs.js';
import { startAt } from './stage-runs.js';
import { planStages } from './stages.js';
import { runToTheEnd, tryAndRun } from './starts.js';
import { replaceWinner, winnerOf } from './winner.js';

/**
 * The models of a sweep that one of them contains directly: its family with the next fewer components, more restricted families
 * with as many, and itself without noise. With equal weights 1/k fewer components are no special case.
 */
export function containedIn(
  shape: ModelShape,
  sweep: readonly ModelShape[],
  equalWeights: boolean,
): ModelShape[] {
  const { covarianceType, nComponents: k } = shape;
  const alike = sweep.filter((other) => other.noise === shape.noise);
  const fewer = equalWeights
    ? []
    : alike.filter((other) => other.covarianceType === covarianceType && other.nComponents < k);
  const next = Math.max(...fewer.map(({ nComponents }) => nComponents));
  const restricted = alike.filter(
    (other) => other.nComponents === k && containsType(covarianceType, other.covarianceType),
  );
  const without = sweep.filter(
    (other) =>
      shape.noise && !other.noise && other.covarianceType === covarianceType && other.nComponents === k,
  );
  return [...fewer.filter(({ nComponents }) => nComponents === next), ...restricted, ...without];
}

/** Two kernels' sums of one mixture's log-likelihood differ by rounding, far less than this for each row. */
const ROUNDING = 1e-10;

/** The lowest objective that counts as no worse than another. */
function noWorseThan(objective: number, totalWeight: number): number {
  return objective - ROUNDING * Math.max(totalWeight, Math.abs(objective));
}

/** Standard deviations by which the halves of a component are moved: near enough to be fitted, far enough to part. */
const SHIFT = 0.7;

/** Components whose split is tried, the heaviest. */
const MOST_SPLITS = 8;

/**
 * Fits again where a contained model has a higher objective.
 *
 * @param contained - outcomes of the models it contains, of those that were fitted
 * @param prefix - of the refit's name in the call's memory, where a cell may be fitted again twice
 * @returns the best outcome, never worse than `fitted` or any contained one that stands as high, unless `regCovar` or the floor
 *   prevents it; the failure of the refit, where it fails: a model known to be badly fitted is no result
 */
export async function refitWhereWorse(
  context: FitContext,
  shape: ModelShape,
  fitted: Fitted,
  contained: readonly Fitted[],
  prefix = '',
): Promise<FitOutcome> {
  // With a prior a model has no lower bound from those that it contains.
  if (fitted.prior) return fitted;
  const { data, memory } = context;
  const { moments, rows } = data;
  const nEffective = effectiveRows(rows);
  const standing = standingOf(fitted.winner, nEffective);
  const boundOf = ({ winner }: Fitted) => noWorseThan(winner.objective, moments.totalWeight);
  const better = contained.filter(
    (other) =>
      !other.prior &&
      fitted.winner.objective < boundOf(other) &&
      standingOf(other.winner, nEffective) >= standing,
  );
  if (better.length === 0) return fitted;

  // Named by the better models too: after an interruption there may be others.
  const from = better.map(({ winner }) => nameOf(winner.parameters)).join(', ');
  const name = `${prefix}${nameOf(shape)} refit from ${from}`;
  const known = memory.recall(name, isFitOutcome);
  if (known?.kind === 'fitted') return known;

  const solutions = better.map(({ winner }) => winner.parameters);
  let result: Fitted;
  try {
    const { best, seconds } = await refit(
      context,
      shape,
      name,
      fitted,
      solutions,
      Math.max(...better.map(boundOf)),
    );
    result = replaceWinner(fitted, best, data, seconds);
  } catch (error) {
    if (!(error instanceof GmmError) || context.options.signal?.aborted) throw error;
    return failedWith(error, fitted.seconds);
  }
  memory.keep(name, result);
  memory.forget(`${name}/`);
  return result;
}

/**
 * @param solutions - parameters of contained models
 * @param bound - the lowest objective that is good enough
 */
async function refit(
  context: FitContext,
  shape: ModelShape,
  name: string,
  fitted: Fitted,
  solutions: readonly Parameters[],
  bound: number,
): Promise<{ best: StartedRun; seconds: number }> {
  const { rows, moments } = context.data;
  const { covarianceType, nComponents: k } = shape;
  const fewer = solutions.find((solution) => solution.nComponents < k);
  const scales = scalesOf(moments);
  const freed = solutions
    .filter((solution) => solution.covarianceType !== covarianceType)
    .map((solution) => startAt(freeCovariances(solution, covarianceType)));
  // With the weight of one row, noise costs hardly any likelihood, and EM raises it where it pays.
  const noisy = solutions
    .filter((solution) => shape.noise && !solution.noise)
    .map((solution) => startAt(addNoise(solution, shape.noise as NoiseDensity, 1 / (1 + rows.nSamples))));
  const split = fewer ? splitsOf(fewer, k, scales).map(startAt) : [];

  const cost = estimatePass(rows.nSamples, shape, densityOf(context.options.settings)) * USUAL_ITERATIONS;
  const oneRun = { cost, usualIterations: USUAL_ITERATIONS };
  // Runs that need no trials have stages of their own, after those of the splits.
  const stages = planStages(context.data, shape, context.options, Math.max(1, split.length));
  const polishing = planPolishing(context, shape);
  const runner = new PoolRunner(context, shape, undefined, name, [...stages, oneRun, oneRun, ...polishing]);
  const [fromSplits, fromFreed] = await Promise.all([
    split.length > 0 ? tryAndRun(runner, split, 'refit') : [],
    runToTheEnd(runner, [...freed, ...noisy], 'refit', MOST_SPLITS, stages.length),
  ]);
  let ends = [winnerOf(fitted, rows), ...fromFreed, ...fromSplits.filter(({ isFinal }) => isFinal)];
  if (fewer && bestOf(ends)[0].run.objective < bound) {
    // No split reached it: the same mixture with its heaviest component written twice is as good as the smaller model.
    const twice = [startAt(splitTo(fewer, k, heaviest(fewer)[0], 0, scales))];
    const again = await runToTheEnd(runner, twice, 'refit', 0, stages.length + 1);
    ends = [...ends, ...again];
  }
  const [best] = bestOf(await polishWinner(runner, ends, stages.length + 2));
  return { best, seconds: runner.seconds() };
}

/** Components by falling weight. */
function heaviest({ weights }: Parameters): number[] {
  return Array.from(weights.keys()).sort((i, j) => weights[j] - weights[i] || i - j);
}

/** Start values with k components, each with another component of the smaller mixture split. */
function splitsOf(smaller: Parameters, k: number, scales: Float64Array): Parameters[] {
  return heaviest(smaller)
    .slice(0, MOST_SPLITS)
    .map((j) => splitTo(smaller, k, j, SHIFT, scales));
}

/** Splits component j, then the heaviest one, until there are k. */
function splitTo(smaller: Parameters, k: number, j: number, shift: number, scales: Float64Array): Parameters {
  let parameters = splitComponent(smaller, j, shift, scales);
  while (parameters.nComponents < k) {
    parameters = splitComponent(parameters, heaviest(parameters)[0], shift, scales);
  }
  return parameters;
}
