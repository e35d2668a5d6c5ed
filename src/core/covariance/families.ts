/** The list of families: a new one is a file in families/ and an entry here. */

import { DIAG } from './families/diag.js';
import { FULL } from './families/full.js';
import { SPHERICAL } from './families/spherical.js';
import { TIED } from './families/tied.js';
import { contains, type Family } from './family.js';
import type { Form } from './form.js';

/** In the order in which they are listed and tried. */
const FAMILIES = [FULL, TIED, DIAG, SPHERICAL] as const;

/**
 * The name of a family of covariances, and the name that R's mclust has for it: `full` (VVV) one matrix for each component,
 * `tied` (EEE) one matrix for all, `diag` (VVI) one variance for each column of a component, `spherical` (VII) one variance for
 * each component.
 */
export type CovarianceType = (typeof FAMILIES)[number]['name'];

/** All names, in the order in which they are listed and tried. */
export const COVARIANCE_TYPES: readonly CovarianceType[] = FAMILIES.map(({ name }) => name);

const BY_NAME: ReadonlyMap<string, Family<CovarianceType>> = new Map(
  FAMILIES.map((family) => [family.name, family]),
);

export function familyOf(type: CovarianceType): Family<CovarianceType> {
  const family = BY_NAME.get(type);
  if (!family) throw new Error(`there is no family ${type}`);
  return family;
}

export function formOf(type: CovarianceType): Form {
  return familyOf(type).form;
}

/** Whether mixtures of `type` include those of `other` with as many components. */
export function containsType(type: CovarianceType, other: CovarianceType): boolean {
  return contains(familyOf(type), familyOf(other));
}

/**
 * The types that are different models in d dimensions. In one dimension only the volume is left, equal or variable: the first
 * family of the list stands for all with the same letter.
 *
 * @returns the types in the order given, each model once
 */
export function distinctTypes(types: readonly CovarianceType[], d: number): CovarianceType[] {
  const volumeOf = (type: CovarianceType) => familyOf(type).letters[0];
  const names = types.map((type) =>
    d > 1 ? type : (COVARIANCE_TYPES.find((other) => volumeOf(other) === volumeOf(type)) ?? type),
  );
  return [...new Set(names)];
}

/**
 * Free parameters of a mixture of Gaussians: the covariances', k·d means, k − 1 weights unless they are held equal, and the weight of
 * the noise. Its volume is not estimated.
 */
export function countParameters(
  type: CovarianceType,
  k: number,
  d: number,
  equalWeights = false,
  hasNoise = false,
): number {
  return familyOf(type).countParameters(k, d) + k * d + (equalWeights ? 0 : k - 1) + (hasNoise ? 1 : 0);
}
