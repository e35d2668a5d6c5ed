/** When EM has arrived: three rules, each told of every step, each saying whether to stop. */

import type { Convergence } from '../types.js';
import type { ToCome } from './acceleration/acceleration.js';

/** What a rule is told of an extrapolated step. */
export interface ExtrapolatedStep {
  /** Total, before and after. */
  readonly from: number;
  readonly to: number;
  /** Largest change of a responsibility in the last pass (only for `'responsibilities'`). */
  readonly largestChange: number;
  /** The accelerator's estimate of the mean log-likelihood still to gain: not for nothing, so for whom it concerns. */
  readonly estimateToCome: () => ToCome;
}

/** What a rule makes of an extrapolated step: `'near'` wants a plain one to judge by. */
export type Verdict = 'far' | 'near' | 'converged';

/** All that a rule remembers, as plain data. */
export interface RuleState {
  logLikelihood: number;
  gain: number;
  factor: number;
  /** Steps in a row that agree. */
  agreeing: number;
  /** Plain passes since the beginning, or since an extrapolated step. */
  passes: number;
}

/** One rule of one run. */
export interface ConvergenceRule {
  readonly state: RuleState;
  /**
   * @param logLikelihood - total, at the run's first point or after a plain step
   * @param largestChange - largest change of a responsibility since the pass before (only for `'responsibilities'`)
   * @returns whether the run has converged
   */
  isConverged(logLikelihood: number, largestChange: number): boolean;
  /** The same after a step that was no plain EM. */
  judgeExtrapolated(step: ExtrapolatedStep): Verdict;
  /** What came before is of another mixture. */
  restart(): void;
}

/** Passes in a row that must agree: one small step may be a plateau. */
const AGREEING_PASSES = 2;

/**
 * An estimate from a remembered curvature must be that much smaller, as it sees only the directions of the last moves: of sixty
 * runs nine stopped where 2,000 plain passes gained more than 10 tol with 1, two with 0.3, one with 0.1; of 160 others five with
 * 0.3, three with 0.1.
 */
const CAUTION = 0.1;

/** Rounding of a log-likelihood that is summed over many rows, relative to it: below it a change is none. */
const ROUNDING = 4 * Number.EPSILON;

function createRuleState(): RuleState {
  return {
    logLikelihood: Number.NaN,
    gain: Number.NaN,
    factor: Number.NaN,
    agreeing: 0,
    passes: 0,
  };
}

/**
 * @param tol - threshold, a row; 0 never stops
 * @param totalWeight - rows, or the sum of their weights
 * @param state - in/out: of a run that goes on; default: a new one's
 */
export function createConvergenceRule(
  rule: Convergence,
  tol: number,
  totalWeight: number,
  state: RuleState = createRuleState(),
): ConvergenceRule {
  const restart = () => void Object.assign(state, createRuleState());
  if (tol === 0) return { state, restart, isConverged: () => false, judgeExtrapolated: () => 'far' };
  switch (rule) {
    case 'change':
      return { state, restart, ...changeRule(state, tol, totalWeight) };
    case 'responsibilities':
      return { state, restart, ...responsibilitiesRule(state, tol) };
    case 'aitken':
      return { state, restart, ...aitkenRule(state, tol, totalWeight) };
  }
}

type Judgement = Pick<ConvergenceRule, 'isConverged' | 'judgeExtrapolated'>;

/** scikit-learn's rule: |l − l'| < tol, l the mean log-likelihood. */
function changeRule(state: RuleState, tol: number, totalWeight: number): Judgement {
  return {
    isConverged(logLikelihood) {
      const change = Math.abs(logLikelihood - state.logLikelihood) / totalWeight;
      state.logLikelihood = logLikelihood;
      return change < tol;
    },
    judgeExtrapolated({ from, to }) {
      state.logLikelihood = to;
      return (to - from) / totalWeight < tol ? 'near' : 'far';
    },
  };
}

/** The textbook's: no observation's probabilities changed by more than tol. */
function responsibilitiesRule(state: RuleState, tol: number): Judgement {
  return {
    isConverged: (_, largestChange) => ++state.passes > 1 && largestChange <= tol,
    judgeExtrapolated({ largestChange }) {
      state.passes = 1;
      return largestChange <= tol ? 'near' : 'far';
    },
  };
}

/**
 * Aitken's estimate of what is still to gain: where the gains δ shrink by a factor a each pass, all those to come
 * add up to δ a / (1 − a). (Böhning et al., 1994; McLachlan & Krishnan, The EM Algorithm, 2008, section 4.9.)
 *
 * The factor is the larger of the last two, and two passes must agree: gains that grow, or have just begun to
 * shrink, say nothing of the end. With a ridge gains may be losses: these shrink alike.
 */
function aitkenRule(state: RuleState, tol: number, totalWeight: number): Judgement {
  return {
    isConverged(logLikelihood) {
      const gain = (logLikelihood - state.logLikelihood) / totalWeight;
      const factor = gain / state.gain;
      const slowest = Math.max(factor, state.factor);
      const toCome =
        slowest >= 0 && slowest < 1 ? (Math.abs(gain) * slowest) / (1 - slowest) : Number.POSITIVE_INFINITY;
      const still = Math.abs(gain) <= (ROUNDING * Math.abs(logLikelihood)) / totalWeight;
      const agreeing = still || toCome < tol ? state.agreeing + 1 : 0;
      Object.assign(state, { logLikelihood, gain, factor, agreeing });
      return agreeing >= AGREEING_PASSES;
    },
    judgeExtrapolated({ to, estimateToCome }) {
      const { toCome, isMeasured } = estimateToCome();
      const isNear = toCome < (isMeasured ? tol : CAUTION * tol);
      const agreeing = isNear ? state.agreeing + (isMeasured ? AGREEING_PASSES : 1) : 0;
      Object.assign(state, createRuleState(), { logLikelihood: to, agreeing });
      return agreeing >= AGREEING_PASSES ? 'converged' : 'far';
    },
  };
}
