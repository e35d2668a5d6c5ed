/** Public records: mixtures, start values, noise and priors as callers write them. */

import type { Parameters } from './core/parameters.js';

/** Several numbers: a typed array, or a plain array. */
export type NumberArray = Float64Array | Float32Array | readonly number[];

/** Parameters of a mixture as a caller writes them: nested, or flat in row-major order. */
export interface ParametersInput {
  /** (k) >= 0, sum 1, with noise 1 less its weight. */
  weights: NumberArray;
  /** (k × d) */
  means: NumberArray | readonly NumberArray[];
  /** Symmetric positive definite, shaped by type: full k × d × d, tied d × d, diag k × d, spherical k. */
  covariances: NumberArray | readonly NumberArray[] | readonly (readonly NumberArray[])[];
  /** (k) > 0, or one number for all: then the components are Student's t, and `covariances` their scale matrices. */
  degreesOfFreedom?: NumberArray | number | undefined;
  /** A uniform density beside the components. */
  noise?: NoiseParametersInput | undefined;
}

/** The noise of a mixture as a caller writes it, with one of `volume` and `logDensity`. */
export interface NoiseParametersInput {
  /** π₀, 0 to 1: the weights of the components sum to 1 less this. */
  weight: number;
  /** V > 0, in the units of the columns. */
  volume?: number | undefined;
  /** −ln V. */
  logDensity?: number | undefined;
  /** The box from which noise is drawn, of volume V: all points corner (d) + Σ tₐ edgeₐ (d × d, at right angles), tₐ from 0 to 1. */
  box?: { corner: NumberArray; edges: NumberArray | readonly NumberArray[] } | undefined;
}

/** Means to start from, and other known parameters. Missing parameters are estimated from the rows nearest to each mean. */
export interface MeansInput {
  /** (k × d) nested, or flat in row-major order. */
  means: ParametersInput['means'];
  /** (k) */
  weights?: ParametersInput['weights'] | undefined;
  /** Shaped by type, as in `ParametersInput`. */
  covariances?: ParametersInput['covariances'] | undefined;
  /** (k), or one number for all; for `components: 't'`. */
  degreesOfFreedom?: ParametersInput['degreesOfFreedom'];
}

/** A clustering to start from. */
export interface LabelsInput {
  /** (n) index of the component of every row, 0 to k − 1. */
  labels: ArrayLike<number>;
}

/** A soft clustering to start from. */
export interface ResponsibilitiesInput {
  /** (n × k) nested or flat: the probability of every component for every row; each row sums to 1. */
  responsibilities: NumberArray | readonly NumberArray[];
}

/** A model to start from: a `GaussianMixture`, or a result that holds one. It must have the type, k and columns of the fit. */
export type ModelInput = Parameters | { readonly model: Parameters };

/** Start values from the caller. */
export type InitInput = ParametersInput | MeansInput | LabelsInput | ResponsibilitiesInput | ModelInput;

/** Noise of a given volume. */
export interface NoiseInput {
  /** V > 0, in the units of the columns; default: that of the data. */
  volume?: number | undefined;
}

/**
 * The conjugate prior of every component: μ | Σ ~ N(mean, Σ / meanShrinkage), Σ ~ inverse Wishart(degreesOfFreedom, scale). With one
 * covariance for all components it has the prior once. Missing fields have their defaults.
 */
export interface PriorInput {
  /** In rows, >= 0; default 0.01. With 0 means are free. */
  meanShrinkage?: number | undefined;
  /** (d) default: the data's mean. */
  mean?: NumberArray | undefined;
  /** More than d − 1; default d + 2. */
  degreesOfFreedom?: number | undefined;
  /** (d × d) nested or flat, symmetric positive definite, in squared units; default: the data's covariance / k^(2/d). */
  scale?: NumberArray | readonly NumberArray[] | undefined;
}
