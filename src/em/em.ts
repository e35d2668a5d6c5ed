/**
 * The EM loop: E-step, M-step, till the rule says stop. It sees parameters and statistics, nothing of shards or threads.
 * Dempster, Laird & Rubin, 1977.
 */

import type { Parameters } from '../core/parameters.js';
import { LARGEST_CHANGE, LOG_LIKELIHOOD, LOG_MAX_RESPONSIBILITY, TOTAL_WEIGHT } from '../core/statistics.js';
import type { RowPart } from '../rows/row-part.js';
import type { FitStatus } from '../types.js';
import type { Accelerator, AcceleratorState, PartialEm } from './acceleration/acceleration.js';
import type { ConvergenceRule, RuleState } from './convergence.js';
import { isWithinBounds, type MStepOptions, type MStepResult, mStep } from './m-step.js';

/**
 * E-step: parameters → statistics of all rows, or of a part of them; or the index of a component whose covariance is
 * not positive definite.
 */
export type EStep = (parameters: Parameters, rows?: RowPart) => Float64Array | number;

/** How a run goes on and what it reports. */
export interface EmOptions extends MStepOptions {
  /** Most passes after the first. */
  readonly maxIter: number;
  readonly rule: ConvergenceRule;
  /** Extrapolated steps, or undefined for exact EM. */
  readonly accelerator?: Accelerator | undefined;
  /** A row that the mixture explains worst, where an empty component starts again. */
  readonly findWorstRow: (parameters: Parameters) => Float64Array;
  /** Called after every pass; `iteration` counts from 0, the pass of the start. */
  readonly onIteration: (iteration: number, logLikelihood: number) => void;
  /** Called at every point from which the run goes on, with its state there; valid till the call returns. */
  readonly onState?: ((state: EmState) => void) | undefined;
}

/**
 * A run that is under way, as plain data: handed to `runEm` in place of the start, with the rule and the accelerator made
 * from their states, the run goes on and ends with the same bits. It takes one pass more, which is not counted.
 */
export interface EmState {
  readonly parameters: Parameters;
  readonly logLikelihoods: readonly number[];
  /** Passes over all rows after the first, and what those over a part of them add up to. */
  readonly nPasses: number;
  readonly partialPasses: number;
  readonly passesOnFloor: number;
  readonly restartsLeft: number;
  readonly collapse: Collapse | undefined;
  readonly rule: RuleState;
  readonly accelerator: AcceleratorState | undefined;
}

/** A run's end. */
export interface EmRun {
  readonly parameters: Parameters;
  readonly status: FitStatus;
  /** Of `parameters`, total. */
  readonly logLikelihood: number;
  readonly logMaxResponsibility: number;
  /** Total log-likelihood of every accepted point before the last. */
  readonly logLikelihoods: readonly number[];
  /** Passes over the rows after the first, those of rejected points included; those over a part of the rows count as that part. */
  readonly nIterations: number;
  /** Why the run is degenerate, if it is. */
  readonly collapse?: Collapse | undefined;
}

/** The component that collapsed and when. */
export interface Collapse {
  readonly component: number;
  readonly iteration: number;
  /** The component's share of all rows. */
  readonly share: number;
}

/** A point of the run: parameters, what a pass over the rows says of them, and where EM would go from there. */
interface Point {
  readonly parameters: Parameters;
  readonly logLikelihood: number;
  readonly logMaxResponsibility: number;
  readonly largestChange: number;
  readonly image: MStepResult;
}

/** Passes in a row with a component on the floor after which it is taken as collapsed for good. */
const PATIENCE = 20;

/** @param start - positive definite, or the state of a run to go on with */
export function runEm(start: Parameters | EmState, eStep: EStep, options: EmOptions): EmRun {
  const { maxIter, rule, accelerator, onIteration, onState } = options;
  const { totalWeight } = options.moments;
  const resumed = 'nPasses' in start ? start : undefined;
  let trace = resumed ? [...resumed.logLikelihoods] : [];
  let nPasses = resumed?.nPasses ?? -1;
  let partialPasses = resumed?.partialPasses ?? 0;
  let passesOnFloor = resumed?.passesOnFloor ?? 0;
  let restartsLeft = resumed?.restartsLeft ?? (start as Parameters).nComponents;
  let collapse = resumed?.collapse;

  const countIterations = () => nPasses + Math.ceil(partialPasses);
  /** A pass; undefined, and a collapse, where a covariance is not positive definite. */
  const pass = (parameters: Parameters): Point | undefined => {
    const statistics = eStep(parameters);
    if (typeof statistics === 'number') {
      collapse = {
        component: statistics,
        iteration: countIterations() + 1,
        share: parameters.weights[statistics],
      };
      return undefined;
    }
    return {
      parameters,
      logLikelihood: statistics[LOG_LIKELIHOOD],
      logMaxResponsibility: statistics[LOG_MAX_RESPONSIBILITY],
      largestChange: statistics[LARGEST_CHANGE],
      image: mStep(parameters, statistics, options),
    };
  };
  /** A pass that counts. */
  const evaluate = (parameters: Parameters): Point | undefined => {
    const point = pass(parameters);
    if (point) {
      nPasses++;
      onIteration(countIterations(), point.logLikelihood);
    }
    return point;
  };
  const part: PartialEm = {
    map(parameters, rows) {
      partialPasses += 1 / rows.oneIn;
      const statistics = eStep(parameters, rows);
      if (typeof statistics === 'number' || statistics[TOTAL_WEIGHT] === 0) return undefined;
      return mStep(parameters, statistics, options);
    },
    passesLeft: () => maxIter - countIterations(),
  };
  const arrive = ({ parameters, image, logLikelihood }: Point): void =>
    accelerator?.arrive(parameters, image, logLikelihood / totalWeight);
  const isBetter = (tried: Point, from: Point): boolean => {
    const { parameters, image, logLikelihood } = tried;
    if (image.lifted >= 0 || image.empty.length > 0 || logLikelihood < from.logLikelihood) return false;
    // With a ridge EM does not end where the log-likelihood is highest: that alone would lead past its end.
    return options.regCovar === 0 || accelerator?.isUphill(parameters, image) === true;
  };
  /** An extrapolated step, if one is found that is no worse and sound; and whether the last pass was of another that was not. */
  const extrapolate = (from: Point): { better: Point | undefined; wasRejected: boolean } => {
    let wasRejected = false;
    for (let proposal = accelerator?.propose(part); proposal && countIterations() < maxIter; ) {
      const tried = isWithinBounds(proposal, options) ? evaluate(proposal) : undefined;
      collapse = undefined;
      if (tried && isBetter(tried, from)) return { better: tried, wasRejected };
      wasRejected ||= tried !== undefined;
      proposal = accelerator?.retry(tried && tried.logLikelihood / totalWeight);
    }
    return { better: undefined, wasRejected };
  };
  const end = (at: Point, status: FitStatus): EmRun => ({
    parameters: at.parameters,
    status: collapse ? 'degenerate' : status,
    logLikelihood: at.logLikelihood,
    logMaxResponsibility: at.logMaxResponsibility,
    logLikelihoods: trace,
    nIterations: countIterations(),
    collapse,
  });

  const first = resumed ? pass(resumed.parameters) : evaluate(start as Parameters);
  if (!first) {
    const parameters = resumed?.parameters ?? (start as Parameters);
    const nothing = { parameters, logLikelihood: Number.NEGATIVE_INFINITY, logMaxResponsibility: 0 };
    return { ...nothing, status: 'degenerate', logLikelihoods: [], nIterations: 0, collapse };
  }
  let current = first;
  let hasConverged = false;
  if (!resumed) {
    hasConverged = rule.isConverged(first.logLikelihood, first.largestChange);
    arrive(first);
  }
  for (;;) {
    if (hasConverged) return end(current, 'converged');
    if (passesOnFloor >= PATIENCE) return end(current, 'degenerate');
    if (countIterations() >= maxIter) return end(current, 'max-iter');
    const counters = { nPasses, partialPasses, passesOnFloor, restartsLeft, collapse };
    onState?.({
      parameters: current.parameters,
      logLikelihoods: trace,
      ...counters,
      rule: rule.state,
      accelerator: accelerator?.state,
    });
    const { parameters: image, lifted, empty } = current.image;

    // One component has one maximum, and it is on the floor: of many columns every look at it takes seconds.
    if (image.nComponents === 1 && lifted >= 0) {
      collapse = { component: 0, iteration: countIterations(), share: 1 };
      return end(current, 'degenerate');
    }
    if (empty.length > 0) {
      if (restartsLeft-- === 0) {
        collapse = { component: empty[0], iteration: countIterations(), share: 0 };
        return end(current, 'degenerate');
      }
      const row = options.findWorstRow(current.parameters);
      const again = evaluate(restartComponent(current.image, empty[0], row, options.equalWeights));
      if (!again) return end(current, 'degenerate');
      // Another mixture than the one that was climbing: its trace begins here.
      trace = [];
      rule.restart();
      accelerator?.restart();
      current = again;
      hasConverged = rule.isConverged(current.logLikelihood, current.largestChange);
      arrive(current);
      continue;
    }

    const { better, wasRejected } = extrapolate(current);
    if (!better && countIterations() >= maxIter) return end(current, 'max-iter');
    const next = better ?? evaluate(image);
    if (!next) return end(current, 'degenerate');
    trace.push(current.logLikelihood);
    arrive(next);
    // The change that the pass saw is that since the pass before it, which must be that of `current`.
    const largestChange = wasRejected ? Number.POSITIVE_INFINITY : next.largestChange;
    if (better && accelerator) {
      accelerator.accept();
      passesOnFloor = 0;
      const [from, to] = [current.logLikelihood, next.logLikelihood];
      const estimateToCome = () => accelerator.estimateToCome(part);
      const verdict = rule.judgeExtrapolated({ from, to, largestChange, estimateToCome });
      hasConverged = verdict === 'converged';
      if (verdict === 'near') accelerator.takePlainStep();
    } else {
      passesOnFloor = lifted < 0 ? 0 : passesOnFloor + 1;
      collapse =
        lifted < 0
          ? undefined
          : { component: lifted, iteration: countIterations(), share: image.weights[lifted] };
      hasConverged = rule.isConverged(next.logLikelihood, largestChange);
    }
    current = next;
  }
}

/**
 * Puts an empty component where rows are explained worst: at that row, with the mean covariance of the others and, unless
 * weights are held equal, the weight of an average component.
 *
 * @param empty - the component
 * @param row - in: (d)
 */
function restartComponent(
  { parameters, shares }: MStepResult,
  empty: number,
  row: Float64Array,
  equalWeights: boolean,
): Parameters {
  const { covarianceType, nComponents: k, nFeatures: d } = parameters;
  const weights = parameters.weights.map((weight, j) =>
    equalWeights || j === empty ? 1 / k : (weight * (k - 1)) / k,
  );
  const means = parameters.means.slice();
  means.set(row, empty * d);
  const covariances = parameters.covariances.slice();
  if (covarianceType !== 'tied') {
    const size = covariances.length / k;
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < k; j++) if (j !== empty) sum += shares[j] * covariances[j * size + i];
      covariances[empty * size + i] = sum;
    }
  }
  return { ...parameters, weights, means, covariances };
}
