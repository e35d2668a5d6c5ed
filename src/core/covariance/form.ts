/**
 * The form of covariances: how they are stored, which scatter a pass collects, and which kernel runs. Families share forms.
 *
 *   form      | stored                   | scatter of a component in the statistics
 *   full      | k matrices (d × d)       | lower triangle, d (d + 1) / 2
 *   tied      | one matrix (d × d)       | none: the total scatter of the rows is known (beside noise a common one)
 *   diagonal  | k rows of d variances    | d
 *   spherical | k variances              | 1, the trace
 */

import type { Moments } from '../moments.js';

export type FormName = 'full' | 'tied' | 'diagonal' | 'spherical';

/** What a pass tells about the components' scatter. */
export interface PassScatter {
  readonly nComponents: number;
  readonly nFeatures: number;
  /** (k) N. */
  readonly counts: Float64Array;
  /** (k) N for each row; without noise they sum to 1. */
  readonly shares: Float64Array;
  /** (k × d) S / N; 0 for an empty component. */
  readonly shifts: Float64Array;
  /** (k × scatter) Q about the means that the pass was run with. */
  readonly scatters: Float64Array;
  /** (k × d) new means μ + S / N. */
  readonly means: Float64Array;
  /** Of the run's rows; a pass over a part of them uses these, too. */
  readonly moments: Moments;
  /** Components without rows, whose covariances are left. */
  readonly empty: readonly number[];
  /** Σ N and (d) m of components of one covariance beside noise: `scatters` is their common scatter about m. */
  readonly common?: { readonly count: number; readonly center: Float64Array } | undefined;
}

/** The factors of stored covariances; see factors.ts. */
export interface FactorArrays {
  /** L of Σ = L Lᵀ: packed lower triangles by rows, or standard deviations. */
  readonly lower: Float64Array;
  /** W = L⁻¹, in the same layout. */
  readonly whitening: Float64Array;
  /** log |W| = −½ log |Σ| of every stored covariance. */
  readonly logDeterminants: Float64Array;
}

export interface Form {
  readonly name: FormName;
  /** The number by which kernel/index.ts knows the form. */
  readonly kernelId: number;
  /** Whether covariances are matrices, with axes of any direction; else they are variances along the columns. */
  readonly isDense: boolean;
  /** Whether all components have one covariance. */
  readonly isShared: boolean;

  /** Numbers of one stored covariance. */
  covarianceSize(d: number): number;
  /** Numbers of the factor of one stored covariance. */
  factorSize(d: number): number;
  /** Numbers of the scatter that a pass collects for one component. */
  scatterSize(d: number): number;
  /** Multiplications of a pass for one row and component, roughly, beside the exponential. */
  passCost(d: number): number;
  /** The shape of nested covariances, outermost first. */
  nestedShape(k: number, d: number): number[];

  /**
   * The covariances of the rows within the components, which are the maximum where a family sets no constraint:
   * Q / N − (S / N)(S / N)ᵀ, for `tied` their weighted mean.
   *
   * @param out - in/out: all stored covariances; entries of empty components are left
   */
  withinInto(out: Float64Array, pass: PassScatter): void;
  /**
   * Adds one row's scatter.
   *
   * @param out - in/out: holds a component's scatter at `offset`
   * @param deviation - in: (d) x − μ
   */
  addScatterInto(out: Float64Array, offset: number, deviation: Float64Array, weight: number): void;
  /**
   * @param matrix - in: (d × d)
   * @returns one covariance of this form: the matrix, its diagonal, or the mean of its diagonal
   */
  fromMatrix(matrix: Float64Array, d: number): Float64Array;
  /**
   * @param out - out: (d × d) row-major
   * @param index - of the stored covariance
   */
  matrixInto(out: Float64Array, covariances: Float64Array, index: number, d: number): void;
  /** Adds `ridge` to every variance. */
  addRidge(covariances: Float64Array, d: number, ridge: number): void;
  /**
   * @param out - out: all factors, 0 before; those at `index` are written
   * @returns whether the covariance is positive definite and finite
   */
  factorInto(out: FactorArrays, covariances: Float64Array, index: number, d: number): boolean;
  /**
   * One standard deviation along the longest axis of a covariance.
   *
   * @param matrix - in: (d × d)
   * @param scales - in: (d) the units in which lengths are compared
   * @returns (d)
   */
  longestAxis(matrix: Float64Array, scales: Float64Array): Float64Array;
  /**
   * Takes `loss` times the squared axis off one stored covariance.
   *
   * @param covariance - in/out: begins with the covariance
   */
  shrinkAlong(covariance: Float64Array, axis: Float64Array, loss: number): void;
}

/** Stored covariances of k components. */
export function countCovariances(form: Form, k: number): number {
  return form.isShared ? 1 : k;
}

/** Numbers in the stored covariances of k components in d dimensions. */
export function covarianceLength(form: Form, k: number, d: number): number {
  return countCovariances(form, k) * form.covarianceSize(d);
}

/** The index of the stored covariance of component j. */
export function storedIndex(form: Form, j: number): number {
  return form.isShared ? 0 : j;
}
