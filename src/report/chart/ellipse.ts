/**
 * Lines of equal density of a Gaussian in two dimensions: a share p of its points lies where
 * (x − μ)ᵀ Σ⁻¹ (x − μ) <= χ²₂(p) = −2 ln(1 − p), an ellipse with half axes √(λ χ²) along Σ's eigenvectors. Of a t component with
 * the scale matrix Σ the squared radius is ν ((1 − p)^(−2/ν) − 1).
 */

import type { FormName } from '../../core/covariance/form.js';
import type { Parameters } from '../../types.js';

/** A mixture as charts see it: how its covariances are stored, whatever family they are of. */
export interface DrawnMixture extends Omit<Parameters, 'covarianceType'> {
  readonly form: FormName;
}

/** A symmetric 2 × 2 matrix. */
export interface Covariance2 {
  xx: number;
  xy: number;
  yy: number;
}

/** An ellipse about the origin. */
export interface Ellipse {
  /** Half the longer axis. */
  major: number;
  /** Half the shorter axis. */
  minor: number;
  /** Direction of the longer axis from x towards y, in radians. */
  angle: number;
}

/**
 * @param mixture - the mixture
 * @param component - number of the Gaussian
 * @param a - first column
 * @param b - second column; may be the first
 * @returns Σₐ_b of that component
 */
export function covarianceAt(mixture: DrawnMixture, component: number, a: number, b: number): number {
  const { form, covariances, nFeatures: d } = mixture;
  switch (form) {
    case 'full':
      return covariances[(component * d + a) * d + b];
    case 'tied':
      return covariances[a * d + b];
    case 'diagonal':
      return a === b ? covariances[component * d + a] : 0;
    case 'spherical':
      return a === b ? covariances[component] : 0;
  }
}

/**
 * @param p - share of the points inside, 0 <= p < 1
 * @returns the p-quantile of the chi-square distribution with 2 degrees of freedom: the squared radius
 */
export function chiSquare2(p: number): number {
  return -2 * Math.log(1 - p);
}

/**
 * @param degrees - of freedom; undefined for a Gaussian
 * @returns the squared radius within which a share p of the points lies, in units of Σ
 */
export function squaredRadius(p: number, degrees: number | undefined): number {
  return degrees === undefined ? chiSquare2(p) : degrees * Math.expm1((-2 / degrees) * Math.log1p(-p));
}

/**
 * The eigenvalues of a 2 × 2 matrix are m ± h with m = (Σxx + Σyy) / 2 and h = √(((Σxx − Σyy) / 2)² + Σxy²). Their product
 * is det Σ, which gives the smaller one without cancellation.
 *
 * @param covariance - positive semi-definite
 * @param p - share of the points inside, 0 <= p < 1
 * @param degrees - degrees of freedom of a t component, whose scale matrix is given
 * @returns the ellipse that holds them
 */
export function computeEllipse({ xx, xy, yy }: Covariance2, p: number, degrees?: number): Ellipse {
  const large = (xx + yy) / 2 + Math.hypot((xx - yy) / 2, xy);
  const small = large > 0 ? xx * (yy / large) - xy * (xy / large) : 0;
  // Rounding may leave a little less than 0.
  const radius = squaredRadius(p, degrees);
  const halfAxis = (eigenvalue: number) => Math.sqrt(Math.max(0, eigenvalue) * radius);
  return { major: halfAxis(large), minor: halfAxis(small), angle: Math.atan2(2 * xy, xx - yy) / 2 };
}
