/** The three jobs that everything is made of, as calls on a pool: moments of rows, a run of EM, scores of rows. */

import { createStatisticsLayout, TOTALS_LENGTH } from './core/statistics.js';
import type { EmRun } from './em/em.js';
import type { EmTask, LeadProgress, LeadTask } from './em/lead.js';
import type { Moments } from './em/moments.js';
import type { KernelShape } from './kernel/kernel.js';
import { preparedLength } from './kernel/prepare.js';
import { createBlackboard } from './parallel/blackboard.js';
import type { JobSpec, ScoreOutputs, ShardWork } from './parallel/job.js';
import type { Pool } from './parallel/pool.js';
import { planShards } from './parallel/shards.js';
import type { SharedRows } from './parallel/shared-rows.js';
import type { Parameters } from './types.js';

/** Seats beyond the pool's threads, for those whose thread died. */
const SPARE_SEATS = 8;

/** Passes that a run of EM is taken to need, for the order of jobs. */
const USUAL_PASSES = 50;

/** The shared memory of one job. */
function createJob(
  pool: Pool,
  rows: SharedRows,
  shape: KernelShape,
  work: ShardWork,
  statisticsLength: number,
): JobSpec {
  const plan = planShards(rows.nSamples, rows.nFeatures, statisticsLength);
  const parameterLength = preparedLength(shape.covarianceType, shape.nComponents, rows.nFeatures);
  const board = createBlackboard(plan, pool.threads + SPARE_SEATS, parameterLength, statisticsLength);
  return { board, rows, shape, work };
}

/** Mean and covariance of all rows. */
export function runMoments(pool: Pool, rows: SharedRows, signal: AbortSignal | undefined): Promise<Moments> {
  const { nSamples: n, nFeatures: d } = rows;
  const shape: KernelShape = {
    covarianceType: 'full',
    nComponents: 1,
    nFeatures: d,
    withResponsibilities: false,
  };
  const { length } = createStatisticsLayout('full', 1, d);
  return pool.run<LeadTask, Moments>({
    createJob: () => createJob(pool, rows, shape, { kind: 'accumulate' }, length),
    task: { kind: 'moments' },
    cost: n * d,
    name: 'the moments of the data',
    signal,
  });
}

/** One run of EM. */
export interface EmJob {
  readonly rows: SharedRows;
  readonly frame: Pick<Parameters, 'covarianceType' | 'nComponents'>;
  readonly task: EmTask;
  readonly signal: AbortSignal | undefined;
  readonly onProgress?: ((progress: LeadProgress) => void) | undefined;
}

export function runEmJob(pool: Pool, { rows, frame, task, signal, onProgress }: EmJob): Promise<EmRun> {
  const { nSamples: n, nFeatures: d } = rows;
  const { covarianceType, nComponents: k } = frame;
  const track = task.convergence === 'responsibilities';
  const shape: KernelShape = { covarianceType, nComponents: k, nFeatures: d, withResponsibilities: track };
  const { length } = createStatisticsLayout(covarianceType, k, d);
  const createWork = (): ShardWork => ({
    kind: 'accumulate',
    previous: track ? new Float64Array(new SharedArrayBuffer(8 * n * k)) : undefined,
  });
  return pool.run<LeadTask, EmRun>({
    createJob: () => createJob(pool, rows, shape, createWork(), length),
    task,
    cost: n * k * d * Math.min(task.maxIter + 1, USUAL_PASSES),
    name: `the fit of ${k} '${covarianceType}' components`,
    signal,
    onProgress: onProgress as ((progress: unknown) => void) | undefined,
  });
}

/**
 * Scores every row into `outputs`.
 *
 * @returns (4) totals: Σ w log p(x), Σ w ln max r, Σ w, nothing
 */
export function runScore(
  pool: Pool,
  rows: SharedRows,
  parameters: Parameters,
  outputs: ScoreOutputs,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const { nSamples: n, nFeatures: d } = rows;
  const { covarianceType, nComponents } = parameters;
  const shape: KernelShape = { covarianceType, nComponents, nFeatures: d, withResponsibilities: true };
  return pool.run<LeadTask, Float64Array>({
    createJob: () => createJob(pool, rows, shape, { kind: 'score', outputs }, TOTALS_LENGTH),
    task: { kind: 'score', parameters },
    cost: n * nComponents * d,
    name: 'scoring',
    signal,
  });
}
