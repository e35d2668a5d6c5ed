/** One fit of prepared data: all its starts, on the pool. The best admissible start wins. */

import { familyOf } from '../core/covariance/families.js';
import { densityOf, type ModelShape } from '../core/parameters.js';
import type { Prior } from '../core/prior.js';
import { deriveSeed } from '../core/random.js';
import type { EmRun } from '../em/run.js';
import { NEEDLE, standingOf } from '../em/standing.js';
import { compose, describe, GmmError, joinMessages, mention } from '../errors.js';
import { effectiveRows } from '../rows/shared-rows.js';
import { areAtOneOptimum, bestOf, isAdmissible, type StartedRun } from './finalists.js';
import { type FitOutcome, failedWith, isFitOutcome, toPlainOutcome } from './outcome.js';
import { planPolishing, polishWinner } from './polish.js';
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
  return { ...regularized, isRegularized: true, seconds: outcome.seconds + regularized.seconds };
}

function isDegenerate(outcome: FitOutcome): boolean {
  return outcome.kind === 'failed' && outcome.error.code === 'DEGENERATE';
}

/**
 * Whether even the best solution has a component on hardly more rows than a simplex has corners. One component is no choice among
 * solutions, and a ridge is the caller's own remedy.
 */
function isNeedle(outcome: FitOutcome, { data, options }: FitContext): boolean {
  if (outcome.kind === 'failed' || options.settings.regCovar > 0) return false;
  const { winner } = outcome;
  return winner.parameters.nComponents > 1 && standingOf(winner, effectiveRows(data.rows)) === NEEDLE;
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
  if (!winner) return failedWith(allCollapsed(runs, context, shape), seconds);
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

function allCollapsed(
  runs: readonly StartedRun[],
  { data, options }: FitContext,
  { nComponents: k, nFeatures: d, covarianceType }: ModelShape,
): GmmError {
  const { columns, moments } = data;
  const { regCovar } = options.settings;
  const { form } = familyOf(covarianceType);
  const all = runs.length === 1 ? 'the only start' : `all ${runs.length} starts`;
  const constant = columns.findIndex((_, a) => moments.covariance[a * d + a] === 0);
  if (constant >= 0 && form.name !== 'spherical') {
    const message = compose`${all} collapsed: column ${describe(columns[constant])} is constant; leave it out or set ${mention('regCovar')} (now ${regCovar})`;
    return new GmmError('DEGENERATE', message, { column: columns[constant] });
  }
  const { component, iteration, share } = runs.flatMap(({ run }) => run.collapse ?? [])[0];
  const effectiveRows = Number((share * moments.totalWeight).toPrecision(3));
  const remedies = [
    ...(densityOf(options.settings) === 't'
      ? [compose`leave ${mention('components')} at 'gaussian'`]
      : options.prior === 'none'
        ? [compose`leave ${mention('prior')} at 'auto'`]
        : []),
    ...(k > 1
      ? [compose`lower ${mention('nComponents')} (now ${k})`]
      : ['leave out columns that others determine']),
    ...(form.isDense ? [compose`use ${mention('covarianceType')} 'diag'`] : []),
    compose`set ${mention('regCovar')} (now ${regCovar})`,
  ];
  const where = `component ${component} at iteration ${iteration} (${effectiveRows} effective rows in ${d} dimensions)`;
  const message = compose`${all} collapsed, the first in ${where}; ${joinMessages(remedies, ', or ')}`;
  return new GmmError('DEGENERATE', message);
}
