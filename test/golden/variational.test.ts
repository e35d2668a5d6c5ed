/** Each iteration of a variational fit is compared with scikit-learn's BayesianGaussianMixture (test/golden/reference). */

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sortComponents } from '../../src/core/parameters.js';
import type { Dataset as Rows } from '../../src/index.js';
import type { CovarianceType, WeightPrior } from '../../src/types.js';
import { expectClose } from '../close.js';
import { Dataset, fit } from '../package.js';
import { DATA } from './data.js';

/** The rounding of 20 iterations, relative to the bound. */
const BOUND = 1e-10;
/** Of parameters, some of which a component with hardly any rows has. */
const PARAMETERS = 1e-7;

interface Reference {
  data: 'faithful' | 'iris' | 'quakes';
  nComponents: number;
  covarianceType: CovarianceType;
  weightPrior: WeightPrior;
  priors: {
    weight_concentration_prior?: number;
    mean_precision_prior?: number;
    mean_prior?: number[];
    degrees_of_freedom_prior?: number;
    covariance_prior?: number | number[] | number[][];
  };
  lowerBounds: number[];
  weights: number[];
  means: number[][];
  covariances: number[] | number[][] | number[][][];
}

const quakes = fileURLToPath(new URL('../first-look/tables/quakes.tsv', import.meta.url));
const ROWS = { ...DATA, quakes: await Dataset.read(quakes) };
const references: Reference[] = JSON.parse(
  await readFile(new URL('reference/variational.json', import.meta.url), 'utf8'),
);
const flatten = (nested: unknown) => Float64Array.from((nested as number[][][]).flat(2));

/** Rows in the order of the first column, cut into k parts of equal size; as in reference/variational.py. */
function cutByFirstColumn({ nSamples: n, nFeatures: d, sharedRows }: Rows, k: number): number[][] {
  const first = Array.from({ length: n }, (_, i) => {
    const chunk = Math.floor(i / sharedRows.chunkRows);
    return sharedRows.chunks[chunk][(i - chunk * sharedRows.chunkRows) * d];
  });
  const order = [...first.keys()].sort((i, j) => first[i] - first[j] || i - j);
  const responsibilities: number[][] = [];
  order.forEach((i, rank) => {
    const part = Math.floor((rank * k) / n);
    responsibilities[i] = Array.from({ length: k }, (_, j) => 0.2 / k + (j === part ? 0.8 : 0));
  });
  return responsibilities;
}

describe.each(references)('$data, $covarianceType, $weightPrior', (reference) => {
  const { data, nComponents: k, covarianceType, weightPrior, priors } = reference;

  it('has every lower bound of the reference, and its parameters', async () => {
    const rows = ROWS[data];
    const result = await fit(rows, {
      nComponents: k,
      covarianceType,
      method: 'variational',
      weightPrior,
      concentration: priors.weight_concentration_prior,
      meanPrecision: priors.mean_precision_prior,
      meanPrior: priors.mean_prior,
      degreesOfFreedomPrior: priors.degrees_of_freedom_prior,
      covariancePrior: priors.covariance_prior,
      init: { responsibilities: cutByFirstColumn(rows, k) },
      tol: 0,
      maxIter: 19,
    });
    const { lowerBounds = [] } = result;
    expect(result.status).toBe('max-iter');
    expect(lowerBounds).toHaveLength(20);
    expectClose(lowerBounds, reference.lowerBounds, BOUND, 1);
    expect(result.lowerBound).toBe(lowerBounds.at(-1));

    const expected = sortComponents({
      ...{ covarianceType, nComponents: k, nFeatures: rows.nFeatures },
      weights: Float64Array.from(reference.weights),
      means: flatten(reference.means),
      covariances: flatten(reference.covariances),
    });
    expectClose(result.model.weights, expected.weights, PARAMETERS);
    expectClose(result.model.means, expected.means, PARAMETERS);
    expectClose(result.model.covariances, expected.covariances, PARAMETERS, 1);
  });
});
