/**
 * What a leader does with its job, start to end, inside its worker: moments of the data, one run of EM, or the
 * scores of rows. All are passes of the kernel over shards. A leader may give up its thread between two shards; the
 * next one is told where it was, and finds an open pass as it was left.
 */

import { createRandom } from '../core/random.js';
import { TOTALS_LENGTH } from '../core/statistics.js';
import type { KernelSource } from '../kernel/kernel-cache.js';
import { prepareInto } from '../kernel/prepare.js';
import { Cancelled, type JobSpec, joinJob, Yielding } from '../parallel/job.js';
import { leadPasses } from '../parallel/lead-pass.js';
import { copyAllRows, copyRowsInto, type SharedRows } from '../parallel/shared-rows.js';
import type { Acceleration, Convergence, InitName, Parameters } from '../types.js';
import { createAccelerator, createAcceleratorState } from './acceleration.js';
import { createConvergenceRule } from './convergence.js';
import { createCovarianceFloor } from './covariance-floor.js';
import { type EmRun, runEm } from './em.js';
import { computeMoments, type Moments, momentParameters } from './moments.js';
import { createParameterVector } from './parameter-vector.js';
import type { Move } from './quasi-newton.js';
import { computeStart } from './start.js';
import { findWorstRow } from './worst-row.js';

/** One run of EM over the job's rows. */
export interface EmTask {
  readonly kind: 'em';
  /** Parameters, or how to find them: which start it is, and the seed of the stream that is drawn from. */
  readonly start: Parameters | { readonly init: InitName; readonly index: number; readonly seed: number };
  /** Of the run on fewer rows that the start is the end of. */
  readonly moves?: readonly Move[] | undefined;
  readonly convergence: Convergence;
  readonly tol: number;
  readonly maxIter: number;
  readonly acceleration: Acceleration;
  readonly covarianceFloor: number;
  readonly regCovar: number;
  readonly equalWeights: boolean;
  /** Of the job's rows. */
  readonly moments: Moments;
  /** Of all the data, where the job's rows are a sample: what the floor is measured by. */
  readonly dataMoments: Moments;
}

/** Everything that can be led. */
export type LeadTask =
  | EmTask
  | { readonly kind: 'moments' }
  | { readonly kind: 'score'; readonly parameters: Parameters };

/** What comes of it: moments, a run, or the totals of the scores (as in core/statistics). */
export interface LeadResults {
  em: EmRun;
  moments: Moments;
  score: Float64Array;
}

/** How far a run is, for the caller. */
export interface LeadProgress {
  readonly iteration: number;
  readonly meanLogLikelihood: number;
}

/** Where a run of EM is: what another leader needs to go on with it to the same bits. Plain data. */
export interface LeadState {
  readonly start: Parameters;
}

/** What a leader tells while it runs. */
export interface LeadListener {
  /** Called at every iteration. */
  onProgress(progress: LeadProgress): void;
  /** Called whenever the run can be continued from another point. */
  onState(state: LeadState): void;
}

/**
 * @param state - where an earlier leader was, if there was one
 * @returns what `LeadResults` has under the task's kind
 * @throws Cancelled when the caller wants no more; Yielding when the thread is wanted for another job
 */
export function lead(
  kernels: KernelSource,
  job: JobSpec,
  task: LeadTask,
  state: LeadState | undefined,
  listener: LeadListener,
): LeadResults[LeadTask['kind']] {
  const participant = joinJob(kernels, job);
  const { board } = participant;
  const passes = leadPasses(participant);
  const eStep = (parameters: Parameters): Float64Array | number => {
    const collapsed = prepareInto(passes.parameters, parameters);
    return collapsed < 0 ? passes.run() : collapsed;
  };
  const checkCancelled = () => {
    if (board.isCancelled()) throw new Cancelled();
  };
  const work = (): LeadResults[LeadTask['kind']] => {
    switch (task.kind) {
      case 'moments':
        return leadMoments(job.rows, eStep);
      case 'score':
        return (eStep(task.parameters) as Float64Array).slice(0, TOTALS_LENGTH);
      case 'em':
        return leadEm(job, task, state, eStep, checkCancelled, listener);
    }
  };
  try {
    const result = work();
    passes.close();
    return result;
  } catch (error) {
    if (!(error instanceof Yielding)) passes.close();
    throw error;
  }
}

function leadMoments(rows: SharedRows, eStep: (parameters: Parameters) => Float64Array | number): Moments {
  const origin = new Float64Array(rows.nFeatures);
  // A row that counts: seen from one far off that doesn't, all others would lose their digits.
  const first = rows.sampleWeight ? rows.sampleWeight.findIndex((weight) => weight > 0) : 0;
  copyRowsInto(origin, rows, first, 1);
  return computeMoments(eStep(momentParameters(origin)) as Float64Array, origin);
}

function leadEm(
  job: JobSpec,
  task: EmTask,
  state: LeadState | undefined,
  eStep: (parameters: Parameters) => Float64Array | number,
  checkCancelled: () => void,
  { onProgress, onState }: LeadListener,
): EmRun {
  const { rows, shape } = job;
  const { covarianceType, nComponents, nFeatures } = shape;
  const { moments, regCovar, equalWeights } = task;
  const floor = createCovarianceFloor(covarianceType, task.dataMoments, task.covarianceFloor);
  let start: Parameters;
  if (state) {
    start = state.start;
  } else if ('init' in task.start) {
    const sample = { rows: copyAllRows(rows), sampleWeight: rows.sampleWeight, moments };
    const random = createRandom(task.start.seed);
    const frame = { covarianceType, nComponents, nFeatures };
    const options = { floor, moments, regCovar, equalWeights };
    start = computeStart(task.start.init, task.start.index, frame, sample, random, options, checkCancelled);
  } else {
    start = task.start;
  }
  onState({ start });
  const { totalWeight } = moments;
  return runEm(start, eStep, {
    maxIter: task.maxIter,
    rule: createConvergenceRule(task.convergence, task.tol, totalWeight),
    floor,
    moments,
    regCovar,
    equalWeights,
    accelerator:
      task.acceleration === 'auto'
        ? // In the units of all the data, so that moves mean the same on every sample of them.
          createAccelerator(
            createParameterVector(shape, task.dataMoments, equalWeights),
            createAcceleratorState(task.moves),
          )
        : undefined,
    findWorstRow: (parameters) => findWorstRow(rows, parameters, checkCancelled),
    onIteration: (iteration, logLikelihood) =>
      onProgress({ iteration, meanLogLikelihood: logLikelihood / totalWeight }),
  });
}
