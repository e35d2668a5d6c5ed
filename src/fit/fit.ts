/** A fit: the best admissible one of its starts wins. */

import { together } from '../abort.js';
import { type CallMemory, NO_MEMORY } from '../checkpoint/call-memory.js';
import { withCheckpoint } from '../checkpoint/checkpoint.js';
import { identifyCall } from '../checkpoint/identity.js';
import { countParameters } from '../core/covariance-type.js';
import { type Criteria, computeCriteria } from '../core/criteria.js';
import { deriveSeed } from '../core/random.js';
import { type Dataset, type RowSource, resolveDataset } from '../data/dataset.js';
import type { EmRun } from '../em/em.js';
import {
  compose,
  describe,
  type ErrorData,
  fromErrorData,
  GmmError,
  joinMessages,
  mention,
  toErrorData,
} from '../errors.js';
import { GaussianMixture } from '../model/mixture.js';
import type { Caller } from '../parallel/pool.js';
import { withPool } from '../parallel/pools.js';
import { countingRows } from '../rows/shared-rows.js';
import type { FitOptions, FitStatus, Restart } from '../types.js';
import { bestOf, type StartedRun } from './finalists.js';
import { type ResolvedFitOptions, resolveFitOptions } from './options.js';
import { type PreparedData, prepareData } from './prepared-data.js';
import { createRunner, type FitContext, nameOf } from './runs.js';
import { planStages, runStarts } from './starts.js';

/** What `fit` gives. */
export interface FitResult extends Criteria {
  readonly model: GaussianMixture;
  readonly status: FitStatus;
  /** Whether `status` is `'converged'`. */
  readonly converged: boolean;
  /** Passes over the rows that the winning run took after its first; passes over a part of the rows count as that part. */
  readonly nIterations: number;
  /** Total log-likelihood of the parameters returned, in nats. */
  readonly logLikelihood: number;
  /** The same, a row. */
  readonly meanLogLikelihood: number;
  /** Total log-likelihood of every accepted point of the winning run before its last; never falls, except with `regCovar`. */
  readonly logLikelihoods: readonly number[];
  /** Free parameters. */
  readonly nParameters: number;
  /** How every start went. */
  readonly restarts: readonly Restart[];
}

/**
 * Fits a mixture of Gaussians by expectation–maximisation on worker threads.
 *
 * @param data - rows: anything `Dataset.from` takes, or a `Dataset`
 * @param options - at least `nComponents`
 * @returns the model with the highest log-likelihood of all admissible starts
 * @throws GmmError INVALID_OPTION, INVALID_DATA, DEGENERATE (every start collapsed), WORKER_FAILED, IO (`checkpoint`); the
 *   reason of `signal`
 * @example
 * const { model, bic } = await fit([[1.0], [1.2], [5.1], [4.9]], { nComponents: 2, seed: 1 });
 */
export async function fit(data: Dataset | RowSource, options: FitOptions): Promise<FitResult> {
  const resolved = resolveFitOptions(options);
  const rows = await resolveDataset(data, { ...options, signal: resolved.signal });
  return withPool(options, (caller) =>
    together(resolved, (hooks) => {
      const work = (memory: CallMemory) => fitOnPool(caller, rows, { ...resolved, ...hooks }, memory);
      if (resolved.checkpoint === undefined) return work(NO_MEMORY);
      const identify = () => identifyCall('fit', resolved, rows, hooks.signal);
      return withCheckpoint(resolved.checkpoint, hooks.signal, identify, work);
    }),
  );
}

/** `fit`, past the checks that need no rows. */
async function fitOnPool(
  caller: Caller,
  rows: Dataset,
  options: ResolvedFitOptions,
  memory: CallMemory,
): Promise<FitResult> {
  checkEnoughRows(rows, options);
  const data = await prepareData(caller, rows, options.seed, options.signal);
  const outcome = await fitPrepared({ caller, data, memory }, options, 1);
  if ('error' in outcome) throw outcome.error;
  const result = createResult(outcome, data, options);
  tellEnd(options, result);
  return result;
}

/**
 * What the numbers of rows and columns alone tell.
 *
 * @throws GmmError INVALID_DATA where there are fewer rows than components; DEGENERATE where every covariance is singular
 */
export function checkEnoughRows(
  data: Dataset,
  { nComponents: k, covarianceType, regCovar, maxIter }: ResolvedFitOptions,
): void {
  const n = countingRows(data.sharedRows);
  const rows = `${n} ${n === 1 ? 'row is' : 'rows are'} too few`;
  if (n < k) {
    const message = compose`${rows} for ${k} components; lower ${mention('nComponents')} or give more rows`;
    throw new GmmError('INVALID_DATA', message);
  }
  const d = data.nFeatures;
  const isDense = covarianceType === 'full' || covarianceType === 'tied';
  // The scatter of n rows about a mean has rank n − 1 at most; of one column the constant ones are found and named.
  if (!isDense || n > d || d === 1 || regCovar > 0 || maxIter === 0) return;
  const why = 'which are singular unless there are more rows than columns';
  const message = compose`${rows} for '${covarianceType}' covariances of ${d} columns, ${why}; use ${mention('covarianceType')} 'diag', leave out columns, or set ${mention('regCovar')} (now ${regCovar})`;
  throw new GmmError('DEGENERATE', message);
}

/** What comes of a fit, as plain data. */
export interface Fitted {
  readonly winner: EmRun;
  readonly restarts: readonly Restart[];
  /** From the beginning of the first run to the end of the last. */
  readonly seconds: number;
}

/** A failure as it is remembered: that of a worker is not, and is tried again. */
interface KnownFailure {
  readonly failure: ErrorData;
  readonly seconds: number;
}

/** A fit that came to nothing. */
export interface Failed {
  readonly error: GmmError;
  readonly seconds: number;
}

/**
 * One fit of data that are prepared: all its starts, on the pool.
 *
 * @param costShare - what it makes up of the call's work, for `onProgress`
 * @returns what came of it, or the error: DEGENERATE, WORKER_FAILED, INVALID_OPTION (explicit start values)
 */
export async function fitPrepared(
  context: FitContext,
  options: ResolvedFitOptions,
  costShare: number,
): Promise<Fitted | Failed> {
  const { data, memory } = context;
  const { nComponents, covarianceType, nInit, onProgress } = options;
  const { nSamples } = data.rows;
  onProgress?.({ type: 'fit-start', nComponents, covarianceType, nInit, nSamples, costShare });
  const name = nameOf(options);
  const known = memory.recall(name) as Fitted | KnownFailure | undefined;
  if (known && 'failure' in known) {
    return { error: fromErrorData(known.failure), seconds: known.seconds };
  }
  if (known) return known;

  const runner = createRunner(context, options, name, planStages(data, options));
  const seedOf = (start: number) => deriveSeed(options.seed, nComponents, covarianceType, start);
  let runs: StartedRun[];
  try {
    runs = await runStarts(runner, data, options, seedOf);
  } catch (error) {
    if (!(error instanceof GmmError) || options.signal?.aborted) throw error;
    return { error, seconds: runner.seconds() };
  }
  const winner = bestOf(runs.filter(({ isFinal }) => isFinal))[0];
  const seconds = runner.seconds();
  const isSound = winner && winner.run.status !== 'degenerate';
  if (!isSound || !isFiniteRun(winner.run)) {
    const error = isSound ? overflown() : degenerate(runs, data, options);
    memory.keep(name, { failure: toErrorData(error), seconds } satisfies KnownFailure);
    memory.forget(`${name}/`);
    return { error, seconds };
  }
  const restarts = runs.map(({ start, run, rows }) => {
    const { status, logLikelihood, nIterations } = run;
    return { seed: seedOf(start), status, logLikelihood, nIterations, nSamples: rows.nSamples };
  });
  const fitted = { winner: winner.run, restarts, seconds };
  memory.keep(name, fitted);
  memory.forget(`${name}/`);
  return fitted;
}

export function createResult(
  { winner, restarts }: Fitted,
  { columns, moments, rows }: PreparedData,
  options: ResolvedFitOptions,
): FitResult {
  const { nComponents: k, covarianceType, equalWeights, seed } = options;
  const { parameters, status, logLikelihood, logMaxResponsibility, nIterations, logLikelihoods } = winner;
  const nParameters = countParameters(covarianceType, k, rows.nFeatures, equalWeights);
  const criteria = computeCriteria(logLikelihood, logMaxResponsibility, nParameters, moments.totalWeight);
  const converged = status === 'converged';
  const summary = { nSamples: rows.nSamples, logLikelihood, ...criteria, converged, nIterations, seed };
  return {
    model: GaussianMixture.fromFit({ parameters, columns, fit: summary }),
    status,
    converged,
    nIterations,
    logLikelihood,
    meanLogLikelihood: logLikelihood / moments.totalWeight,
    logLikelihoods,
    ...criteria,
    nParameters,
    restarts,
  };
}

/** The last event of a fit. */
export function tellEnd(
  options: ResolvedFitOptions,
  { status, bic }: Pick<FitResult, 'status' | 'bic'>,
): void {
  const { nComponents, covarianceType, onProgress } = options;
  onProgress?.({ type: 'fit-end', nComponents, covarianceType, status, bic });
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

function degenerate(
  runs: readonly StartedRun[],
  { columns, moments, rows }: PreparedData,
  options: ResolvedFitOptions,
): GmmError {
  const d = rows.nFeatures;
  const { nComponents: k, covarianceType, regCovar } = options;
  const all = runs.length === 1 ? 'the only start' : `all ${runs.length} starts`;
  const constant = columns.findIndex((_, a) => moments.covariance[a * d + a] === 0);
  if (constant >= 0 && covarianceType !== 'spherical') {
    const message = compose`${all} collapsed: column ${describe(columns[constant])} is constant; leave it out or set ${mention('regCovar')} (now ${regCovar})`;
    return new GmmError('DEGENERATE', message, { column: columns[constant] });
  }
  const { component, iteration, share } = runs.flatMap(({ run }) => run.collapse ?? [])[0];
  const effectiveRows = Number((share * moments.totalWeight).toPrecision(3));
  const remedies = [
    ...(k > 1
      ? [compose`lower ${mention('nComponents')} (now ${k})`]
      : ['leave out columns that others determine']),
    ...(covarianceType === 'full' || covarianceType === 'tied'
      ? [compose`use ${mention('covarianceType')} 'diag'`]
      : []),
    compose`set ${mention('regCovar')} (now ${regCovar})`,
  ];
  const where = `component ${component} at iteration ${iteration} (${effectiveRows} effective rows in ${d} dimensions)`;
  const message = compose`${all} collapsed, the first in ${where}; ${joinMessages(remedies, ', or ')}`;
  return new GmmError('DEGENERATE', message);
}
