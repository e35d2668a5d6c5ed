/** Parameters of a mixture as values: their shapes, ordering, one component's matrix. */

import { type CovarianceType, formOf } from './covariance/families.js';
import { storedIndex } from './covariance/form.js';

/** The distribution of a component: with `t`, the covariances are scale matrices. */
export type ComponentDensity = 'gaussian' | 't';

/** How the degrees of freedom of t components are estimated: one for each, one for all, or held at a number. */
export type DegreesOfFreedom = 'each' | 'shared' | number;

/** What distribution the components have, by whether there are degrees of freedom, or a way to estimate them. */
export function densityOf({ degreesOfFreedom }: { readonly degreesOfFreedom?: unknown }): ComponentDensity {
  return degreesOfFreedom === undefined ? 'gaussian' : 't';
}

/** Which mixtures: the family of their covariances, k and d, and whether there is noise. */
export interface ModelShape {
  readonly covarianceType: CovarianceType;
  /** k */
  readonly nComponents: number;
  /** d */
  readonly nFeatures: number;
  /** The density of the noise; undefined for mixtures without. */
  readonly noise?: NoiseDensity | undefined;
}

/** A shape without noise. */
export interface PlainShape extends ModelShape {
  readonly noise?: undefined;
}

/**
 * The parameters of a mixture of k Gaussians in d dimensions, flat and row-major.
 * `covariances`: full k·d·d, tied d·d, diag k·d, spherical k.
 */
export interface Parameters extends ModelShape {
  /** (k) mixing weights, which sum to 1, with noise to 1 less its weight. */
  readonly weights: Float64Array;
  /** (k × d) means. */
  readonly means: Float64Array;
  /** Covariances, in the form of their family. */
  readonly covariances: Float64Array;
  readonly noise?: Noise | undefined;
  /** (k) degrees of freedom, finite and > 0: then the components are Student's t, and `covariances` their scale matrices. */
  readonly degreesOfFreedom?: Float64Array;
}

/** A uniform density beside the components, for rows that belong to none. */
export interface NoiseDensity {
  /** −ln V, V the volume on which it is uniform. */
  readonly logDensity: number;
  /** A box of this volume about the data, from which noise is drawn; undefined where only V is known. */
  readonly box?: Box | undefined;
}

/** The noise of a mixture. */
export interface Noise extends NoiseDensity {
  /** π₀: the weights of the components sum to 1 less this. */
  readonly weight: number;
}

/** All points corner + Σ tₐ edgeₐ, with every tₐ from 0 to 1. */
export interface Box {
  /** (d) */
  readonly corner: Float64Array;
  /** (d × d) row-major: the edges, orthogonal vectors. */
  readonly edges: Float64Array;
}

/** What the noise leaves to the components: 1 − π₀. */
export function componentShare({ noise }: Parameters): number {
  return noise ? 1 - noise.weight : 1;
}

/**
 * The same components beside noise.
 *
 * @param mixture - any noise that it has is replaced
 * @param weight - π₀; the weights of the components are scaled to 1 − π₀
 */
export function addNoise(mixture: Parameters, density: NoiseDensity, weight: number): Parameters {
  const factor = (1 - weight) / componentShare(mixture);
  return {
    ...mixture,
    weights: mixture.weights.map((value) => factor * value),
    noise: { ...density, weight },
  };
}

/** @returns (d) the mean of the components: Σ π μ / Σ π */
export function centerOf({ nComponents: k, nFeatures: d, weights, means, noise }: Parameters): Float64Array {
  const center = new Float64Array(d);
  // Beside noise the weights sum to less than 1, and may all be 0. Without it they are taken as they are.
  const total = (noise?.weight && weights.reduce((sum, weight) => sum + weight, 0)) || 1;
  for (let j = 0; j < k; j++)
    for (let a = 0; a < d; a++) center[a] += (weights[j] / total) * means[j * d + a];
  return center;
}

/** Means, and the other parameters of a mixture where they are known. */
export interface KnownParameters {
  /** (k × d) */
  readonly means: Float64Array;
  /** (k) */
  readonly weights: Float64Array | undefined;
  /** Shaped by type. */
  readonly covariances: Float64Array | undefined;
  /** (k) */
  readonly degreesOfFreedom?: Float64Array | undefined;
}

/** A flat array nested to a shape, for JSON. */
export function nest(values: Float64Array, shape: readonly number[]): unknown {
  const [size, ...rest] = shape;
  if (rest.length === 0) return Array.from(values);
  const step = values.length / size;
  return Array.from({ length: size }, (_, i) => nest(values.subarray(i * step, (i + 1) * step), rest));
}

/**
 * The covariance of component j as a (d × d) matrix, whatever the family.
 *
 * @param out - out: (d × d) row-major
 */
export function covarianceOfInto(out: Float64Array, parameters: Parameters, j: number): void {
  const { covarianceType, covariances, nFeatures: d } = parameters;
  const form = formOf(covarianceType);
  form.matrixInto(out, covariances, storedIndex(form, j), d);
}

/** The same mixture with its components in the order given: `order[j]` is the old index of component j. */
export function permute(parameters: Parameters, order: readonly number[]): Parameters {
  const { covarianceType, nFeatures: d } = parameters;
  const form = formOf(covarianceType);
  const pick = (values: Float64Array, size: number): Float64Array => {
    const out = new Float64Array(values.length);
    order.forEach((old, j) => {
      out.set(values.subarray(old * size, (old + 1) * size), j * size);
    });
    return out;
  };
  const { degreesOfFreedom } = parameters;
  return {
    ...parameters,
    ...(degreesOfFreedom && { degreesOfFreedom: pick(degreesOfFreedom, 1) }),
    weights: pick(parameters.weights, 1),
    means: pick(parameters.means, d),
    covariances: form.isShared
      ? parameters.covariances.slice()
      : pick(parameters.covariances, form.covarianceSize(d)),
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
