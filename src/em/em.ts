/**
 * The EM loop: E-step and M-step in turn until the rule of convergence ends it (Dempster, Laird & Rubin, 1977). The loop works on
 * parameters and statistics; it knows nothing about shards or threads.
 */

import { factorMixture } from '../core/factored-mixture.js';
import type { Parameters } from '../core/parameters.js';
import type { FitStatus } from '../results.js';
import type { Accelerator } from './acceleration/accelerator.js';
import { learnPairs } from './acceleration/accelerator-state.js';
import { Evaluator, type RunPoint } from './evaluator.js';
import { isWithinBounds } from './m-step.js';
import { type Polished, polish } from './polish.js';
import { restartComponent } from './restart-component.js';
import {
  composeState,
  copyProgress,
  createProgress,
  type EmOptions,
  type EmRun,
  type EmStart,
  type EStep,
  type Progress,
} from './run.js';

/** The next point of a run, or its end. */
type Advance =
  | { readonly kind: 'point'; readonly point: RunPoint; readonly hasConverged: boolean }
  | { readonly kind: 'end'; readonly status: FitStatus };

/** After so many passes in a row with a component on the floor, the run has collapsed. */
const PATIENCE = 20;

/** @param start - positive definite start values, or the state of an interrupted run */
export function runEm(start: EmStart, eStep: EStep, options: EmOptions): EmRun {
  return new EmLoop(start, eStep, options).run();
}

class EmLoop {
  readonly #start: EmStart;
  readonly #evaluator: Evaluator;
  readonly #options: EmOptions;
  readonly #progress: Progress;

  constructor(start: EmStart, eStep: EStep, options: EmOptions) {
    this.#start = start;
    this.#options = options;
    this.#progress =
      start.kind === 'state' ? copyProgress(start.state) : createProgress(start.parameters.nComponents);
    this.#evaluator = new Evaluator(eStep, options, this.#progress);
  }

  run(): EmRun {
    const { parameters } = this.#start.kind === 'state' ? this.#start.state : this.#start;
    const isNew = this.#start.kind === 'parameters';
    const mixture = factorMixture(parameters);
    const first = isNew ? this.#evaluator.evaluate(mixture) : this.#evaluator.pass(mixture);
    if (!first) return this.#endWithoutPoint(parameters);
    let current = first;
    let hasConverged = isNew && (this.#arriveFirst(first) || this.#options.polish !== undefined);
    for (;;) {
      if (hasConverged) {
        const { points, isEnd } = this.#polish(current);
        for (const point of points) {
          this.#progress.trace.push(current.objective);
          current = point;
        }
        if (isEnd) return this.#end(current, 'converged');
        this.#goOn(current);
      }
      if (this.#progress.passesOnFloor >= PATIENCE) return this.#end(current, 'degenerate');
      if (this.#evaluator.passesLeft() <= 0) return this.#end(current, 'max-iter');
      this.#reportState(current);
      const next = this.#advance(current);
      if (next.kind === 'end') return this.#end(current, next.status);
      current = next.point;
      hasConverged = next.hasConverged;
    }
  }

  /** Without polishing, the run ends where its rule finds an end. */
  #polish(current: RunPoint): Pick<Polished, 'points' | 'isEnd'> {
    const { polish: how, accelerator, rule } = this.#options;
    if (!how || rule.isRounding()) return { points: [], isEnd: true };
    const polished = polish(current, this.#evaluator, this.#options, how);
    if (accelerator) learnPairs(accelerator.state, polished.pairs);
    return polished;
  }

  /** The run goes on from a point of polishing. */
  #goOn(point: RunPoint): void {
    this.#options.rule.restart();
    this.#arriveFirst(point);
  }

  /** @returns whether the run has converged at its first point */
  #arriveFirst(point: RunPoint): boolean {
    const hasConverged = this.#options.rule.isConverged(point.objective, point.largestChange);
    this.#arrive(point);
    return hasConverged;
  }

  #arrive({ mixture, image, objective }: RunPoint): void {
    this.#options.accelerator?.arrive(mixture, image, this.#meanOf(objective));
  }

  #meanOf(objective: number): number {
    return objective / this.#options.moments.totalWeight;
  }

  /** One step of the run. */
  #advance(current: RunPoint): Advance {
    const { nComponents, noise } = current.mixture.parameters;
    const { lifted, empty, mixture: image } = current.image;
    const progress = this.#progress;
    // One component alone has a single maximum, and it is on the floor. With many columns every further M-step would take seconds.
    if (nComponents === 1 && !noise && lifted !== undefined && !this.#options.prior) {
      progress.collapse = { component: 0, iteration: this.#evaluator.countIterations(), share: 1 };
      return { kind: 'end', status: 'degenerate' };
    }
    if (empty.length > 0) return this.#restart(current, empty[0]);
    const { better, wasRejected } = this.#accelerate(current);
    if (!better && this.#evaluator.passesLeft() <= 0) return { kind: 'end', status: 'max-iter' };
    const next = better ?? this.#evaluator.evaluate(image);
    if (!next) return { kind: 'end', status: 'degenerate' };
    progress.trace.push(current.objective);
    this.#arrive(next);
    // A pass measures the change since the pass before. After a rejection that was not the pass of `current`.
    const largestChange = wasRejected ? Number.POSITIVE_INFINITY : next.largestChange;
    const hasConverged = better
      ? this.#judgeAccelerated(current, next, largestChange)
      : this.#judgePlain(current, next, largestChange);
    return { kind: 'point', point: next, hasConverged };
  }

  /** Restarts an empty component at the row with the lowest density. */
  #restart(current: RunPoint, empty: number): Advance {
    const { rule, accelerator, findWorstRow } = this.#options;
    const progress = this.#progress;
    if (progress.restartsLeft-- === 0) {
      progress.collapse = { component: empty, iteration: this.#evaluator.countIterations(), share: 0 };
      return { kind: 'end', status: 'degenerate' };
    }
    const row = findWorstRow(current.mixture.parameters);
    const again = this.#evaluator.evaluate(
      factorMixture(restartComponent(current.image, empty, row, this.#options)),
    );
    if (!again) return { kind: 'end', status: 'degenerate' };
    // This is a new mixture, so the trace begins here.
    progress.trace = [];
    rule.restart();
    accelerator?.restart();
    return { kind: 'point', point: again, hasConverged: this.#arriveFirst(again) };
  }

  /** Tries accelerated steps. `better`: the first sound point that is no worse. `wasRejected`: a pass of a rejected point came last. */
  #accelerate(from: RunPoint): { better: RunPoint | undefined; wasRejected: boolean } {
    const { accelerator } = this.#options;
    let wasRejected = false;
    if (!accelerator) return { better: undefined, wasRejected };
    for (
      let proposal = accelerator.propose(this.#evaluator);
      proposal && this.#evaluator.passesLeft() > 0;
    ) {
      const mixture = factorMixture(proposal);
      const tried = isWithinBounds(mixture, this.#options) ? this.#evaluator.evaluate(mixture) : undefined;
      this.#progress.collapse = undefined;
      if (tried && this.#isBetter(tried, from, accelerator)) return { better: tried, wasRejected };
      wasRejected ||= tried !== undefined;
      proposal = accelerator.retry(tried && this.#meanOf(tried.objective));
    }
    return { better: undefined, wasRejected };
  }

  #isBetter({ mixture, image, objective }: RunPoint, from: RunPoint, accelerator: Accelerator): boolean {
    if (image.lifted !== undefined || image.empty.length > 0 || objective < from.objective) return false;
    return this.#options.objective.endsAtMaximum || accelerator.isUphill(mixture, image);
  }

  /** @returns whether the run has converged */
  #judgeAccelerated(from: RunPoint, to: RunPoint, largestChange: number): boolean {
    const { accelerator, rule } = this.#options;
    if (!accelerator) return false;
    accelerator.accept();
    this.#progress.passesOnFloor = 0;
    const verdict = rule.judgeAccelerated({
      from: from.objective,
      to: to.objective,
      largestChange,
      estimateToCome: () => accelerator.estimateToCome(this.#evaluator),
    });
    if (verdict === 'near') accelerator.takePlainStep();
    return verdict === 'converged';
  }

  /** @returns whether the run has converged */
  #judgePlain({ image }: RunPoint, to: RunPoint, largestChange: number): boolean {
    const { lifted, mixture } = image;
    const progress = this.#progress;
    // With a prior the floor is a bound like any other, and the step to it is the best within it.
    if (lifted === undefined || this.#options.prior) {
      progress.passesOnFloor = 0;
      progress.collapse = undefined;
    } else {
      progress.passesOnFloor++;
      const share = mixture.parameters.weights[lifted];
      progress.collapse = { component: lifted, iteration: this.#evaluator.countIterations(), share };
    }
    const { rule, accelerator, isLast } = this.#options;
    const measure = isLast ? () => accelerator?.measureToCome(this.#evaluator) : undefined;
    return rule.isConverged(to.objective, largestChange, measure);
  }

  #reportState({ mixture }: RunPoint): void {
    const { onState, rule, accelerator } = this.#options;
    onState?.(composeState(this.#progress, mixture.parameters, rule.state, accelerator?.state));
  }

  #end({ mixture, objective, logLikelihood, logMaxResponsibility }: RunPoint, status: FitStatus): EmRun {
    const { trace, collapse } = this.#progress;
    return {
      parameters: mixture.parameters,
      status: collapse ? 'degenerate' : status,
      objective,
      logLikelihood,
      logMaxResponsibility,
      trace,
      nIterations: this.#evaluator.countIterations(),
      isAtEnd: this.#options.rule.state.isMeasured,
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
      trace: [],
      nIterations: 0,
      collapse: this.#progress.collapse,
    };
  }
}
