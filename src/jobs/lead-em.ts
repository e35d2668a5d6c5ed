/** One run of EM inside a worker, from start values to its end; an interrupted run goes on from its state. */

import { familyOf } from '../core/covariance/families.js';
import { createLogPrior } from '../core/prior.js';
import { Accelerator } from '../em/acceleration/accelerator.js';
import { chooseOneIn, createAcceleratorState } from '../em/acceleration/accelerator-state.js';
import { ParameterVector } from '../em/acceleration/parameter-vector.js';
import { createConvergenceRule } from '../em/convergence.js';
import { runEm } from '../em/em.js';
import { withGoal } from '../em/goal.js';
import { createBounds, liftToFloor } from '../em/m-step.js';
import { createObjective } from '../em/objective.js';
import type { EmRun, EmStart, EmState, EStep } from '../em/run.js';
import { findStart } from '../em/start/start.js';
import { findWorstRow } from '../em/worst-row.js';
import { Cancelled, type JobSpec, type Participant, Yielding } from '../parallel/job.js';
import { effectiveRows, type SharedRows } from '../rows/shared-rows.js';
import { PassMemory } from './pass-memory.js';
import type { EmLeadState, EmTask, LeadProgress, LeadState } from './tasks.js';

/** What a leader tells while it runs. */
export interface LeadListener {
  /** Called at every iteration. */
  onProgress(progress: LeadProgress): void;
  /** Called whenever the run can go on from another point; `read` is valid until the next call. */
  onState(read: () => LeadState): void;
}

/**
 * @param state - where an earlier leader was, if there was one
 * @param eStep - passes over the job's rows
 */
export function leadEm(
  { rows }: JobSpec,
  { board, tracksChanges }: Participant,
  task: EmTask,
  state: EmLeadState | undefined,
  eStep: EStep,
  { onProgress, onState }: LeadListener,
): EmRun {
  const checkCancelled = () => {
    if (board.isCancelled()) throw new Cancelled();
  };
  const { shape, settings, moments, dataMoments, prior } = task;
  const { totalWeight } = moments;
  const bounds = createBounds(shape.covarianceType, settings, dataMoments, prior);
  const from: EmStart = state?.from ?? {
    kind: 'parameters',
    parameters: liftToFloor(findStart(task.start, shape, bounds, checkCancelled), bounds),
  };
  // A copy: the run writes into the states of its rule and its accelerator.
  const before = from.kind === 'state' ? copyMemory(from.state) : undefined;
  let readFrom = (): EmStart => from;
  onState(() => state ?? { kind: 'em', from, passes: [] });
  // The responsibilities of the last pass are in the memory of its blackboard; a new blackboard does not have them.
  const isNewBoard = tracksChanges && board.pass() === 0;
  const memory = new PassMemory(eStep, state?.passes ?? [], isNewBoard, (readPasses) => {
    onState(() => ({ kind: 'em', from: readFrom(), passes: readPasses() }));
    if (tracksChanges && board.mustYield()) throw new Yielding();
  });
  const vectors = createVectors(task);
  const accelerator = createAccelerator(task, vectors, rows, before);
  const rule = createConvergenceRule(settings.convergence, settings.tol, totalWeight, before?.rule);
  const run = runEm(from, memory.eStep, {
    ...bounds,
    moments,
    maxIter: settings.maxIter,
    objective: createObjective(
      settings.regCovar,
      prior && createLogPrior(bounds.family.form, prior, shape.nComponents),
    ),
    rule: task.goal === undefined ? rule : withGoal(rule, task.goal),
    accelerator,
    isLast: !task.keepsPairs,
    polish:
      task.polishesAfter === undefined
        ? undefined
        : { vectors, tol: settings.tol, passesBefore: task.polishesAfter },
    findWorstRow: (parameters) => findWorstRow(rows, parameters, checkCancelled),
    onIteration: (iteration, logLikelihood) =>
      onProgress({ iteration, meanLogLikelihood: logLikelihood / totalWeight }),
    onState(reached) {
      readFrom = keepState(reached);
      memory.beginAt(reached.parameters);
    },
  });
  return task.keepsPairs ? { ...run, pairs: accelerator?.state.pairs } : run;
}

/** The vectors of the run's mixtures, in the units of all the data: curvature pairs then mean the same on every sample of them. */
function createVectors({ shape, settings, dataMoments }: EmTask): ParameterVector {
  const { covarianceType, nComponents, nFeatures, noise } = shape;
  return new ParameterVector({
    family: familyOf(covarianceType),
    nComponents,
    nFeatures,
    moments: dataMoments,
    equalWeights: settings.equalWeights,
    degreesOfFreedom: settings.degreesOfFreedom,
    noise,
  });
}

/** @param before - the run's state, where it goes on */
function createAccelerator(
  { settings, pairs }: EmTask,
  vectors: ParameterVector,
  rows: SharedRows,
  before: Pick<EmState, 'accelerator'> | undefined,
): Accelerator | undefined {
  if (settings.acceleration === 'none') return undefined;
  const state =
    before?.accelerator ?? createAcceleratorState(pairs, chooseOneIn(effectiveRows(rows), vectors.length));
  return new Accelerator(vectors, state);
}

/**
 * Keeps a state into which EM goes on writing. It is kept at every point and read about once a second, so the trace, to which values
 * are only added, is copied when it is read.
 */
function keepState(state: EmState): () => EmStart {
  const { trace, nPasses, partialPasses, passesOnFloor, restartsLeft, collapse, parameters } = state;
  const length = trace.length;
  const { rule, accelerator } = copyMemory(state);
  const counters = { nPasses, partialPasses, passesOnFloor, restartsLeft, collapse };
  return () => ({
    kind: 'state',
    state: { ...counters, trace: trace.slice(0, length), parameters, rule, accelerator },
  });
}

/** The states of the rule and the accelerator, for a run that writes into them. */
function copyMemory({ rule, accelerator }: EmState): Pick<EmState, 'rule' | 'accelerator'> {
  return { rule: { ...rule }, accelerator: accelerator && { ...accelerator } };
}
