/**
 * What a leader does with its job, start to end, inside its worker: moments of the data, one run of EM, or the
 * scores of rows. All are passes of the kernel over shards. A leader may give up its thread between two shards; the
 * next one is told where it was, and finds an open pass as it was left.
 */

import { computeMoments, isFarOff, type Moments, momentParameters } from '../core/moments.js';
import type { KnownParameters, Parameters } from '../core/parameters.js';
import { createRandom } from '../core/random.js';
import { TOTALS_LENGTH } from '../core/statistics.js';
import { chooseOneIn, createAccelerator, createAcceleratorState } from '../em/acceleration/acceleration.js';
import { createParameterVector } from '../em/acceleration/parameter-vector.js';
import type { Move } from '../em/acceleration/quasi-newton.js';
import { createConvergenceRule } from '../em/convergence.js';
import { createCovarianceFloor } from '../em/covariance-floor.js';
import { type EmRun, type EmState, type EStep, runEm } from '../em/em.js';
import type { MStepOptions } from '../em/m-step.js';
import { estimateParameters, type Shares } from '../em/start/shares.js';
import { computeStart, computeStartAtMeans } from '../em/start/start.js';
import { findWorstRow } from '../em/worst-row.js';
import type { KernelSource } from '../kernel/kernel-cache.js';
import { prepareInto } from '../kernel/prepare.js';
import { Cancelled, type JobSpec, joinJob, type Participant, Yielding } from '../parallel/job.js';
import { leadPasses } from '../parallel/lead-pass.js';
import { ALL_ROWS, type RowPart } from '../rows/row-part.js';
import { copyAllRows, copyRowsInto, effectiveRows, type SharedRows } from '../rows/shared-rows.js';
import type { Acceleration, Convergence, InitName } from '../types.js';

/** How to find start values. */
export interface RandomStart {
  readonly init: InitName;
  readonly index: number;
  /** Of the stream that is drawn from. */
  readonly seed: number;
  /** Rows that they are found on, and their moments. */
  readonly rows: SharedRows;
  readonly moments: Moments;
}

/** Start values from what the caller knows: how the rows are shared out, or means. */
export interface GivenStart {
  readonly given: Shares | KnownParameters;
  /** The rows that are shared out, or those on which the rest is found; and their moments. */
  readonly rows: SharedRows;
  readonly moments: Moments;
}

/** One run of EM over the job's rows. */
export interface EmTask {
  readonly kind: 'em';
  readonly start: Parameters | RandomStart | GivenStart;
  /** Of the run on fewer rows that the start is the end of. */
  readonly moves?: readonly Move[] | undefined;
  /** Whether another run goes on from the end of this one, on more rows. */
  readonly keepsMoves?: boolean;
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
  em: LedRun;
  moments: Moments;
  score: Float64Array;
}

/** A run, and what the accelerator remembers at its end if that was asked for: large, and mostly of no use. */
export interface LedRun extends EmRun {
  readonly moves?: readonly Move[] | undefined;
}

/** How far a run is, for the caller. */
export interface LeadProgress {
  readonly iteration: number;
  readonly meanLogLikelihood: number;
}

/**
 * Where a run of EM is: what another leader needs to go on with it to the same bits. Plain data.
 *
 * EM's own state is that of its last point. The passes since then need not be run again: what came of them is handed
 * to EM once more, in their order.
 */
export interface LeadState {
  /** The start, till there is a state. */
  readonly from: Parameters | EmState;
  /** Statistics of the passes since, the first that of `from` itself; or the collapsed component, where there was none. */
  readonly passes: readonly (Float64Array | number)[];
}

/** What a leader tells while it runs. */
export interface LeadListener {
  /** Called at every iteration. */
  onProgress(progress: LeadProgress): void;
  /** Called whenever the run can be continued from another point; `read` is valid till the next call. */
  onState(read: () => LeadState): void;
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
  const passes = leadPasses(participant);
  const eStep = (parameters: Parameters, part?: RowPart): Float64Array | number => {
    const collapsed = prepareInto(passes.parameters, parameters);
    return collapsed < 0 ? passes.run(part) : collapsed;
  };
  const work = (): LeadResults[LeadTask['kind']] => {
    switch (task.kind) {
      case 'moments':
        return leadMoments(job.rows, eStep);
      case 'score':
        return (eStep(task.parameters) as Float64Array).slice(0, TOTALS_LENGTH);
      case 'em':
        return leadEm(job, participant, task, state, eStep, listener);
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

function leadMoments(rows: SharedRows, eStep: EStep): Moments {
  let origin: Float64Array = new Float64Array(rows.nFeatures);
  // A row that counts: seen from one far off that doesn't, all others would lose their digits.
  const first = rows.sampleWeight ? rows.sampleWeight.findIndex((weight) => weight > 0) : 0;
  copyRowsInto(origin, rows, first, 1);
  let moments = computeMoments(eStep(momentParameters(origin)) as Float64Array, origin);
  // Seen from their mean they keep all their digits; from very far off the mean itself is not found at once.
  for (let again = 0; again < MOST_LOOKS && isFarOff(origin, moments); again++) {
    origin = moments.mean;
    moments = computeMoments(eStep(momentParameters(origin)) as Float64Array, origin);
  }
  return moments;
}

/** Each look at the rows finds sixteen digits more of the way to the mean: from 1e300 to 1e-300 that is enough. */
const MOST_LOOKS = 40;

function leadEm(
  { rows, shape }: JobSpec,
  { board, tracksChanges }: Participant,
  task: EmTask,
  state: LeadState | undefined,
  eStep: EStep,
  { onProgress, onState }: LeadListener,
): LedRun {
  const checkCancelled = () => {
    if (board.isCancelled()) throw new Cancelled();
  };
  const { covarianceType } = shape;
  const { moments, regCovar, equalWeights } = task;
  const { totalWeight } = moments;
  const floor = createCovarianceFloor(covarianceType, task.dataMoments, task.covarianceFloor);
  let from: Parameters | EmState;
  if (state) {
    from = state.from;
  } else {
    from = findStart(task.start, shape, { floor, regCovar, equalWeights }, checkCancelled);
  }
  const em = 'nPasses' in from ? from : undefined;
  onState(() => state ?? { from, passes: [] });
  // Where changes of responsibilities are tracked, those of the last pass are in memory that a new board comes without.
  const isLost = tracksChanges && board.pass() === 0;
  const memory = createPassMemory(eStep, state?.passes ?? [], isLost, (readPasses) => {
    onState(() => ({ from, passes: readPasses() }));
    if (tracksChanges && board.mustYield()) throw new Yielding();
  });
  // In the units of all the data, so that moves mean the same on every sample of them.
  const vectors = createParameterVector(shape, task.dataMoments, equalWeights);
  const accelerator =
    task.acceleration === 'auto'
      ? createAccelerator(
          vectors,
          em?.accelerator ??
            createAcceleratorState(task.moves, chooseOneIn(effectiveRows(rows), vectors.length)),
        )
      : undefined;
  const run = runEm(from, memory.eStep, {
    maxIter: task.maxIter,
    rule: createConvergenceRule(task.convergence, task.tol, totalWeight, em?.rule),
    floor,
    moments,
    regCovar,
    equalWeights,
    accelerator,
    findWorstRow: (parameters) => findWorstRow(rows, parameters, checkCancelled),
    onIteration: (iteration, logLikelihood) =>
      onProgress({ iteration, meanLogLikelihood: logLikelihood / totalWeight }),
    onState(reached) {
      from = copyState(reached);
      memory.beginAt(reached.parameters);
    },
  });
  return task.keepsMoves ? { ...run, moves: accelerator?.state.moves } : run;
}

function findStart(
  start: EmTask['start'],
  { covarianceType, nComponents, nFeatures }: JobSpec['shape'],
  bounds: Omit<MStepOptions, 'moments'>,
  checkCancelled: () => void,
): Parameters {
  if (!('rows' in start)) return start;
  const { rows, moments } = start;
  const frame = { covarianceType, nComponents, nFeatures };
  const options = { ...bounds, moments };
  const given = 'given' in start ? start.given : undefined;
  if (given && !('means' in given)) return estimateParameters(frame, rows, given, options, checkCancelled);
  const sample = { rows: copyAllRows(rows), sampleWeight: rows.sampleWeight, moments };
  if (given) return computeStartAtMeans(given, frame, sample, options, checkCancelled);
  const { init, index, seed } = start as RandomStart;
  return computeStart(init, index, frame, sample, createRandom(seed), options, checkCancelled);
}

/** What EM hands out is its own, and changes as it goes on; its arrays are replaced, not written. */
function copyState(state: EmState): EmState {
  const { logLikelihoods, rule, accelerator } = state;
  return {
    ...state,
    logLikelihoods: logLikelihoods.slice(),
    rule: { ...rule },
    accelerator: accelerator && { ...accelerator },
  };
}

interface RememberedPass {
  readonly parameters: Parameters;
  readonly part: RowPart;
  readonly statistics: Float64Array | number;
}

/** The passes since EM's last point. */
interface PassMemory {
  readonly eStep: EStep;
  /** EM has come to a point with these parameters: what was before is not needed any more. */
  beginAt(parameters: Parameters): void;
}

/**
 * @param before - passes of an earlier leader, which are not run again
 * @param isLost - whether the last of them is to be run all the same before the next, for what it leaves in memory
 * @param onPass - called with all passes since the last point, when there is one more
 */
function createPassMemory(
  eStep: EStep,
  before: LeadState['passes'],
  isLost: boolean,
  onPass: (read: () => LeadState['passes']) => void,
): PassMemory {
  let passes: RememberedPass[] = [];
  const known = [...before];
  let refill = isLost;
  const run = (parameters: Parameters, part: RowPart): Float64Array | number => {
    const last =
      refill && passes.findLast((pass) => typeof pass.statistics !== 'number' && pass.part.oneIn === 1);
    refill = false;
    if (last) eStep(last.parameters);
    const statistics = eStep(parameters, part);
    return typeof statistics === 'number' ? statistics : statistics.slice();
  };
  return {
    eStep(parameters, part = ALL_ROWS) {
      const statistics = known.shift() ?? run(parameters, part);
      passes.push({ parameters, part, statistics });
      if (known.length === 0) onPass(() => passes.map((pass) => pass.statistics));
      return statistics;
    },
    beginAt(parameters) {
      passes = passes.filter((pass) => pass.parameters === parameters);
    },
  };
}
