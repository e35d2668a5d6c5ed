/** When EM has arrived: three rules, each fed with every pass, each saying whether to stop. */

import type { Convergence } from '../types.js';

/** One rule of one run. */
export interface ConvergenceRule {
  /**
   * @param logLikelihood - total, of this pass's parameters
   * @param largestChange - largest change of a responsibility since the pass before (only for `'responsibilities'`)
   * @returns whether the run has converged
   */
  isConverged(logLikelihood: number, largestChange: number): boolean;
  /** What came before was no plain EM: judge by what comes now. */
  restart(): void;
  /** Whether an extrapolated step from one point to another was so small that the end may be near. */
  isNear(from: Step, to: Step | undefined): boolean;
}

/** What a rule sees of a point. */
export interface Step {
  readonly logLikelihood: number;
  readonly largestChange: number;
}

/** Passes in a row that must agree: one small step may be a plateau. */
const AGREEING_PASSES = 2;

/** Rounding of a log-likelihood that is summed over many rows, relative to it: below it a change is none. */
const ROUNDING = 4 * Number.EPSILON;

/**
 * @param tol - threshold, a row; 0 never stops
 * @param totalWeight - rows, or the sum of their weights
 */
export function createConvergenceRule(rule: Convergence, tol: number, totalWeight: number): ConvergenceRule {
  if (tol === 0) return { isConverged: () => false, restart: () => undefined, isNear: () => false };
  switch (rule) {
    case 'change':
      return changeRule(tol, totalWeight);
    case 'responsibilities':
      return responsibilitiesRule(tol);
    case 'aitken':
      return aitkenRule(tol, totalWeight);
  }
}

/** Whether less than tol came of a step, or nothing: then plain steps will show. */
function gainsLittle(from: Step, to: Step | undefined, tol: number, totalWeight: number): boolean {
  return to !== undefined && Math.abs(to.logLikelihood - from.logLikelihood) / totalWeight < tol;
}

/** scikit-learn's rule: |l − l'| < tol, l the mean log-likelihood. */
function changeRule(tol: number, totalWeight: number): ConvergenceRule {
  let previous = Number.NaN;
  return {
    isConverged(logLikelihood) {
      const change = Math.abs(logLikelihood - previous) / totalWeight;
      previous = logLikelihood;
      return change < tol;
    },
    restart() {
      previous = Number.NaN;
    },
    isNear: (from, to) => gainsLittle(from, to, tol, totalWeight),
  };
}

/** The textbook's: no observation's probabilities changed by more than tol. */
function responsibilitiesRule(tol: number): ConvergenceRule {
  let passes = 0;
  return {
    isConverged: (_, largestChange) => ++passes > 1 && largestChange <= tol,
    restart() {
      passes = 0;
    },
    isNear: (_, to) => to !== undefined && to.largestChange <= tol,
  };
}

/**
 * Aitken's estimate of what is still to gain: where the gains δ shrink by a factor a each pass, all those to come
 * add up to δ a / (1 − a). (Böhning et al., 1994; McLachlan & Krishnan, The EM Algorithm, 2008, section 4.9.)
 *
 * The factor is the larger of the last two, and two passes must agree: gains that grow, or have just begun to
 * shrink, say nothing of the end.
 */
function aitkenRule(tol: number, totalWeight: number): ConvergenceRule {
  let previous = Number.NaN;
  let previousGain = Number.NaN;
  let previousFactor = Number.NaN;
  let agreeing = 0;
  return {
    isConverged(logLikelihood) {
      const gain = (logLikelihood - previous) / totalWeight;
      const factor = gain / previousGain;
      const slowest = Math.max(factor, previousFactor);
      const toCome =
        slowest >= 0 && slowest < 1 ? (gain * slowest) / (1 - slowest) : Number.POSITIVE_INFINITY;
      const still = Math.abs(gain) <= (ROUNDING * Math.abs(logLikelihood)) / totalWeight;
      agreeing = still || toCome < tol ? agreeing + 1 : 0;
      previous = logLikelihood;
      previousGain = gain;
      previousFactor = factor;
      return agreeing >= AGREEING_PASSES;
    },
    restart() {
      previous = Number.NaN;
      previousGain = Number.NaN;
      previousFactor = Number.NaN;
      agreeing = 0;
    },
    isNear: (from, to) => gainsLittle(from, to, tol, totalWeight),
  };
}
