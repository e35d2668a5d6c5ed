/**
 * A fit: starts tried on a sample, the best of them run to convergence on all rows, the best admissible one wins.
 * (em-EM: Biernacki, Celeux & Govaert, 2003.)
 */

import { together, unlessAborted } from './abort.js';
import { countParameters } from './core/covariance-type.js';
import { type Criteria, computeCriteria } from './core/criteria.js';
import { resolveParameters } from './core/parameters.js';
import { deriveSeed } from './core/random.js';
import { type Dataset, type RowSource, resolveDataset } from './dataset.js';
import type { EmRun } from './em/em.js';
import type { EmTask } from './em/lead.js';
import { addRidge } from './em/m-step.js';
import { parametersOfMoments } from './em/start.js';
import { describe, GmmError } from './errors.js';
import { runEmJob } from './jobs.js';
import { GaussianMixture } from './mixture.js';
import { type ResolvedFitOptions, resolveFitOptions } from './options.js';
import type { Pool } from './parallel/pool.js';
import type { SharedRows } from './parallel/shared-rows.js';
import { withPool } from './pools.js';
import { type PreparedData, prepareData } from './prepared-data.js';
import { sampleSizeFor } from './sample.js';
import type { FitOptions, FitStatus, Restart, RunPhase } from './types.js';
import { createWorkShare, estimatePass, type Stage, USUAL_ITERATIONS } from './work-share.js';

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

/** Starts that go on to the end on all rows. */
const FINALISTS = 3;

/** Log-likelihoods that differ by less, relatively, after a trial are of one and the same optimum. */
const SAME_OPTIMUM = 1e-6;

/**
 * Fits a mixture of Gaussians by expectation–maximisation on worker threads.
 *
 * @param data - rows: anything `Dataset.from` takes, or a `Dataset`
 * @param options - at least `nComponents`
 * @returns the model with the highest log-likelihood of all admissible starts
 * @throws GmmError INVALID_OPTION, INVALID_DATA, DEGENERATE (every start collapsed), WORKER_FAILED; the reason of `signal`
 * @example
 * const { model, bic } = await fit([[1.0], [1.2], [5.1], [4.9]], { nComponents: 2, seed: 1 });
 */
export async function fit(data: Dataset | RowSource, options: FitOptions): Promise<FitResult> {
  const resolved = resolveFitOptions(options);
  const rows = await unlessAborted(resolved.signal, () => resolveDataset(data));
  return withPool(options, (pool) =>
    together(resolved.signal, (signal) => fitOnPool(pool, rows, { ...resolved, signal })),
  );
}

/** `fit`, past the checks that need no rows. */
async function fitOnPool(pool: Pool, data: Dataset, options: ResolvedFitOptions): Promise<FitResult> {
  checkEnoughRows(data, options.nComponents);
  const prepared = await prepareData(pool, data, options.seed, options.signal);
  return fitPrepared(pool, prepared, options, 1);
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
interface StartedRun {
  readonly start: number;
  readonly seed: number;
  readonly run: EmRun;
  /** Rows it was run on: a sample, or all. */
  readonly rows: SharedRows;
  /** Whether it ran to the end on all rows, and may win. */
  readonly isFinal: boolean;
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
  const trials = stageOf(sampleSizeFor(n, covarianceType, nComponents, d), nInit, TRIAL_ITERATIONS);
  return [trials, stageOf(n, Math.min(nInit, FINALISTS), USUAL_ITERATIONS)];
}

/**
 * One fit of data that are prepared: all its starts, on the pool.
 *
 * @param costShare - what it makes up of the call's work, for `onProgress`
 */
export async function fitPrepared(
  pool: Pool,
  data: PreparedData,
  options: ResolvedFitOptions,
  costShare: number,
): Promise<FitResult> {
  const { nComponents, covarianceType, onProgress } = options;
  const frame = { nComponents, covarianceType };
  const { nSamples } = data.rows;
  onProgress?.({ type: 'fit-start', ...frame, nInit: options.nInit, nSamples, costShare });
  const runs = await runStarts(pool, data, options);
  const winner = bestOf(runs.filter(({ isFinal }) => isFinal))[0];
  if (!winner || winner.run.status === 'degenerate') throw degenerate(runs, data, options);
  const result = createResult(winner, runs, data, options);
  onProgress?.({ type: 'fit-end', ...frame, status: result.status, bic: result.bic });
  return result;
}

/** Every start's last run, in the order of the starts. */
async function runStarts(pool: Pool, data: PreparedData, options: ResolvedFitOptions): Promise<StartedRun[]> {
  const { covarianceType, nComponents: k, init, nInit, seed, maxIter } = options;
  const { rows, moments } = data;
  const d = rows.nFeatures;
  const seedOf = (start: number) => deriveSeed(seed, k, covarianceType, start);
  const full = emTaskOf(options, data);
  const stages = planStages(rows.nSamples, d, options);
  const workShare = createWorkShare(stages);
  const run = async (
    start: number,
    on: SharedRows,
    task: EmTask,
    isFinal = true,
    nRuns = 1,
  ): Promise<StartedRun> => {
    const { onProgress, signal } = options;
    const phase: RunPhase = isFinal ? 'final' : 'trial';
    const stage = isFinal ? stages.length - 1 : 0;
    const em = await runEmJob(pool, {
      rows: on,
      frame: { covarianceType, nComponents: k },
      task,
      signal,
      onProgress:
        onProgress &&
        ((progress) =>
          onProgress({
            type: 'iteration',
            nComponents: k,
            covarianceType,
            phase,
            start,
            nSamples: on.nSamples,
            maxIter: task.maxIter,
            ...progress,
            share: workShare.follow(stage, start, nRuns, progress.iteration),
          })),
    });
    return { start, seed: seedOf(start), run: em, rows: on, isFinal };
  };

  if (typeof init === 'object') {
    const start = resolveParameters(init, covarianceType, k, d, 'INVALID_OPTION');
    return [await run(0, rows, { ...full, start })];
  }
  if (k === 1) {
    // One component has one maximum, and its closed form is the start.
    const start = parametersOfMoments(covarianceType, moments);
    addRidge(start.covariances, covarianceType, d, options.regCovar);
    return [await run(0, rows, { ...full, start })];
  }

  const sample = await data.sample(sampleSizeFor(rows.nSamples, covarianceType, k, d));
  const isSmall = rows.nSamples <= SMALL_DATA;
  const trial: Omit<EmTask, 'start'> = isSmall
    ? full
    : {
        ...full,
        convergence: 'aitken',
        tol: TRIAL_TOL,
        maxIter: Math.min(maxIter, TRIAL_ITERATIONS),
        moments: sample.moments,
      };
  const trials = await Promise.all(
    Array.from({ length: nInit }, (_, index) =>
      run(
        index,
        isSmall ? rows : sample.rows,
        { ...trial, start: { init, index, seed: seedOf(index) } },
        isSmall,
        nInit,
      ),
    ),
  );
  if (isSmall) return trials;

  const finalists = finalistsOf(trials);
  const finals = await Promise.all(
    finalists.map(({ start, run: { parameters } }) =>
      run(start, rows, { ...full, start: parameters }, true, finalists.length),
    ),
  );
  return trials.map((one) => finals.find(({ start }) => start === one.start) ?? one);
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
function bestOf(runs: readonly StartedRun[]): StartedRun[] {
  const rank = ({ run }: StartedRun) => (run.status === 'degenerate' ? 1 : 0);
  return [...runs].sort(
    (a, b) => rank(a) - rank(b) || b.run.logLikelihood - a.run.logLikelihood || a.start - b.start,
  );
}

function createResult(
  winner: StartedRun,
  runs: readonly StartedRun[],
  { columns, moments, rows }: PreparedData,
  options: ResolvedFitOptions,
): FitResult {
  const { run } = winner;
  const { nComponents: k, covarianceType, equalWeights, seed } = options;
  const { parameters, status, logLikelihood, nIterations, logLikelihoods } = run;
  const nParameters = countParameters(covarianceType, k, rows.nFeatures, equalWeights);
  const criteria = computeCriteria(logLikelihood, run.logMaxResponsibility, nParameters, moments.totalWeight);
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
    restarts: runs.map((one) => ({
      seed: one.seed,
      status: one.run.status,
      logLikelihood: one.run.logLikelihood,
      nIterations: one.run.nIterations,
      nSamples: one.rows.nSamples,
    })),
  };
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
