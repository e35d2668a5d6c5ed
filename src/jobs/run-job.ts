/** The three jobs that everything is made of, as calls on a caller's threads: moments of rows, a run of EM, scores of rows. */

import { formOf } from '../core/covariance/families.js';
import type { Moments } from '../core/moments.js';
import {
  type Box,
  type ComponentDensity,
  densityOf,
  type ModelShape,
  type Parameters,
} from '../core/parameters.js';
import { createStatisticsLayout, TOTALS_LENGTH } from '../core/statistics.js';
import { checkKernelFits, type KernelShape } from '../kernel/kernel.js';
import { preparedLength } from '../kernel/prepare.js';
import { createBlackboard } from '../parallel/blackboard.js';
import type { JobSpec, ScoreOutputs, ShardWork } from '../parallel/job.js';
import type { Caller } from '../parallel/pool.js';
import { planShards } from '../parallel/shards.js';
import { allocateShared, type SharedRows } from '../rows/shared-rows.js';
import type {
  EmTask,
  LeadProgress,
  LeadResults,
  LeadState,
  LeadTask,
  MovesTask,
  VariationalTask,
} from './tasks.js';
import { estimatePass, USUAL_ITERATIONS } from './work-share.js';

/** Seats beyond the pool's threads, for those whose thread died. */
const SPARE_SEATS = 8;

/** The shared memory of one job. */
function createJob(
  caller: Caller,
  rows: SharedRows,
  model: ModelShape,
  components: ComponentDensity,
  work: ShardWork,
): JobSpec {
  const { covarianceType, nComponents, nFeatures } = model;
  const hasNoise = model.noise !== undefined;
  const form = formOf(covarianceType);
  const isScoring = work.kind === 'score';
  const withResponsibilities = isScoring || work.previous !== undefined;
  const shape: KernelShape = {
    form: form.name,
    components,
    nComponents,
    nFeatures,
    hasNoise,
    withResponsibilities,
  };
  checkKernelFits(shape, covarianceType);
  const { length } = createStatisticsLayout(form, nComponents, nFeatures, components, hasNoise);
  const statisticsLength = isScoring ? TOTALS_LENGTH : length;
  const plan = planShards(rows.nSamples, nFeatures, statisticsLength);
  const parameterLength = preparedLength(form.name, nComponents, nFeatures, components);
  const board = createBlackboard(plan, caller.threads + SPARE_SEATS, parameterLength, statisticsLength);
  return { board, rows, shape, work };
}

/** Mean and covariance of all rows. */
export function runMoments(
  caller: Caller,
  rows: SharedRows,
  signal: AbortSignal | undefined,
): Promise<Moments> {
  const model: ModelShape = { covarianceType: 'full', nComponents: 1, nFeatures: rows.nFeatures };
  return caller.run<LeadTask, Moments>({
    createJob: () => createJob(caller, rows, model, 'gaussian', { kind: 'accumulate' }),
    task: { kind: 'moments' },
    cost: estimatePass(rows.nSamples, model, 'gaussian'),
    name: 'the moments of the data',
    signal,
  });
}

/** The box of noise about all rows; undefined where a column is constant. */
export function runBox(
  caller: Caller,
  rows: SharedRows,
  moments: Moments,
  signal: AbortSignal | undefined,
): Promise<Box | undefined> {
  const model: ModelShape = { covarianceType: 'full', nComponents: 1, nFeatures: rows.nFeatures };
  return caller.run<LeadTask, Box | undefined>({
    createJob: () => createJob(caller, rows, model, 'gaussian', { kind: 'accumulate' }),
    task: { kind: 'box', moments },
    cost: estimatePass(rows.nSamples, model, 'gaussian'),
    name: 'the box of the noise',
    signal,
  });
}

/** One run of EM, or a variational run. */
export interface RunJob<Task extends EmTask | VariationalTask> {
  readonly rows: SharedRows;
  readonly task: Task;
  /** Where it is to go on from. */
  readonly state?: LeadState | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onStart?: (() => void) | undefined;
  readonly onProgress?: ((progress: LeadProgress) => void) | undefined;
  readonly onState?: ((state: LeadState) => void) | undefined;
}

export function runEmJob<Task extends EmTask | VariationalTask>(
  caller: Caller,
  job: RunJob<Task>,
): Promise<LeadResults[Task['kind']]> {
  const { rows, task, ...rest } = job;
  const { nSamples: n } = rows;
  const { shape, settings } = task;
  const { covarianceType, nComponents: k } = shape;
  const createWork = (): ShardWork => ({
    kind: 'accumulate',
    previous:
      settings.convergence === 'responsibilities'
        ? new Float64Array(allocateShared(8 * n * k, 'the responsibilities of the pass before'))
        : undefined,
  });
  return caller.run<LeadTask, LeadResults[Task['kind']], LeadState, LeadProgress>({
    ...rest,
    createJob: () => createJob(caller, rows, shape, densityOf(settings), createWork()),
    task,
    cost: estimatePass(n, shape, densityOf(settings)) * Math.min(settings.maxIter + 1, USUAL_ITERATIONS),
    name: `the fit of ${k} '${covarianceType}' components`,
  });
}

/** Start values that may lead from a solution to better ones, the most promising first. */
export function runMovesJob(
  caller: Caller,
  rows: SharedRows,
  task: MovesTask,
  signal: AbortSignal | undefined,
): Promise<Parameters[]> {
  const { solution } = task;
  return caller.run<LeadTask, Parameters[]>({
    createJob: () => createJob(caller, rows, solution, densityOf(solution), { kind: 'accumulate' }),
    task,
    cost: estimatePass(rows.nSamples, solution, densityOf(solution)) * USUAL_ITERATIONS,
    name: `moves from ${solution.nComponents} '${solution.covarianceType}' components`,
    signal,
  });
}

/**
 * Scores every row into `outputs`.
 *
 * @returns (4) totals: Σ w log p(x), Σ w ln max r, Σ w, nothing
 */
export function runScore(
  caller: Caller,
  rows: SharedRows,
  parameters: Parameters,
  outputs: ScoreOutputs,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  return caller.run<LeadTask, Float64Array>({
    createJob: () => createJob(caller, rows, parameters, densityOf(parameters), { kind: 'score', outputs }),
    task: { kind: 'score', parameters },
    cost: estimatePass(rows.nSamples, parameters, densityOf(parameters)),
    name: 'scoring',
    signal,
  });
}
