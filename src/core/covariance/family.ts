/**
 * A family of covariances: where the parameters of a mixture may move. It stands on a form, and says how the covariances of
 * all components are estimated together.
 *
 * Families are named by volume, shape and orientation, each Equal, Variable or Identity, as in R's mclust: Σⱼ = λⱼ Dⱼ Aⱼ Dⱼᵀ
 * (Banfield & Raftery, 1993; Celeux & Govaert, 1995).
 */

import type { ChartFrame, CovarianceChart } from './chart.js';
import { computeFactors, type Factors } from './factors.js';
import type { CovarianceFloor } from './floor.js';
import type { Form } from './form.js';

/** Covariances above the floor, with their factors. */
export interface Lifted {
  readonly covariances: Float64Array;
  readonly factors: Factors;
  /** Index of the first stored covariance that was below the floor, if there was one. */
  readonly lifted: number | undefined;
}

/** Stored covariances of a family's form, and how many rows each component has. */
export interface WeightedCovariances {
  readonly covariances: Float64Array;
  /** (k) N, or anything in proportion to it. */
  readonly counts: Float64Array;
  readonly nFeatures: number;
}

export interface Family<Name extends string = string> {
  /** What callers write as `covarianceType`. */
  readonly name: Name;
  /** Volume, shape, orientation: `VVV`. */
  readonly letters: string;
  readonly form: Form;
  /** Tells the random streams of the family's starts from those of others. It never changes. */
  readonly stream: number;
  /** Free parameters of the covariances. */
  countParameters(k: number, d: number): number;
  /**
   * The M-step: the covariances of the family that are most likely, given the unconstrained ones.
   *
   * @param within - as `Form.withinInto` writes them; may be returned. Empty components have counts of 0 or nearly 0, and must not
   *   weigh in what components share
   */
  estimate(within: WeightedCovariances): Float64Array;
  /** Raises covariances to the floor. The result is in the family again. */
  lift(floor: CovarianceFloor, estimated: WeightedCovariances): Lifted;
  /** Coordinates for accelerated steps. */
  createChart(frame: ChartFrame): CovarianceChart;
}

/** The M-step and floor of a family that sets no constraint within its form. */
export function unconstrained(form: Form): Pick<Family, 'estimate' | 'lift'> {
  return {
    estimate: ({ covariances }) => covariances,
    lift: (floor, { covariances, nFeatures }) => liftFreely(form, floor, covariances, nFeatures),
  };
}

/**
 * The floor of a family with a constraint: lifted covariances are estimated anew within the family, and scaled as one
 * where that leaves some of them below.
 */
export function constrained(form: Form, estimate: Family['estimate']): Pick<Family, 'estimate' | 'lift'> {
  return {
    estimate,
    lift(floor, { covariances, counts, nFeatures: d }) {
      const free = liftFreely(form, floor, covariances, d);
      if (free.lifted === undefined) return free;
      let within = estimate({ covariances: free.covariances, counts, nFeatures: d });
      // The least factor that lifts every covariance is not needed: doubling ends near enough above the floor.
      while (
        within.every(Number.isFinite) &&
        floor.liftInto(within.slice(), computeFactors(form, within, d)).length > 0
      ) {
        within = within.map((value) => 2 * value);
      }
      return { covariances: within, factors: computeFactors(form, within, d), lifted: free.lifted };
    },
  };
}

function liftFreely(form: Form, floor: CovarianceFloor, covariances: Float64Array, d: number): Lifted {
  const factors = computeFactors(form, covariances, d);
  const lifted = floor.liftInto(covariances, factors);
  if (lifted.length === 0) return { covariances, factors, lifted: undefined };
  return { covariances, factors: computeFactors(form, covariances, d), lifted: lifted[0] };
}

/** How free each letter is. */
const FREEDOM = 'IEV';

/** Whether every mixture of one family is also one of another: each of its letters is at most as free. */
export function contains(family: Family, other: Family): boolean {
  return (
    family.letters !== other.letters &&
    Array.from(family.letters).every(
      (letter, i) => FREEDOM.indexOf(letter) >= FREEDOM.indexOf(other.letters[i]),
    )
  );
}
