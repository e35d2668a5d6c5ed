/** The three jobs that everything is made of, as calls on a caller's threads: moments of rows, a run of EM, scores of rows. */

import type { Moments } from '../core/moments.js';
import type { Parameters } from '../core/parameters.js';
import { createStatisticsLayout, TOTALS_LENGTH } from '../core/statistics.js';
import { checkKernelFits, type KernelShape } from '../kernel/kernel.js';
import { preparedLength } from '../kernel/prepare.js';
import { createBlackboard } from '../parallel/blackboard.js';
import type { JobSpec, ScoreOutputs, ShardWork } from '../parallel/job.js';
import type { Caller } from '../parallel/pool.js';
import { planShards } from '../parallel/shards.js';
import { allocateShared, type SharedRows } from '../rows/shared-rows.js';
import type { EmTask, LeadProgress, LeadState, LeadTask, LedRun } from './lead.js';
import { estimatePass, USUAL_ITERATIONS } from './work-share.js';

/** Seats beyond the pool's threads, for those whose thread died. */
const SPARE_SEATS = 8;

/** The shared memory of one job. */
function createJob(
  caller: Caller,
  rows: SharedRows,
  shape: KernelShape,
  work: ShardWork,
  statisticsLength: number,
): JobSpec {
  checkKernelFits(shape);
  const plan = planShards(rows.nSamples, rows.nFeatures, statisticsLength);
  const parameterLength = preparedLength(shape.covarianceType, shape.nComponents, rows.nFeatures);
  const board = createBlackboard(plan, caller.threads + SPARE_SEATS, parameterLength, statisticsLength);
  return { board, rows, shape, work };
}

/** Mean and covariance of all rows. */
export function runMoments(
  caller: Caller,
  rows: SharedRows,
  signal: AbortSignal | undefined,
): Promise<Moments> {
  const { nSamples: n, nFeatures: d } = rows;
  const shape: KernelShape = {
    covarianceType: 'full',
    nComponents: 1,
    nFeatures: d,
    withResponsibilities: false,
  };
  const { length } = createStatisticsLayout('full', 1, d);
  return caller.run<LeadTask, Moments>({
    createJob: () => createJob(caller, rows, shape, { kind: 'accumulate' }, length),
    task: { kind: 'moments' },
    cost: estimatePass(n, shape),
    name: 'the moments of the data',
    signal,
  });
}

/** One run of EM. */
export interface EmJob {
  readonly rows: SharedRows;
  readonly frame: Pick<Parameters, 'covarianceType' | 'nComponents'>;
  readonly task: EmTask;
  /** Where it is to go on from. */
  readonly state?: LeadState | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onStart?: (() => void) | undefined;
  readonly onProgress?: ((progress: LeadProgress) => void) | undefined;
  readonly onState?: ((state: LeadState) => void) | undefined;
}

export function runEmJob(caller: Caller, job: EmJob): Promise<LedRun> {
  const { rows, frame, task, onProgress, onState, ...rest } = job;
  const { nSamples: n, nFeatures: d } = rows;
  const { covarianceType, nComponents: k } = frame;
  const track = task.convergence === 'responsibilities';
  const shape: KernelShape = { covarianceType, nComponents: k, nFeatures: d, withResponsibilities: track };
  const { length } = createStatisticsLayout(covarianceType, k, d);
  const createWork = (): ShardWork => ({
    kind: 'accumulate',
    previous: track
      ? new Float64Array(allocateShared(8 * n * k, 'the responsibilities of the pass before'))
      : undefined,
  });
  return caller.run<LeadTask, LedRun>({
    ...rest,
    createJob: () => createJob(caller, rows, shape, createWork(), length),
    task,
    cost: estimatePass(n, shape) * Math.min(task.maxIter + 1, USUAL_ITERATIONS),
    name: `the fit of ${k} '${covarianceType}' components`,
    onProgress: onProgress as ((progress: unknown) => void) | undefined,
    onState: onState as ((state: unknown) => void) | undefined,
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
  const { nSamples: n, nFeatures: d } = rows;
  const { covarianceType, nComponents } = parameters;
  const shape: KernelShape = { covarianceType, nComponents, nFeatures: d, withResponsibilities: true };
  return caller.run<LeadTask, Float64Array>({
    createJob: () => createJob(caller, rows, shape, { kind: 'score', outputs }, TOTALS_LENGTH),
    task: { kind: 'score', parameters },
    cost: estimatePass(n, shape),
    name: 'scoring',
    signal,
  });
}
