/**
 * A variational fit of prepared data: all starts are run for a few passes over all rows, and those with the highest lower bounds go
 * on to the end. The highest bound wins.
 *
 * There are no runs on samples: with fewer rows the prior empties components that all rows would keep, and no pass fills them again.
 */

import { familyOf, formOf } from '../core/covariance/families.js';
import type { ModelShape, Parameters } from '../core/parameters.js';
import { deriveSeed } from '../core/random.js';
import { LOG_LIKELIHOOD, LOG_MAX_RESPONSIBILITY } from '../core/statistics.js';
import { SAME_OPTIMUM } from '../em/standing.js';
import { computeOneComponent } from '../em/start/one-component.js';
import type { RunStart } from '../em/start/start.js';
import type { VariationalRun } from '../em/variational/run.js';
import { GmmError } from '../errors.js';
import { runScore } from '../jobs/run-job.js';
import type { VariationalTask } from '../jobs/tasks.js';
import { estimatePass, type Stage, USUAL_ITERATIONS } from '../jobs/work-share.js';
import { trialSizeFor } from '../rows/sample.js';
import { createGivenStart } from './init.js';
import { type FitOutcome, failedWith, isFitOutcome, toPlainOutcome } from './outcome.js';
import { sampleNeeds } from './prepared-data.js';
import { type FitContext, labelOf, nameOf, PoolRunner } from './runs.js';
import { mostFinalists, TRIAL_ITERATIONS } from './search-limits.js';
import { createVariationalPrior, type VariationalSettings } from './variational-options.js';

/** Components with less than this many expected rows are empty. */
const EMPTY = 1;

/** A start and how far it came. */
interface Attempt {
  readonly start: number;
  readonly run: VariationalRun;
}

/**
 * @returns the outcome; a failure is WORKER_FAILED, INVALID_DATA (overflow), or INVALID_OPTION (given start values)
 * @throws GmmError as `createVariationalPrior`; the reason of the signal
 */
export async function fitVariational(
  context: FitContext,
  shape: ModelShape,
  variational: VariationalSettings,
): Promise<FitOutcome> {
  const { data, memory, options } = context;
  const { nInit, seed, signal, onProgress } = options;
  const { nComponents, covarianceType } = shape;
  const { nSamples } = data.rows;
  const method = 'variational';
  onProgress?.({ type: 'fit-start', ...labelOf(shape), method, nInit, nSamples, costShare: 1 });
  const name = nameOf(shape);
  const known = memory.recall(name, isFitOutcome);
  if (known) return known;

  const prior = createVariationalPrior(variational, shape, data);
  const { stream } = familyOf(covarianceType);
  const seedOf = (start: number) => deriveSeed(seed, nComponents, stream, start);
  const runner = new PoolRunner(context, shape, undefined, name, planStages(context, shape));
  let outcome: FitOutcome;
  try {
    const starts = await createStarts(context, shape, seedOf);
    const { settings } = options;
    const { moments } = data;
    const attempts = await runStarts(runner, starts, {
      kind: 'variational',
      shape,
      settings,
      prior,
      moments,
    });
    const [best] = bestOf(attempts);
    if (!Number.isFinite(best.run.logLikelihood)) throw overflown();
    const winner = variational.dropEmpty ? await dropEmpty(context, best.run) : best.run;
    const restarts = attempts.map(({ start, run }) => {
      const { status, logLikelihood, nIterations, objective } = run;
      const agrees = best.run.objective - objective <= SAME_OPTIMUM * moments.totalWeight;
      return { seed: seedOf(start), status, logLikelihood, nIterations, nSamples, moves: 0, agrees };
    });
    outcome = { kind: 'fitted', winner, restarts, seconds: runner.seconds() };
  } catch (error) {
    if (!(error instanceof GmmError) || signal?.aborted) throw error;
    return failedWith(error, runner.seconds());
  }
  memory.keep(name, toPlainOutcome(outcome));
  memory.forget(`${name}/`);
  return outcome;
}

function overflown(): GmmError {
  const message = 'the lower bound overflows; rescale the columns or the weights';
  return new GmmError('INVALID_DATA', message);
}

/** The highest lower bound first; ties go to the earlier start. */
function bestOf(attempts: readonly Attempt[]): Attempt[] {
  return [...attempts].sort((a, b) => b.run.objective - a.run.objective || a.start - b.start);
}

async function createStarts(
  { data, options }: FitContext,
  shape: ModelShape,
  seedOf: (start: number) => number,
): Promise<RunStart[]> {
  const { init, nInit, settings } = options;
  if (typeof init === 'object') return [await createGivenStart(init, data, shape, settings)];
  if (shape.nComponents === 1) {
    return [
      {
        kind: 'parameters',
        parameters: computeOneComponent({ ...shape, noise: undefined }, data.moments, 0),
      },
    ];
  }
  const sample = await data.sample(trialSizeFor(sampleNeeds(data, shape)));
  return Array.from({ length: nInit }, (_, index) => ({
    ...({ kind: 'random', init, index, sample } as const),
    seed: seedOf(index),
  }));
}

/** Trials of all starts, and runs of the best of them to the end; a single start is not tried first. */
function planStages({ data, options }: FitContext, shape: ModelShape): Stage[] {
  const { nInit, search, settings } = options;
  const pass = estimatePass(data.rows.nSamples, shape, 'gaussian');
  const stageOf = (runs: number, most: number): Stage => {
    const usualIterations = Math.min(settings.maxIter, most);
    return { cost: runs * (usualIterations + 1) * pass, usualIterations };
  };
  const nStarts = shape.nComponents === 1 ? 1 : nInit;
  if (nStarts === 1) return [stageOf(1, USUAL_ITERATIONS)];
  const nFinalists = Math.min(nStarts, mostFinalists(search, pass));
  return [stageOf(nStarts, TRIAL_ITERATIONS), stageOf(nFinalists, USUAL_ITERATIONS)];
}

/** @returns every start's last run, in the order of the starts */
async function runStarts(
  runner: PoolRunner,
  starts: readonly RunStart[],
  task: Omit<VariationalTask, 'start'>,
): Promise<Attempt[]> {
  const { data, options } = runner.context;
  const { rows } = data;
  const { settings, search } = options;
  const runOne = async (
    start: number,
    stage: number,
    nRuns: number,
    from: VariationalTask['start'],
    maxIter: number,
  ): Promise<Attempt> => {
    const phase = stage === 0 && starts.length > 1 ? 'trial' : 'final';
    const limited = { ...task, start: from, settings: { ...task.settings, maxIter } };
    const request = { phase, stage, nRuns, start, name: String(start), rows, task: limited } as const;
    return { start, run: await runner.runVariational(request) };
  };
  if (starts.length === 1) return [await runOne(0, 0, 1, starts[0], settings.maxIter)];
  const trialIterations = Math.min(settings.maxIter, TRIAL_ITERATIONS);
  const trials = await Promise.all(
    starts.map((from, start) => runOne(start, 0, starts.length, from, trialIterations)),
  );
  const most = mostFinalists(search, estimatePass(rows.nSamples, runner.shape, 'gaussian'));
  const unfinished = bestOf(trials)
    .slice(0, most)
    // The first pass of the next run is one more iteration.
    .filter(({ run }) => run.status === 'max-iter' && run.nIterations < settings.maxIter);
  const finals = await Promise.all(
    unfinished.map(async ({ start, run }) => {
      const left = settings.maxIter - run.nIterations - 1;
      const from = { kind: 'posterior', posterior: run.posterior } as const;
      const further = await runOne(start, 1, unfinished.length, from, left);
      return { start, run: join(run, further.run) };
    }),
  );
  return trials.map((trial) => finals.find(({ start }) => start === trial.start) ?? trial);
}

/** Two runs, of which the second goes on from the end of the first, as one. */
function join(first: VariationalRun, second: VariationalRun): VariationalRun {
  const lowerBounds = [...first.lowerBounds, ...second.lowerBounds];
  return { ...second, lowerBounds, nIterations: lowerBounds.length - 1 };
}

/** The run with a point estimate of the components that have rows. */
async function dropEmpty(
  { caller, data, options }: FitContext,
  run: VariationalRun,
): Promise<VariationalRun> {
  const { counts } = run.posterior;
  const most = counts.reduce((largest, count) => Math.max(largest, count), 0);
  const kept = Array.from(counts.keys()).filter((j) => counts[j] >= Math.min(EMPTY, most));
  if (kept.length === counts.length) return run;
  const parameters = takeComponents(run.parameters, kept);
  const totals = await runScore(caller, data.rows, parameters, {}, options.signal);
  return {
    ...run,
    parameters,
    logLikelihood: totals[LOG_LIKELIHOOD],
    logMaxResponsibility: totals[LOG_MAX_RESPONSIBILITY],
  };
}

/** A mixture of some of the components, whose weights again sum to 1. */
function takeComponents(parameters: Parameters, kept: readonly number[]): Parameters {
  const { covarianceType, nFeatures: d, weights, means, covariances } = parameters;
  const form = formOf(covarianceType);
  const take = (values: Float64Array, size: number) =>
    Float64Array.from(kept.flatMap((j) => [...values.subarray(j * size, (j + 1) * size)]));
  const total = kept.reduce((sum, j) => sum + weights[j], 0);
  return {
    ...{ covarianceType, nComponents: kept.length, nFeatures: d },
    weights: take(weights, 1).map((weight) => weight / total),
    means: take(means, d),
    covariances: form.isShared ? covariances : take(covariances, form.covarianceSize(d)),
  };
}
