/** A mixture as a list of components, so that some can be taken out and others put in. */

import { type CovarianceType, familyOf } from './covariance/families.js';
import { covarianceLength, storedIndex } from './covariance/form.js';
import { addNoise, covarianceOfInto, type Noise, type Parameters } from './parameters.js';

export interface Component {
  readonly weight: number;
  /** (d) */
  readonly mean: Float64Array;
  /** (d × d) */
  readonly covariance: Float64Array;
  /** Of a t component, whose covariance is its scale matrix. */
  readonly degreesOfFreedom?: number | undefined;
}

export function componentsOf(parameters: Parameters): Component[] {
  const { nComponents: k, nFeatures: d, weights, means, degreesOfFreedom } = parameters;
  return Array.from({ length: k }, (_, j) => {
    const covariance = new Float64Array(d * d);
    covarianceOfInto(covariance, parameters, j);
    const component = { weight: weights[j], mean: means.slice(j * d, (j + 1) * d), covariance };
    return degreesOfFreedom ? { ...component, degreesOfFreedom: degreesOfFreedom[j] } : component;
  });
}

/** One component with the weight, mean and covariance that two have together; of t components with scale matrices for covariances. */
export function mergeComponents(one: Component, other: Component): Component {
  const d = one.mean.length;
  const weight = one.weight + other.weight;
  const share = weight > 0 ? one.weight / weight : 0.5;
  const mean = one.mean.map((value, a) => share * value + (1 - share) * other.mean[a]);
  const covariance = one.covariance.map((value, at) => {
    const [a, b] = [Math.floor(at / d), at % d];
    const between = (one.mean[a] - other.mean[a]) * (one.mean[b] - other.mean[b]);
    return share * value + (1 - share) * other.covariance[at] + share * (1 - share) * between;
  });
  return { weight, mean, covariance, degreesOfFreedom: mergeDegrees(one, other, share) };
}

/** Between two: the weighted mean of their logarithms. */
function mergeDegrees(
  { degreesOfFreedom: one }: Component,
  { degreesOfFreedom: other }: Component,
  share: number,
): number | undefined {
  if (one === undefined || other === undefined) return undefined;
  return Math.exp(share * Math.log(one) + (1 - share) * Math.log(other));
}

/**
 * The mixture of these components in a family. Weights are divided by their sum; components that share a covariance get the mean
 * of theirs.
 *
 * @param noise - beside the components
 */
export function assembleMixture(
  covarianceType: CovarianceType,
  components: readonly Component[],
  noise?: Noise,
): Parameters {
  const { form, estimate } = familyOf(covarianceType);
  const k = components.length;
  const d = components[0].mean.length;
  const total = components.reduce((sum, { weight }) => sum + weight, 0);
  const weights = Float64Array.from(components, ({ weight }) => weight / total);
  const means = new Float64Array(k * d);
  const covariances = new Float64Array(covarianceLength(form, k, d));
  const size = form.covarianceSize(d);
  components.forEach(({ mean, covariance }, j) => {
    means.set(mean, j * d);
    const stored = form.fromMatrix(covariance, d);
    if (form.isShared) for (let i = 0; i < size; i++) covariances[i] += weights[j] * stored[i];
    else covariances.set(stored, storedIndex(form, j) * size);
  });
  const degrees = components.flatMap(({ degreesOfFreedom }) => degreesOfFreedom ?? []);
  const mixture: Parameters = {
    ...(degrees.length === k && { degreesOfFreedom: Float64Array.from(degrees) }),
    covarianceType,
    nComponents: k,
    nFeatures: d,
    weights,
    means,
    covariances: estimate({ covariances, counts: weights, nFeatures: d }),
  };
  return noise ? addNoise(mixture, noise, noise.weight) : mixture;
}
