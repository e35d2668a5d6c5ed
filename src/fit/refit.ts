/**
 * A model whose likelihood is below that of one it contains was badly fitted: it is fitted again from that one's
 * solution, which as one of the larger family has the same likelihood, and EM never falls.
 *
 *   k components contain those of fewer, of the same type; full contains tied and diag, diag contains spherical.
 *
 * A model that collapsed from every start is left as it is: what would come of a split then is a component on few
 * rows, just above the floor.
 */

import { freeCovariances, RESTRICTIONS, splitComponent } from '../core/nested.js';
import { estimatePass, USUAL_ITERATIONS } from '../jobs/work-share.js';
import type { Parameters } from '../types.js';
import { bestOf, type StartedRun } from './finalists.js';
import type { Fitted } from './fit.js';
import type { ResolvedFitOptions } from './options.js';
import { createRunner, type FitContext, nameOf } from './runs.js';
import { planStages, runToTheEnd, tryAndRun } from './starts.js';

/** Which model: a cell of a sweep. */
export type Frame = Pick<Parameters, 'covarianceType' | 'nComponents'>;

/**
 * The models of a sweep that one of them contains directly: its type with the next fewer components, and more restricted
 * types with as many. With equal weights 1/k fewer components are no special case.
 */
export function containedIn(frame: Frame, sweep: readonly Frame[], equalWeights: boolean): Frame[] {
  const { covarianceType, nComponents: k } = frame;
  const fewer = equalWeights
    ? []
    : sweep.filter((one) => one.covarianceType === covarianceType && one.nComponents < k);
  const next = Math.max(...fewer.map(({ nComponents }) => nComponents));
  const restricted = sweep.filter(
    (one) => one.nComponents === k && RESTRICTIONS[covarianceType].includes(one.covarianceType),
  );
  return [...fewer.filter(({ nComponents }) => nComponents === next), ...restricted];
}

/** Two kernels' sums of one mixture's log-likelihood differ by rounding, far less than this a row. */
const ROUNDING = 1e-10;

/** The lowest log-likelihood that counts as no worse than another. */
function noWorseThan(logLikelihood: number, totalWeight: number): number {
  return logLikelihood - ROUNDING * Math.max(totalWeight, Math.abs(logLikelihood));
}

/** Standard deviations by which the halves of a component are moved: near enough to be fitted, far enough to part. */
const SHIFT = 0.7;

/** Components that are tried for the split, the heaviest. */
const MOST_SPLITS = 8;

/**
 * Fits again where a contained model has a higher likelihood.
 *
 * @param contained - what came of the models it contains, those that came to anything
 * @returns what is best now, never worse than `fitted` or any contained one, unless `regCovar` or the floor is in the way
 */
export async function refitWhereWorse(
  context: FitContext,
  options: ResolvedFitOptions,
  fitted: Fitted,
  contained: readonly Fitted[],
): Promise<Fitted> {
  const { data, memory } = context;
  const { rows, moments } = data;
  const bounds = contained.map(({ winner }) => noWorseThan(winner.logLikelihood, moments.totalWeight));
  const better = contained.filter((_, i) => fitted.winner.logLikelihood < bounds[i]);
  if (better.length === 0) return fitted;

  const name = `${nameOf(options)} refit`;
  const known = memory.recall(name) as Fitted | undefined;
  if (known) return known;

  const { covarianceType, nComponents: k } = options;
  const solutions = better.map(({ winner }) => winner.parameters);
  const restricted = solutions.filter((one) => one.covarianceType !== covarianceType);
  const fewer = solutions.find((one) => one.nComponents < k);
  const scales = moments.mean.map((_, a) => Math.sqrt(moments.covariance[a * rows.nFeatures + a]) || 1);

  const pass = estimatePass(rows.nSamples, { covarianceType, nComponents: k, nFeatures: rows.nFeatures });
  const oneRun = { cost: pass * USUAL_ITERATIONS, usualIterations: USUAL_ITERATIONS };
  const freed = restricted.map((one) => freeCovariances(one, covarianceType));
  const split = fewer ? splitsOf(fewer, k, scales) : [];
  // What needs no trials has stages of its own, after those of the splits.
  const stages = planStages(data, { ...options, nInit: Math.max(1, split.length) });
  const runner = createRunner(context, options, name, [...stages, oneRun, oneRun]);
  const [fromSplits, fromFreed] = await Promise.all([
    split.length > 0 ? tryAndRun(runner, data, options, split, 'refit') : [],
    runToTheEnd(runner, data, options, freed, 'refit', MOST_SPLITS, stages.length),
  ]);
  const current: StartedRun = { start: -1, run: fitted.winner, rows, isFinal: true };
  const ends = [current, ...fromFreed, ...fromSplits.filter(({ isFinal }) => isFinal)];
  let best = bestOf(ends)[0];
  if (fewer && best.run.logLikelihood < Math.max(...bounds)) {
    // No split did: the same mixture, its heaviest component written twice, is as good as the smaller one.
    const twice = [splitTo(fewer, k, heaviest(fewer)[0], 0, scales)];
    const again = await runToTheEnd(runner, data, options, twice, 'refit', 0, stages.length + 1);
    best = bestOf([best, ...again])[0];
  }
  const result = { ...fitted, winner: best.run, seconds: fitted.seconds + runner.seconds() };
  memory.keep(name, result);
  memory.forget(`${name}/`);
  return result;
}

/** Components by falling weight. */
function heaviest({ weights }: Parameters): number[] {
  return Array.from(weights.keys()).sort((i, j) => weights[j] - weights[i] || i - j);
}

/** Start values with k components, each with another one of the smaller mixture's split. */
function splitsOf(smaller: Parameters, k: number, scales: Float64Array): Parameters[] {
  return heaviest(smaller)
    .slice(0, MOST_SPLITS)
    .map((j) => splitTo(smaller, k, j, SHIFT, scales));
}

/** Splits component j, then the heaviest one, till there are k. */
function splitTo(smaller: Parameters, k: number, j: number, shift: number, scales: Float64Array): Parameters {
  let parameters = splitComponent(smaller, j, shift, scales);
  while (parameters.nComponents < k) {
    parameters = splitComponent(parameters, heaviest(parameters)[0], shift, scales);
  }
  return parameters;
}
