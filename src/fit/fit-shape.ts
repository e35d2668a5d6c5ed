/** One fit of prepared data: all its starts, on the pool. The best admissible start wins. */

import { familyOf } from '../core/covariance/families.js';
import type { ModelShape } from '../core/parameters.js';
import type { Prior } from '../core/prior.js';
import { deriveSeed } from '../core/random.js';
import type { EmRun } from '../em/run.js';
import { NEEDLE, standingOf } from '../em/standing.js';
import { compose, GmmError, mention } from '../errors.js';
import { effectiveRows } from '../rows/shared-rows.js';
import { explainCollapse } from './collapse.js';
import { findCause } from './collapse-cause.js';
import { areAtOneOptimum, bestOf, isAdmissible, type StartedRun } from './finalists.js';
import { type FitOutcome, type Fitted, failedWith, isFitOutcome, toPlainOutcome } from './outcome.js';
import { planPolishing, polishWinner } from './polish.js';
import type { PreparedData } from './prepared-data.js';
import { createPrior, findDefaultPrior } from './prior.js';
import { type FitContext, labelOf, nameOf, PoolRunner } from './runs.js';
import { planStages } from './stages.js';
import { runStarts } from './starts.js';

/**
 * @param costShare - the fit's part of the call's work, for `onProgress`
 * @returns the outcome; a failure is DEGENERATE, INVALID_DATA (overflow), WORKER_FAILED or INVALID_OPTION (given start values)
 * @throws the reason of the signal
 */
export async function fitShape(
  context: FitContext,
  shape: ModelShape,
  costShare: number,
): Promise<FitOutcome> {
  const { data, options } = context;
  const { nInit, prior, onProgress } = options;
  const { nComponents } = shape;
  const { nSamples } = data.rows;
  onProgress?.({ type: 'fit-start', ...labelOf(shape), method: 'em', nInit, nSamples, costShare });
  if (typeof prior === 'object') {
    return fitWithPrior(context, shape, createPrior(prior, data, nComponents), nameOf(shape));
  }
  const outcome = await fitWithPrior(context, shape, undefined, nameOf(shape));
  const needsPrior = prior === 'auto' && (isDegenerate(outcome) || isNeedle(outcome, context));
  const fallback = needsPrior ? findDefaultPrior(data, nComponents) : undefined;
  if (!fallback) return outcome;
  const regularized = await fitWithPrior(context, shape, fallback, `${nameOf(shape)} with a prior`);
  if (regularized.kind === 'failed') return isDegenerate(regularized) ? outcome : regularized;
  const collapse = outcome.kind === 'failed' ? outcome.collapse : describeNeedle(outcome, data);
  return { ...regularized, isRegularized: true, collapse, seconds: outcome.seconds + regularized.seconds };
}

function isDegenerate(outcome: FitOutcome): boolean {
  return outcome.kind === 'failed' && outcome.error.code === 'DEGENERATE';
}

/**
 * Whether even the best solution has a component on hardly more rows than a simplex has corners. One component is no choice among
 * solutions, a run cut short has not ended there, and a ridge is the caller's own remedy.
 */
function isNeedle(outcome: FitOutcome, { data, options }: FitContext): boolean {
  if (outcome.kind === 'failed' || options.settings.regCovar > 0) return false;
  const { winner } = outcome;
  if (winner.status !== 'converged' || winner.parameters.nComponents === 1) return false;
  return standingOf(winner, effectiveRows(data.rows)) === NEEDLE;
}

function describeNeedle({ winner: { parameters } }: Fitted, data: PreparedData): string | undefined {
  const lightest = parameters.weights.indexOf(Math.min(...parameters.weights));
  return findCause(data, parameters, lightest)?.text;
}

/** @param name - of the fit in the call's memory */
async function fitWithPrior(
  context: FitContext,
  shape: ModelShape,
  prior: Prior | undefined,
  name: string,
): Promise<FitOutcome> {
  const { data, memory, options } = context;
  const { nInit, seed, signal } = options;
  const { nComponents, covarianceType } = shape;
  const known = memory.recall(name, isFitOutcome);
  if (known) return known;

  const stages = planStages(data, shape, options, nInit);
  const runner = new PoolRunner(context, shape, prior, name, [...stages, ...planPolishing(context, shape)]);
  const { stream } = familyOf(covarianceType);
  const seedOf = (start: number) => deriveSeed(seed, nComponents, stream, start);
  let runs: readonly StartedRun[];
  try {
    runs = await polishWinner(runner, await runStarts(runner, seedOf), stages.length);
  } catch (error) {
    if (!(error instanceof GmmError) || signal?.aborted) throw error;
    // Not remembered: another thread may do what this one failed to do.
    return failedWith(error, runner.seconds());
  }
  const outcome = judgeRuns(runs, runner, seedOf);
  memory.keep(name, toPlainOutcome(outcome));
  memory.forget(`${name}/`);
  return outcome;
}

function judgeRuns(
  runs: readonly StartedRun[],
  runner: PoolRunner,
  seedOf: (start: number) => number,
): FitOutcome {
  const { context, shape, prior } = runner;
  const seconds = runner.seconds();
  const finals = runs.filter(({ isFinal }) => isFinal);
  const winner = bestOf(finals).find(isAdmissible);
  if (!winner) {
    const { error, cause } = explainCollapse(runs, context, shape);
    return { ...failedWith(error, seconds), collapse: cause };
  }
  if (!isFiniteRun(winner.run)) return failedWith(overflown(), seconds);
  const { totalWeight } = context.data.moments;
  const agreeing = new Set(
    finals.filter((other) => areAtOneOptimum(winner, other, totalWeight)).flatMap(({ basin }) => basin),
  );
  const restarts = runs.map(({ start, run, rows, moves }) => {
    const { status, logLikelihood, nIterations } = run;
    const seed = seedOf(start);
    const agrees = agreeing.has(start);
    return { seed, status, logLikelihood, nIterations, nSamples: rows.nSamples, moves, agrees };
  });
  return { kind: 'fitted', winner: winner.run, prior, restarts, seconds };
}

function isFiniteRun({ parameters, logLikelihood, logMaxResponsibility }: EmRun): boolean {
  const { weights, means, covariances } = parameters;
  const totals = [logLikelihood, logMaxResponsibility];
  return [totals, weights, means, covariances].every((numbers) => numbers.every(Number.isFinite));
}

function overflown(): GmmError {
  const message = compose`the log-likelihood overflows; rescale the columns or the weights, or raise ${mention('covarianceFloor')}`;
  return new GmmError('INVALID_DATA', message);
}
