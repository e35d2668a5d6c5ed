/**
 * A fit: starts tried on a sample, the best of them run to convergence on all rows, the best admissible one wins.
 * (em-EM: Biernacki, Celeux & Govaert, 2003.)
 */

import { together, unlessAborted } from './abort.js';
import { type CallMemory, NO_MEMORY } from './call-memory.js';
import { withCheckpoint } from './checkpoint.js';
import { countParameters } from './core/covariance-type.js';
import { type Criteria, computeCriteria } from './core/criteria.js';
import { resolveParameters } from './core/parameters.js';
import { deriveSeed } from './core/random.js';
import { type Dataset, type RowSource, resolveDataset } from './dataset.js';
import type { EmRun } from './em/em.js';
import type { EmTask } from './em/lead.js';
import { addRidge } from './em/m-step.js';
import { parametersOfMoments } from './em/start.js';
import { describe, GmmError, type GmmErrorCode } from './errors.js';
import { identifyCall } from './identity.js';
import { GaussianMixture } from './mixture.js';
import { type ResolvedFitOptions, resolveFitOptions } from './options.js';
import type { Caller } from './parallel/pool.js';
import type { SharedRows } from './parallel/shared-rows.js';
import { withPool } from './pools.js';
import { type PreparedData, prepareData } from './prepared-data.js';
import { createRunner, type FitContext, nameOf, type Runner } from './runs.js';
import { sampleSizesFor } from './sample.js';
import type { FitOptions, FitStatus, Restart, RunPhase } from './types.js';
import { estimatePass, type Stage, USUAL_ITERATIONS } from './work-share.js';

/** What `fit` gives. */
export interface FitResult extends Criteria {
  readonly model: GaussianMixture;
  readonly status: FitStatus;
  /** Whether `status` is `'converged'`. */
  readonly converged: boolean;
  /** EM iterations of the winning run. */
  readonly nIterations: number;
  /** Total log-likelihood of the parameters returned, in nats. */
  readonly logLikelihood: number;
  /** The same, a row. */
  readonly meanLogLikelihood: number;
  /** Total log-likelihood before each M-step of the winning run; never falls (with `regCovar` it may, a little). */
  readonly logLikelihoods: readonly number[];
  /** Free parameters. */
  readonly nParameters: number;
  /** How every start went. */
  readonly restarts: readonly Restart[];
}

/** Up to this many rows every start runs to convergence: that takes milliseconds, and no start is judged too early. */
const SMALL_DATA = 2000;

/** Iterations that starts of larger data are tried for, and how near to convergence is near enough. */
const TRIAL_ITERATIONS = 30;
const TRIAL_TOL = 1e-4;

/** Starts that go on from the trials. */
const FINALISTS = 3;

/** Iterations on samples after the trials, and how near to convergence these go: two of one optimum must end as one. */
const APPROACH_ITERATIONS = 200;
const APPROACH_TOL = 1e-6;

/** Log-likelihoods that differ by less, relatively, are of one and the same optimum. */
const SAME_OPTIMUM = 1e-6;

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
  const rows = await unlessAborted(resolved.signal, () => resolveDataset(data));
  return withPool(options, (caller) =>
    together(resolved.signal, (signal) => {
      const work = (memory: CallMemory) => fitOnPool(caller, rows, { ...resolved, signal }, memory);
      if (resolved.checkpoint === undefined) return work(NO_MEMORY);
      const identify = () => identifyCall('fit', resolved, rows, signal);
      return withCheckpoint(resolved.checkpoint, signal, identify, work);
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
  checkEnoughRows(rows, options.nComponents);
  const data = await prepareData(caller, rows, options.seed, options.signal);
  const outcome = await fitPrepared({ caller, data, memory }, options, 1);
  if ('error' in outcome) throw outcome.error;
  const result = createResult(outcome, data, options);
  tellEnd(options, result);
  return result;
}

/** @throws GmmError INVALID_DATA where there are fewer rows than components */
export function checkEnoughRows(data: Dataset, k: number): void {
  const { sampleWeight } = data.sharedRows;
  let n = data.nSamples;
  if (sampleWeight) n = sampleWeight.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0);
  if (n >= k) return;
  const message = `${n} ${n === 1 ? 'row is' : 'rows are'} too few for ${k} components; lower nComponents or give more rows`;
  throw new GmmError('INVALID_DATA', message);
}

/** A run and the start it came from. */
export interface StartedRun {
  readonly start: number;
  readonly run: EmRun;
  /** Rows it was run on: a sample, or all. */
  readonly rows: SharedRows;
  /** Whether it ran to the end on all rows, and may win. */
  readonly isFinal: boolean;
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
  readonly failure: { readonly code: GmmErrorCode; readonly message: string };
  readonly seconds: number;
}

/** A fit that came to nothing. */
export interface Failed {
  readonly error: GmmError;
  readonly seconds: number;
}

/**
 * The kinds of runs that a fit of n rows is made of, and what they cost: the trials, then the runs to the end; or
 * these alone.
 */
export function planStages(n: number, d: number, options: ResolvedFitOptions): Stage[] {
  const { covarianceType, nComponents, nInit, init, maxIter } = options;
  const frame = { covarianceType, nComponents, nFeatures: d };
  const stageOf = (rows: number, runs: number, most: number): Stage => {
    const usualIterations = Math.min(maxIter, most);
    return { cost: runs * (usualIterations + 1) * estimatePass(rows, frame), usualIterations };
  };
  if (nComponents === 1) return [stageOf(n, 1, 1)];
  if (typeof init === 'object') return [stageOf(n, 1, USUAL_ITERATIONS)];
  if (n <= SMALL_DATA) return [stageOf(n, nInit, USUAL_ITERATIONS)];
  const sizes = sampleSizesFor(n, covarianceType, nComponents, d);
  const finalists = Math.min(nInit, FINALISTS);
  return [
    stageOf(sizes[0], nInit, TRIAL_ITERATIONS),
    ...sizes.filter((size) => size < n).map((size) => stageOf(size, finalists, USUAL_ITERATIONS)),
    stageOf(n, sizes[0] < n ? 1 : finalists, USUAL_ITERATIONS),
  ];
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
  const { nSamples, nFeatures: d } = data.rows;
  onProgress?.({ type: 'fit-start', nComponents, covarianceType, nInit, nSamples, costShare });
  const name = nameOf(options);
  const known = memory.recall(name) as Fitted | KnownFailure | undefined;
  if (known && 'failure' in known) {
    const { code, message } = known.failure;
    return { error: new GmmError(code, message), seconds: known.seconds };
  }
  if (known) return known;

  const runner = createRunner(context, options, name, planStages(nSamples, d, options));
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
  if (!winner || winner.run.status === 'degenerate') {
    const error = degenerate(runs, data, options);
    const failure = { code: error.code, message: error.message };
    memory.keep(name, { failure, seconds } satisfies KnownFailure);
    memory.forget(`${name}/`);
    return { error, seconds };
  }
  const restarts = runs.map(({ start, run, rows }) => {
    const { status, logLikelihood, nIterations } = run;
    return { seed: seedOf(start), status, logLikelihood, nIterations, nSamples: rows.nSamples };
  });
  // Nobody goes on from here.
  const fitted = { winner: { ...winner.run, moves: [] }, restarts, seconds };
  memory.keep(name, fitted);
  memory.forget(`${name}/`);
  return fitted;
}

/** Every start's last run, in the order of the starts. */
async function runStarts(
  runner: Runner,
  data: PreparedData,
  options: ResolvedFitOptions,
  seedOf: (start: number) => number,
): Promise<StartedRun[]> {
  const { covarianceType, nComponents: k, init, nInit } = options;
  const { nFeatures: d } = data.rows;
  if (typeof init === 'object') {
    const start = resolveParameters(init, covarianceType, k, d, 'INVALID_OPTION');
    return runToTheEnd(runner, data, options, [start]);
  }
  if (k === 1) {
    // One component has one maximum, and its closed form is the start.
    const start = parametersOfMoments(covarianceType, data.moments);
    addRidge(start.covariances, covarianceType, d, options.regCovar);
    return runToTheEnd(runner, data, options, [start]);
  }
  const starts = Array.from({ length: nInit }, (_, index) => ({ init, index, seed: seedOf(index) }));
  return tryAndRun(runner, data, options, starts, 'final');
}

/**
 * Tries starts on a sample, brings the best of them to convergence there and on ever larger samples, and runs what
 * optima are left to the end on all rows; of few rows all starts are run to the end at once.
 *
 * @param phase - of the runs to the end
 * @returns every start's last run, in the order of the starts
 */
export async function tryAndRun(
  runner: Runner,
  data: PreparedData,
  options: ResolvedFitOptions,
  starts: readonly EmTask['start'][],
  phase: RunPhase,
): Promise<StartedRun[]> {
  const { rows } = data;
  if (rows.nSamples <= SMALL_DATA) return runToTheEnd(runner, data, options, starts, phase);
  const { covarianceType, nComponents: k, maxIter } = options;
  const sizes = sampleSizesFor(rows.nSamples, covarianceType, k, rows.nFeatures);
  let from: From[] = starts.map((one, start) => ({ start, from: one }));
  const ended = new Map<number, StartedRun>();
  const samples = [sizes[0], ...sizes.filter((size) => size < rows.nSamples)];
  for (const [stage, size] of samples.entries()) {
    const sample = await data.sample(size);
    const isTrial = stage === 0;
    const task = {
      ...emTaskOf(options, data),
      convergence: 'aitken',
      tol: isTrial ? TRIAL_TOL : APPROACH_TOL,
      maxIter: Math.min(maxIter, isTrial ? TRIAL_ITERATIONS : APPROACH_ITERATIONS),
      moments: sample.moments,
    } as const;
    const phaseHere = phase === 'final' ? 'trial' : phase;
    const runs = await runAll(runner, from, { phase: phaseHere, stage, rows: sample.rows, task });
    for (const one of runs) ended.set(one.start, one);
    from = finalistsOf(runs).map(({ start, run }) => ({ start, from: run.parameters, moves: run.moves }));
  }
  const request = { phase, stage: samples.length, rows, task: emTaskOf(options, data) };
  for (const one of await runAll(runner, from, request)) ended.set(one.start, { ...one, isFinal: true });
  return starts.map((_, start) => ended.get(start) as StartedRun);
}

/**
 * Runs on all rows.
 *
 * @param first - index of the first start
 */
export async function runToTheEnd(
  runner: Runner,
  data: PreparedData,
  options: ResolvedFitOptions,
  starts: readonly EmTask['start'][],
  phase: RunPhase = 'final',
  first = 0,
  stage = 0,
): Promise<StartedRun[]> {
  const from = starts.map((one, i) => ({ start: first + i, from: one }));
  const request = { phase, stage, rows: data.rows, task: emTaskOf(options, data) };
  const runs = await runAll(runner, from, request);
  return runs.map((one) => ({ ...one, isFinal: true }));
}

/** Where a run begins: index of its start, and what an earlier run on fewer rows has come to. */
interface From {
  readonly start: number;
  readonly from: EmTask['start'];
  readonly moves?: EmTask['moves'];
}

/** Runs of one stage, at the same time. */
function runAll(
  runner: Runner,
  starts: readonly From[],
  request: { phase: RunPhase; stage: number; rows: SharedRows; task: Omit<EmTask, 'start'> },
): Promise<StartedRun[]> {
  const { rows } = request;
  const nRuns = starts.length;
  return Promise.all(
    starts.map(async ({ start, from, moves }) => {
      const task = { ...request.task, start: from, moves };
      const run = await runner.run({ ...request, nRuns, start, task });
      return { start, run, rows, isFinal: false };
    }),
  );
}

/** The best few runs that are not one and the same optimum. */
function finalistsOf(trials: readonly StartedRun[]): StartedRun[] {
  const chosen: StartedRun[] = [];
  for (const trial of bestOf(trials)) {
    const { logLikelihood } = trial.run;
    const isNew = chosen.every(
      ({ run }) => Math.abs(run.logLikelihood - logLikelihood) > SAME_OPTIMUM * Math.abs(logLikelihood),
    );
    if (isNew) chosen.push(trial);
    if (chosen.length === FINALISTS) break;
  }
  return chosen;
}

/** The task of a run on all rows; its start is still to be put in. */
function emTaskOf(options: ResolvedFitOptions, { moments }: PreparedData): Omit<EmTask, 'start'> {
  const { convergence, tol, maxIter, acceleration, covarianceFloor, regCovar, equalWeights } = options;
  return {
    kind: 'em',
    convergence,
    tol,
    maxIter,
    acceleration,
    covarianceFloor,
    regCovar,
    equalWeights,
    moments,
    dataMoments: moments,
  };
}

/** The best first: admissible before degenerate, then by log-likelihood; ties go to the earlier start. */
export function bestOf(runs: readonly StartedRun[]): StartedRun[] {
  const rank = ({ run }: StartedRun) => (run.status === 'degenerate' ? 1 : 0);
  return [...runs].sort(
    (a, b) => rank(a) - rank(b) || b.run.logLikelihood - a.run.logLikelihood || a.start - b.start,
  );
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
    const message = `${all} collapsed: column ${describe(columns[constant])} is constant; leave it out or set regCovar (now ${regCovar})`;
    return new GmmError('DEGENERATE', message);
  }
  const { component, iteration, share } = runs.flatMap(({ run }) => run.collapse ?? [])[0];
  const effectiveRows = Number((share * moments.totalWeight).toPrecision(3));
  const remedies = [
    ...(k > 1 ? [`lower nComponents (now ${k})`] : ['leave out columns that others determine']),
    ...(covarianceType === 'full' || covarianceType === 'tied' ? ["use covarianceType 'diag'"] : []),
    `set regCovar (now ${regCovar})`,
  ];
  const where = `component ${component} at iteration ${iteration} (${effectiveRows} effective rows in ${d} dimensions)`;
  return new GmmError('DEGENERATE', `${all} collapsed, the first in ${where}; ${remedies.join(', or ')}`);
}
