/**
 * The EM loop: E-step and M-step in turn until the rule of convergence stops it (Dempster, Laird & Rubin, 1977). It sees
 * parameters and statistics, nothing of shards or threads.
 */

import { type FactoredMixture, factorMixture } from '../core/factored-mixture.js';
import type { Parameters } from '../core/parameters.js';
import { LARGEST_CHANGE, LOG_LIKELIHOOD, LOG_MAX_RESPONSIBILITY, TOTAL_WEIGHT } from '../core/statistics.js';
import type { RowPart } from '../rows/row-part.js';
import type { FitStatus } from '../types.js';
import type { Accelerator, PartialEm } from './acceleration/accelerator.js';
import type { AcceleratorState } from './acceleration/accelerator-state.js';
import type { CurvaturePair } from './acceleration/quasi-newton.js';
import type { ConvergenceRule, RuleState } from './convergence.js';
import { isWithinBounds, type MStepOptions, type MStepResult, mStep } from './m-step.js';
import type { Objective } from './objective.js';
import { restartComponent } from './restart-component.js';

/** E-step: a mixture that is not singular → statistics of all rows, or of a part of them. */
export type EStep = (mixture: FactoredMixture, rows?: RowPart) => Float64Array;

/** How a run goes on and what it reports. */
export interface EmOptions extends MStepOptions {
  /** Most passes after the first. */
  readonly maxIter: number;
  readonly objective: Objective;
  readonly rule: ConvergenceRule;
  /** Accelerated steps, or undefined for exact EM. */
  readonly accelerator?: Accelerator | undefined;
  /** The row that a mixture explains worst, where an empty component starts again. */
  readonly findWorstRow: (parameters: Parameters) => Float64Array;
  /** Called after every pass; `iteration` counts from 0, the pass of the start. */
  readonly onIteration: (iteration: number, logLikelihood: number) => void;
  /** Called at every point from which the run goes on, with its state there; valid until the call returns. */
  readonly onState?: ((state: EmState) => void) | undefined;
}

/** Where a run begins: at start values, or in the middle of an interrupted run. */
export type EmStart =
  | { readonly kind: 'parameters'; readonly parameters: Parameters }
  | { readonly kind: 'state'; readonly state: EmState };

/** What a run counts, and its trace. */
interface Progress {
  /** Total log-likelihood of every accepted point before the last. */
  logLikelihoods: number[];
  /** Passes over all rows after the first. */
  nPasses: number;
  /** What passes over parts of the rows add up to. */
  partialPasses: number;
  /** Passes in a row with a component on the floor. */
  passesOnFloor: number;
  /** Times that an empty component may still start again. */
  restartsLeft: number;
  collapse: Collapse | undefined;
}

/**
 * A run that is under way, as plain data. A run that goes on from it, with the rule and the accelerator made from their states,
 * ends with the same bits. It takes one pass more, which is not counted.
 */
export interface EmState extends Readonly<Omit<Progress, 'logLikelihoods'>> {
  readonly logLikelihoods: readonly number[];
  readonly parameters: Parameters;
  readonly rule: RuleState;
  readonly accelerator: AcceleratorState | undefined;
}

/** A run's end. Plain data. */
export interface EmRun {
  readonly parameters: Parameters;
  readonly status: FitStatus;
  /** Of `parameters`, total: what runs are compared by. */
  readonly objective: number;
  /** Of `parameters`, total. */
  readonly logLikelihood: number;
  readonly logMaxResponsibility: number;
  /** Total log-likelihood of every accepted point before the last. */
  readonly logLikelihoods: readonly number[];
  /** Passes over the rows after the first, those of rejected points included; a pass over a part of the rows counts as that part. */
  readonly nIterations: number;
  /** Why the run is degenerate, if it is. */
  readonly collapse?: Collapse | undefined;
  /** The accelerator's curvature pairs, where another run goes on from here on more rows. */
  readonly pairs?: readonly CurvaturePair[] | undefined;
}

/** The component that collapsed and when. */
export interface Collapse {
  readonly component: number;
  readonly iteration: number;
  /** The component's share of all rows. */
  readonly share: number;
}

/** A point of the run: a mixture, what a pass over the rows tells of it, and where EM would go from there. */
interface Point {
  readonly mixture: FactoredMixture;
  readonly objective: number;
  readonly logLikelihood: number;
  readonly logMaxResponsibility: number;
  readonly largestChange: number;
  readonly image: MStepResult;
}

/** The next point of a run, or its end. */
type Advance =
  | { readonly kind: 'point'; readonly point: Point; readonly hasConverged: boolean }
  | { readonly kind: 'end'; readonly status: FitStatus };

/** Passes in a row with a component on the floor after which it is taken as collapsed for good. */
const PATIENCE = 20;

/** @param start - positive definite start values, or the state of a run to go on with */
export function runEm(start: EmStart, eStep: EStep, options: EmOptions): EmRun {
  return new EmLoop(start, eStep, options).run();
}

class EmLoop implements PartialEm {
  readonly #start: EmStart;
  readonly #eStep: EStep;
  readonly #options: EmOptions;
  readonly #progress: Progress;

  constructor(start: EmStart, eStep: EStep, options: EmOptions) {
    this.#start = start;
    this.#eStep = eStep;
    this.#options = options;
    this.#progress =
      start.kind === 'state'
        ? copyProgress(start.state)
        : {
            logLikelihoods: [],
            nPasses: -1,
            partialPasses: 0,
            passesOnFloor: 0,
            restartsLeft: start.parameters.nComponents,
            collapse: undefined,
          };
  }

  run(): EmRun {
    const { parameters } = this.#start.kind === 'state' ? this.#start.state : this.#start;
    const isNew = this.#start.kind === 'parameters';
    const mixture = factorMixture(parameters);
    const first = isNew ? this.#evaluate(mixture) : this.#pass(mixture);
    if (!first) return this.#endWithoutPoint(parameters);
    let current = first;
    let hasConverged = isNew && this.#arriveFirst(first);
    for (;;) {
      if (hasConverged) return this.#end(current, 'converged');
      if (this.#progress.passesOnFloor >= PATIENCE) return this.#end(current, 'degenerate');
      if (this.passesLeft() <= 0) return this.#end(current, 'max-iter');
      this.#reportState(current);
      const next = this.#advance(current);
      if (next.kind === 'end') return this.#end(current, next.status);
      current = next.point;
      hasConverged = next.hasConverged;
    }
  }

  passesLeft(): number {
    return this.#options.maxIter - this.#countIterations();
  }

  step(parameters: Parameters, rows: RowPart): ReturnType<PartialEm['step']> {
    this.#progress.partialPasses += 1 / rows.oneIn;
    const mixture = factorMixture(parameters);
    if (mixture.factors.singular !== undefined) return undefined;
    const statistics = this.#eStep(mixture, rows);
    if (statistics[TOTAL_WEIGHT] === 0) return undefined;
    return { mixture, image: mStep(parameters, statistics, this.#options) };
  }

  #countIterations(): number {
    return this.#progress.nPasses + Math.ceil(this.#progress.partialPasses);
  }

  /** A pass; undefined, and a collapse, where a covariance is not positive definite. */
  #pass(mixture: FactoredMixture): Point | undefined {
    const { parameters, factors } = mixture;
    if (factors.singular !== undefined) {
      const component = factors.singular;
      const share = parameters.weights[component];
      this.#progress.collapse = { component, iteration: this.#countIterations() + 1, share };
      return undefined;
    }
    const statistics = this.#eStep(mixture);
    const logLikelihood = statistics[LOG_LIKELIHOOD];
    return {
      mixture,
      objective: this.#options.objective.evaluate(parameters, logLikelihood),
      logLikelihood,
      logMaxResponsibility: statistics[LOG_MAX_RESPONSIBILITY],
      largestChange: statistics[LARGEST_CHANGE],
      image: mStep(parameters, statistics, this.#options),
    };
  }

  /** A pass that counts. */
  #evaluate(mixture: FactoredMixture): Point | undefined {
    const point = this.#pass(mixture);
    if (point) {
      this.#progress.nPasses++;
      this.#options.onIteration(this.#countIterations(), point.logLikelihood);
    }
    return point;
  }

  /** @returns whether the run has converged at its first point */
  #arriveFirst(point: Point): boolean {
    const hasConverged = this.#options.rule.isConverged(point.objective, point.largestChange);
    this.#arrive(point);
    return hasConverged;
  }

  #arrive({ mixture, image, objective }: Point): void {
    this.#options.accelerator?.arrive(mixture, image, this.#meanOf(objective));
  }

  #meanOf(objective: number): number {
    return objective / this.#options.moments.totalWeight;
  }

  /** One step of the run. */
  #advance(current: Point): Advance {
    const { nComponents } = current.mixture.parameters;
    const { lifted, empty, mixture: image } = current.image;
    const progress = this.#progress;
    // One component has one maximum, and it is on the floor: with many columns every decomposition takes seconds.
    if (nComponents === 1 && lifted !== undefined) {
      progress.collapse = { component: 0, iteration: this.#countIterations(), share: 1 };
      return { kind: 'end', status: 'degenerate' };
    }
    if (empty.length > 0) return this.#restart(current, empty[0]);
    const { better, wasRejected } = this.#accelerate(current);
    if (!better && this.passesLeft() <= 0) return { kind: 'end', status: 'max-iter' };
    const next = better ?? this.#evaluate(image);
    if (!next) return { kind: 'end', status: 'degenerate' };
    progress.logLikelihoods.push(current.logLikelihood);
    this.#arrive(next);
    // A pass sees the change since the pass before it, which must be that of `current`.
    const largestChange = wasRejected ? Number.POSITIVE_INFINITY : next.largestChange;
    const hasConverged = better
      ? this.#judgeAccelerated(current, next, largestChange)
      : this.#judgePlain(current, next, largestChange);
    return { kind: 'point', point: next, hasConverged };
  }

  /** Begins anew with the empty component at the row that is explained worst. */
  #restart(current: Point, empty: number): Advance {
    const { rule, accelerator, findWorstRow } = this.#options;
    const progress = this.#progress;
    if (progress.restartsLeft-- === 0) {
      progress.collapse = { component: empty, iteration: this.#countIterations(), share: 0 };
      return { kind: 'end', status: 'degenerate' };
    }
    const row = findWorstRow(current.mixture.parameters);
    const again = this.#evaluate(factorMixture(restartComponent(current.image, empty, row, this.#options)));
    if (!again) return { kind: 'end', status: 'degenerate' };
    // Another mixture than the one that was climbing: its trace begins here.
    progress.logLikelihoods = [];
    rule.restart();
    accelerator?.restart();
    return { kind: 'point', point: again, hasConverged: this.#arriveFirst(again) };
  }

  /** An accelerated step, if one is found that is no worse and sound; and whether the last pass was of a rejected one. */
  #accelerate(from: Point): { better: Point | undefined; wasRejected: boolean } {
    const { accelerator } = this.#options;
    let wasRejected = false;
    if (!accelerator) return { better: undefined, wasRejected };
    for (let proposal = accelerator.propose(this); proposal && this.passesLeft() > 0; ) {
      const mixture = factorMixture(proposal);
      const tried = isWithinBounds(mixture, this.#options) ? this.#evaluate(mixture) : undefined;
      this.#progress.collapse = undefined;
      if (tried && this.#isBetter(tried, from, accelerator)) return { better: tried, wasRejected };
      wasRejected ||= tried !== undefined;
      proposal = accelerator.retry(tried && this.#meanOf(tried.objective));
    }
    return { better: undefined, wasRejected };
  }

  #isBetter({ mixture, image, objective }: Point, from: Point, accelerator: Accelerator): boolean {
    if (image.lifted !== undefined || image.empty.length > 0 || objective < from.objective) return false;
    return this.#options.objective.endsAtMaximum || accelerator.isUphill(mixture, image);
  }

  /** @returns whether the run has converged */
  #judgeAccelerated(from: Point, to: Point, largestChange: number): boolean {
    const { accelerator, rule } = this.#options;
    if (!accelerator) return false;
    accelerator.accept();
    this.#progress.passesOnFloor = 0;
    const verdict = rule.judgeAccelerated({
      from: from.objective,
      to: to.objective,
      largestChange,
      estimateToCome: () => accelerator.estimateToCome(this),
    });
    if (verdict === 'near') accelerator.takePlainStep();
    return verdict === 'converged';
  }

  /** @returns whether the run has converged */
  #judgePlain({ image }: Point, to: Point, largestChange: number): boolean {
    const { lifted, mixture } = image;
    const progress = this.#progress;
    if (lifted === undefined) {
      progress.passesOnFloor = 0;
      progress.collapse = undefined;
    } else {
      progress.passesOnFloor++;
      const share = mixture.parameters.weights[lifted];
      progress.collapse = { component: lifted, iteration: this.#countIterations(), share };
    }
    return this.#options.rule.isConverged(to.objective, largestChange);
  }

  #reportState({ mixture }: Point): void {
    const { onState, rule, accelerator } = this.#options;
    onState?.({
      ...this.#progress,
      parameters: mixture.parameters,
      rule: rule.state,
      accelerator: accelerator?.state,
    });
  }

  #end({ mixture, objective, logLikelihood, logMaxResponsibility }: Point, status: FitStatus): EmRun {
    const { logLikelihoods, collapse } = this.#progress;
    return {
      parameters: mixture.parameters,
      status: collapse ? 'degenerate' : status,
      objective,
      logLikelihood,
      logMaxResponsibility,
      logLikelihoods,
      nIterations: this.#countIterations(),
      collapse,
    };
  }

  /** The end of a run whose start values are singular. */
  #endWithoutPoint(parameters: Parameters): EmRun {
    return {
      parameters,
      status: 'degenerate',
      objective: Number.NEGATIVE_INFINITY,
      logLikelihood: Number.NEGATIVE_INFINITY,
      logMaxResponsibility: 0,
      logLikelihoods: [],
      nIterations: 0,
      collapse: this.#progress.collapse,
    };
  }
}

function copyProgress(state: EmState): Progress {
  const { nPasses, partialPasses, passesOnFloor, restartsLeft, collapse } = state;
  return {
    logLikelihoods: [...state.logLikelihoods],
    nPasses,
    partialPasses,
    passesOnFloor,
    restartsLeft,
    collapse,
  };
}
