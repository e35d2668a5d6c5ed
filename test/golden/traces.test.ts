/** Each iteration of exact EM is compared with an independent implementation in 80-bit arithmetic (test/golden/reference). */

import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES } from '../../src/core/covariance/families.js';
import { sortComponents } from '../../src/core/parameters.js';
import type { CovarianceType, ParametersInput } from '../../src/types.js';
import { expectClose } from '../close.js';
import { fit } from '../package.js';
import { DATA } from './data.js';

/** The rounding of 25 iterations; the implementations agree to about 1e-10. */
const TRACE = 1e-9;

interface Reference extends ParametersInput {
  init: ParametersInput;
  nComponents: number;
  logLikelihoods: number[];
  logLikelihood: number;
  /** 2 Σ ln max r */
  icl_entropy_term: number;
  responsibilitiesFirstRows: number[][];
}

const flatten = (nested: unknown) => Float64Array.from((nested as number[][][]).flat(2));

describe.each(
  COVARIANCE_TYPES.flatMap((type) => [
    { data: 'faithful' as const, k: 2, type },
    { data: 'iris' as const, k: 3, type },
  ]),
)('$data, k = $k, $type', ({ data, k, type }) => {
  it('follows every log-likelihood to the same parameters', async () => {
    const file = new URL(`reference/${data}-k${k}-${type}.json`, import.meta.url);
    const reference: Reference = JSON.parse(await readFile(file, 'utf8'));
    const result = await fit(DATA[data], {
      nComponents: k,
      covarianceType: type,
      init: reference.init,
      convergence: 'change',
      tol: 0,
      maxIter: 25,
      acceleration: 'none',
      covarianceFloor: 0,
    });
    expect(result.status).toBe('max-iter');
    expect(result.nIterations).toBe(25);
    expectClose(result.logLikelihoods, reference.logLikelihoods, TRACE);
    expectClose([result.logLikelihood], [reference.logLikelihood], TRACE);
    expectClose([result.bic - result.icl], [reference.icl_entropy_term], TRACE, 1);

    const expected = sortComponents(parametersOf(reference, type, DATA[data].nFeatures));
    expectClose(result.model.weights, expected.weights, TRACE);
    expectClose(result.model.means, expected.means, TRACE);
    expectClose(result.model.covariances, expected.covariances, TRACE);

    const order = [...reference.weights.keys()].sort((i, j) => reference.weights[j] - reference.weights[i]);
    const firstRows = reference.responsibilitiesFirstRows.flatMap((row) => order.map((j) => row[j]));
    const responsibilities = await result.model.predictProba(DATA[data]);
    expectClose(responsibilities.subarray(0, firstRows.length), firstRows, TRACE, 1);
  });
});

function parametersOf(reference: Reference, covarianceType: CovarianceType, nFeatures: number) {
  const { nComponents, weights, means, covariances } = reference;
  return {
    covarianceType,
    nComponents,
    nFeatures,
    weights: flatten(weights),
    means: flatten(means),
    covariances: flatten(covariances),
  };
}
