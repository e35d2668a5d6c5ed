/** The passes of a run, and their number. A pass over all rows evaluates a mixture. */

import { type FactoredMixture, factorMixture } from '../core/factored-mixture.js';
import type { Parameters } from '../core/parameters.js';
import { LARGEST_CHANGE, LOG_LIKELIHOOD, LOG_MAX_RESPONSIBILITY, TOTAL_WEIGHT } from '../core/statistics.js';
import type { RowPart } from '../rows/row-part.js';
import type { PartialEm } from './acceleration/measure.js';
import { type MStepResult, mStep } from './m-step.js';
import type { EmOptions, EStep, Progress } from './run.js';

/** A mixture, the results of a pass over all rows, and its EM step. */
export interface RunPoint {
  readonly mixture: FactoredMixture;
  readonly objective: number;
  readonly logLikelihood: number;
  readonly logMaxResponsibility: number;
  readonly largestChange: number;
  readonly image: MStepResult;
}

export class Evaluator implements PartialEm {
  readonly #eStep: EStep;
  readonly #options: EmOptions;
  readonly #progress: Progress;

  /** @param progress - in/out: counts the passes of the run */
  constructor(eStep: EStep, options: EmOptions, progress: Progress) {
    this.#eStep = eStep;
    this.#options = options;
    this.#progress = progress;
  }

  passesLeft(): number {
    return this.#options.maxIter - this.countIterations();
  }

  step(parameters: Parameters, rows: RowPart): ReturnType<PartialEm['step']> {
    this.#progress.partialPasses += 1 / rows.oneIn;
    const mixture = factorMixture(parameters);
    if (mixture.factors.singular !== undefined) return undefined;
    const statistics = this.#eStep(mixture, rows);
    if (statistics[TOTAL_WEIGHT] === 0) return undefined;
    return { mixture, image: mStep(parameters, statistics, this.#options, 1 / rows.oneIn) };
  }

  countIterations(): number {
    return this.#progress.nPasses - 1 + Math.ceil(this.#progress.partialPasses);
  }

  /** An uncounted pass. If a covariance is not positive definite, the result is undefined, and the run has a collapse. */
  pass(mixture: FactoredMixture): RunPoint | undefined {
    const { parameters, factors } = mixture;
    if (factors.singular !== undefined) {
      const component = factors.singular;
      const share = parameters.weights[component];
      this.#progress.collapse = { component, iteration: this.countIterations() + 1, share };
      return undefined;
    }
    const statistics = this.#eStep(mixture);
    const logLikelihood = statistics[LOG_LIKELIHOOD];
    return {
      mixture,
      objective: this.#options.objective.evaluate(mixture, logLikelihood),
      logLikelihood,
      logMaxResponsibility: statistics[LOG_MAX_RESPONSIBILITY],
      largestChange: statistics[LARGEST_CHANGE],
      image: mStep(parameters, statistics, this.#options),
    };
  }

  /** A pass that is counted and reported. */
  evaluate(mixture: FactoredMixture): RunPoint | undefined {
    const point = this.pass(mixture);
    if (point) {
      this.#progress.nPasses++;
      this.#options.onIteration(this.countIterations(), point.logLikelihood);
    }
    return point;
  }
}
