/** Parameters of a mixture as values: their shapes, ordering, one component's matrix. */

import { type CovarianceType, covarianceLength } from './covariance-type.js';

/**
 * The parameters of a mixture of k Gaussians in d dimensions, flat and row-major.
 * `covariances`: full k·d·d, tied d·d, diag k·d, spherical k.
 */
export interface Parameters {
  readonly covarianceType: CovarianceType;
  readonly nComponents: number;
  readonly nFeatures: number;
  /** (k) mixing weights, which sum to 1. */
  readonly weights: Float64Array;
  /** (k × d) means. */
  readonly means: Float64Array;
  /** Covariances, shaped by type. */
  readonly covariances: Float64Array;
}

/** Means, and the other parameters of a mixture where they are known. */
export interface KnownParameters {
  /** (k × d) */
  readonly means: Float64Array;
  /** (k) */
  readonly weights: Float64Array | undefined;
  /** Shaped by type. */
  readonly covariances: Float64Array | undefined;
}

/** The shape that `covariances` are nested in, outermost first. */
export function covarianceShape(type: CovarianceType, k: number, d: number): number[] {
  return { full: [k, d, d], tied: [d, d], diag: [k, d], spherical: [k] }[type];
}

/** A flat array nested to a shape, for JSON. */
export function nest(values: Float64Array, shape: readonly number[]): unknown {
  const [size, ...rest] = shape;
  if (rest.length === 0) return Array.from(values);
  const step = values.length / size;
  return Array.from({ length: size }, (_, i) => nest(values.subarray(i * step, (i + 1) * step), rest));
}

/**
 * The covariance of component j as a (d × d) matrix, whatever the type.
 *
 * @param out - out: (d × d) row-major
 */
export function covarianceOfInto(out: Float64Array, parameters: Parameters, j: number): void {
  const { covarianceType, covariances, nFeatures: d } = parameters;
  if (covarianceType === 'full' || covarianceType === 'tied') {
    const offset = covarianceType === 'full' ? j * d * d : 0;
    out.set(covariances.subarray(offset, offset + d * d));
    return;
  }
  out.fill(0);
  for (let a = 0; a < d; a++) out[a * d + a] = covariances[covarianceType === 'diag' ? j * d + a : j];
}

/** The same mixture with its components in the order given: `order[j]` is the old index of component j. */
export function permute(parameters: Parameters, order: readonly number[]): Parameters {
  const { covarianceType, nComponents: k, nFeatures: d } = parameters;
  const pick = (values: Float64Array, size: number): Float64Array => {
    const out = new Float64Array(values.length);
    order.forEach((old, j) => {
      out.set(values.subarray(old * size, (old + 1) * size), j * size);
    });
    return out;
  };
  return {
    ...parameters,
    weights: pick(parameters.weights, 1),
    means: pick(parameters.means, d),
    covariances:
      covarianceType === 'tied'
        ? parameters.covariances.slice()
        : pick(parameters.covariances, covarianceLength(covarianceType, k, d) / k),
  };
}

/** Components by falling weight, then by mean, first column first: the order in which every model lists them. */
export function sortComponents(parameters: Parameters): Parameters {
  const { nFeatures: d, weights, means } = parameters;
  const order = Array.from(weights.keys()).sort((i, j) => {
    if (weights[i] !== weights[j]) return weights[j] - weights[i];
    for (let a = 0; a < d; a++) {
      if (means[i * d + a] !== means[j * d + a]) return means[i * d + a] - means[j * d + a];
    }
    return i - j;
  });
  return permute(parameters, order);
}
