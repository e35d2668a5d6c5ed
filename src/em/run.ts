/** A run of EM: its options, its state and its end. */

import type { FactoredMixture } from '../core/factored-mixture.js';
import type { Parameters } from '../core/parameters.js';
import type { FitStatus } from '../results.js';
import type { RowPart } from '../rows/row-part.js';
import type { Accelerator } from './acceleration/accelerator.js';
import type { AcceleratorState } from './acceleration/accelerator-state.js';
import type { CurvaturePair } from './acceleration/quasi-newton.js';
import type { ConvergenceRule, RuleState } from './convergence.js';
import type { MStepOptions } from './m-step.js';
import type { Objective } from './objective.js';
import type { PolishOptions } from './polish-step.js';

/** E-step: the statistics of all rows, or of a part of them, under a mixture that is not singular. */
export type EStep = (mixture: FactoredMixture, rows?: RowPart) => Float64Array;

/** How a run goes on and what it reports. */
export interface EmOptions extends MStepOptions {
  /** Most passes after the first. */
  readonly maxIter: number;
  readonly objective: Objective;
  readonly rule: ConvergenceRule;
  /** Accelerated steps, or undefined for exact EM. */
  readonly accelerator?: Accelerator | undefined;
  /** Whether no run goes on from the end of this one, so that its end is to be exact. */
  readonly isLast?: boolean;
  /** The run begins at the end of another one, and goes on from there to a true end. */
  readonly polish?: PolishOptions | undefined;
  /** Finds the row with the lowest density; an empty component starts again there. */
  readonly findWorstRow: (parameters: Parameters) => Float64Array;
  /** Called after every pass; `iteration` counts from 0, the pass of the start. */
  readonly onIteration: (iteration: number, logLikelihood: number) => void;
  /**
   * Called at every point from which the run goes on. The states of the rule and the accelerator are valid until the call returns,
   * and more values may then be added to the trace.
   */
  readonly onState?: ((state: EmState) => void) | undefined;
}

/** Where a run begins: at start values, or in the middle of an interrupted run. */
export type EmStart =
  | { readonly kind: 'parameters'; readonly parameters: Parameters }
  | { readonly kind: 'state'; readonly state: EmState };

/** The counters and the trace of a run. */
export interface Progress {
  /** Total objective of every accepted point before the last. */
  trace: number[];
  /** Passes over all rows. */
  nPasses: number;
  /** Sum of the passes over parts of the rows, each as its share of a whole pass. */
  partialPasses: number;
  /** Passes in a row with a component on the floor. */
  passesOnFloor: number;
  /** How often an empty component may still start again. */
  restartsLeft: number;
  collapse: Collapse | undefined;
}

/**
 * The state of a run, as plain data. A run that goes on from it, with the rule and the accelerator restored from their states,
 * ends with the same bits. It takes one more pass, which is not counted.
 */
export interface EmState extends Readonly<Omit<Progress, 'trace'>> {
  readonly trace: readonly number[];
  readonly parameters: Parameters;
  readonly rule: RuleState;
  readonly accelerator: AcceleratorState | undefined;
}

/** The end of a run, as plain data. */
export interface EmRun {
  readonly parameters: Parameters;
  readonly status: FitStatus;
  /** Total objective of `parameters`; runs are compared by it. */
  readonly objective: number;
  /** Total log-likelihood of `parameters`. */
  readonly logLikelihood: number;
  readonly logMaxResponsibility: number;
  /** Total objective of every accepted point before the last. */
  readonly trace: readonly number[];
  /** Passes after the first, including those of rejected points. A pass over a part of the rows counts as that part. */
  readonly nIterations: number;
  /** Whether measured curvature, or polishing, tells that nothing is left to gain. */
  readonly isAtEnd?: boolean | undefined;
  /** Why the run is degenerate, if it is. */
  readonly collapse?: Collapse | undefined;
  /** The accelerator's curvature pairs, if another run goes on from here on more rows. */
  readonly pairs?: readonly CurvaturePair[] | undefined;
}

/** Which component collapsed, and when. */
export interface Collapse {
  readonly component: number;
  readonly iteration: number;
  /** The component's share of all rows. */
  readonly share: number;
}

/** The progress of a run that begins at start values of k components. */
export function createProgress(k: number): Progress {
  return {
    trace: [],
    nPasses: 0,
    partialPasses: 0,
    passesOnFloor: 0,
    restartsLeft: k,
    collapse: undefined,
  };
}

/** The progress of a run that goes on; the state stays as it is. */
export function copyProgress(state: EmState): Progress {
  const { nPasses, partialPasses, passesOnFloor, restartsLeft, collapse } = state;
  return {
    trace: [...state.trace],
    nPasses,
    partialPasses,
    passesOnFloor,
    restartsLeft,
    collapse,
  };
}

/** The state of a run, with the trace and the states that the run goes on writing into. */
export function composeState(
  { trace, nPasses, partialPasses, passesOnFloor, restartsLeft, collapse }: Progress,
  parameters: Parameters,
  rule: RuleState,
  accelerator: AcceleratorState | undefined,
): EmState {
  // Written out, because a spread would take 3 µs of every pass.
  return {
    trace,
    nPasses,
    partialPasses,
    passesOnFloor,
    restartsLeft,
    collapse,
    parameters,
    rule,
    accelerator,
  };
}
