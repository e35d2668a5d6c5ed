/**
 * The four shapes of covariance as a table of sizes: everything that differs by type only in how many
 * numbers there are.
 */

/** Shape of the covariances: `full` one matrix a component, `tied` one matrix for all, `diag` one variance a column, `spherical` one variance a component. */
export type CovarianceType = 'full' | 'tied' | 'diag' | 'spherical';

/** The covariance types, in the order in which they are listed and tried. */
export const COVARIANCE_TYPES: readonly CovarianceType[] = ['full', 'tied', 'diag', 'spherical'];

/** Length of a packed lower triangle, diagonal included. */
export function triangleLength(d: number): number {
  return (d * (d + 1)) / 2;
}

/**
 * The types that are different models in d dimensions. In one, a matrix, its diagonal and one variance are the same, which
 * goes by the name of `full`; `tied`, one variance for all components, is another model.
 *
 * @returns the types in the order given, each model once
 */
export function distinctTypes(types: readonly CovarianceType[], d: number): CovarianceType[] {
  const names = types.map((type) => (d === 1 && type !== 'tied' ? 'full' : type));
  return [...new Set(names)];
}

/** Numbers in the `covariances` of k components in d dimensions: full k·d·d, tied d·d, diag k·d, spherical k. */
export function covarianceLength(type: CovarianceType, k: number, d: number): number {
  switch (type) {
    case 'full':
      return k * d * d;
    case 'tied':
      return d * d;
    case 'diag':
      return k * d;
    case 'spherical':
      return k;
  }
}

/**
 * Free parameters of a mixture: the covariances', k·d means and, unless they are held equal, k − 1 weights.
 */
export function countParameters(type: CovarianceType, k: number, d: number, equalWeights = false): number {
  const covariances = {
    full: k * triangleLength(d),
    tied: triangleLength(d),
    diag: k * d,
    spherical: k,
  }[type];
  return covariances + k * d + (equalWeights ? 0 : k - 1);
}

/**
 * Numbers of one component's scatter Σ r (x − μ)(x − μ)ᵀ that the M-step needs: its lower triangle, its
 * diagonal, its trace; for `tied` none, the total scatter of the data being known.
 */
export function scatterLength(type: CovarianceType, d: number): number {
  switch (type) {
    case 'full':
      return triangleLength(d);
    case 'tied':
      return 0;
    case 'diag':
      return d;
    case 'spherical':
      return 1;
  }
}
