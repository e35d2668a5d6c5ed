/**
 * The best known maxima, and the judgement of a fit against them. The maxima are those of mclust 6.0.0, run to 1e-14
 * without ridge; two are higher ones that this package found and `judge` verified (three `diag` components).
 */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Dataset, FitResult } from '../../src/index.js';
import type { CovarianceType, Parameters } from '../../src/types.js';
import { estimateMixture } from '../closed-form.js';
import { createTwin } from '../kernel/scalar-twin.js';
import { computeMoments, covarianceOf } from '../laws/moments.js';
import type { DATA } from './data.js';

/** A fit reaches a maximum when its log-likelihood is this close to it. */
export const CLOSE = 0.01;

/** The log-likelihood is a sum of some hundred logarithms, computed here in another order. */
const SAME_SUM = 1e-9;

/** The default `covarianceFloor`: a variance at the floor means a collapsed component. */
const FLOOR = 1e-6;

/** The default `tol`: near a maximum one EM step gains less than this, per row. */
const TOL = 1e-6;

export interface BestKnown {
  readonly data: keyof typeof DATA;
  readonly k: number;
  readonly type: CovarianceType;
  readonly logLikelihood: number;
  readonly nParameters: number;
  readonly bic?: number;
  readonly icl?: number;
  readonly weights?: readonly number[];
  readonly means?: readonly number[];
  readonly sizes?: readonly number[];
}

export const BEST_KNOWN: readonly BestKnown[] = [
  { data: 'faithful', k: 1, type: 'full', nParameters: 5, logLikelihood: -1289.796745, bic: 2607.6225 },
  { data: 'faithful', k: 1, type: 'tied', nParameters: 5, logLikelihood: -1289.796745, bic: 2607.6225 },
  {
    data: 'faithful',
    k: 2,
    type: 'full',
    nParameters: 11,
    logLikelihood: -1130.26396,
    bic: 2322.1917,
    icl: 2322.7047,
    weights: [0.64412714, 0.35587286],
    sizes: [175, 97],
  },
  { data: 'faithful', k: 2, type: 'tied', nParameters: 8, logLikelihood: -1140.186759, bic: 2325.2199 },
  { data: 'faithful', k: 2, type: 'diag', nParameters: 9, logLikelihood: -1147.806353, bic: 2346.0649 },
  { data: 'faithful', k: 2, type: 'spherical', nParameters: 7, logLikelihood: -1709.529282, bic: 3458.2992 },
  {
    data: 'faithful',
    k: 3,
    type: 'tied',
    nParameters: 11,
    logLikelihood: -1126.315928,
    bic: 2314.2957,
    weights: [0.475017, 0.356378, 0.168605],
  },
  { data: 'faithful', k: 3, type: 'diag', nParameters: 14, logLikelihood: -1127.007519 },
  {
    data: 'waiting',
    k: 2,
    type: 'full',
    nParameters: 5,
    logLikelihood: -1034.00175,
    weights: [0.639114, 0.360886],
    means: [80.0911, 54.6149],
  },
  { data: 'waiting', k: 2, type: 'tied', nParameters: 4, logLikelihood: -1034.00176 },
  { data: 'iris', k: 1, type: 'full', nParameters: 14, logLikelihood: -379.91463 },
  { data: 'iris', k: 2, type: 'full', nParameters: 29, logLikelihood: -214.354704, bic: 574.0178 },
  { data: 'iris', k: 2, type: 'tied', nParameters: 19, logLikelihood: -296.447575 },
  { data: 'iris', k: 2, type: 'diag', nParameters: 17, logLikelihood: -386.185347 },
  { data: 'iris', k: 2, type: 'spherical', nParameters: 11, logLikelihood: -478.559096 },
  {
    data: 'iris',
    k: 3,
    type: 'full',
    nParameters: 44,
    logLikelihood: -180.185477,
    bic: 580.8389,
    sizes: [55, 50, 45],
  },
  { data: 'iris', k: 3, type: 'tied', nParameters: 24, logLikelihood: -256.354043 },
  { data: 'iris', k: 3, type: 'diag', nParameters: 26, logLikelihood: -306.860461 },
  { data: 'iris', k: 3, type: 'spherical', nParameters: 17, logLikelihood: -384.314095 },
];

/**
 * Judges a log-likelihood against the best known maximum. A higher log-likelihood is an error of the fit, or a maximum
 * that the reference does not know; both are reported.
 *
 * @returns what is wrong, in words; undefined if the fit reaches the maximum
 */
export function judge(data: Dataset, result: FitResult, known: number): string | undefined {
  const { logLikelihood } = result;
  if (Math.abs(logLikelihood - known) <= CLOSE) return undefined;
  if (!(logLikelihood > known)) return `${logLikelihood} is worse than the best known maximum, ${known}`;
  const fault = findFault(data, result);
  return fault === undefined
    ? `the reference is out of date: ${logLikelihood} is a verified maximum above ${known}; record it`
    : `${logLikelihood} is above the best known maximum, ${known}, but ${fault}`;
}

/** @returns why the result is no admissible maximum; undefined if it is one */
function findFault(data: Dataset, { model, status, logLikelihood }: FitResult): string | undefined {
  const [n, d, k] = [data.nSamples, data.nFeatures, model.nComponents];
  if (status !== 'converged') return `its status is '${status}'`;
  const rows = new Float64Array(n * d);
  for (let i = 0; i < n; i++) rows.set(data.row(i), i * d);

  const now = passOver(model, rows);
  if (Math.abs(now.logLikelihood - logLikelihood) > SAME_SUM * n)
    return `its parameters have the log-likelihood ${now.logLikelihood}`;

  const { covariance } = computeMoments(rows, d);
  for (let j = 0; j < k; j++) {
    const count = now.shares.reduce((sum, share, at) => sum + (at % k === j ? share : 0), 0);
    if (count <= d) return `component ${j} has ${count} effective rows in ${d} dimensions`;
    const variance = smallestVariance(covarianceOf(model, j), covariance, d);
    if (variance < 10 * FLOOR)
      return `component ${j} collapsed: its smallest relative variance is ${variance}`;
  }

  const next = passOver(estimateMixture(model.covarianceType, rows, now.shares, k), rows);
  const gain = next.logLikelihood - now.logLikelihood;
  if (Math.abs(gain) > TOL * n) return `one more EM step changes it by ${gain}`;
  return undefined;
}

/** The log-likelihood and the responsibilities (n × k), by the textbook's E-step. */
function passOver(mixture: Parameters, rows: Float64Array) {
  const twin = createTwin(mixture);
  const shares: number[] = [];
  let logLikelihood = 0;
  for (let offset = 0; offset < rows.length; offset += mixture.nFeatures) {
    const row = twin.add(rows, offset, 1);
    shares.push(...row.responsibilities);
    logLikelihood += row.logDensity;
  }
  return { logLikelihood, shares };
}

/** The smallest eigenvalue of a covariance (d × d) in units of each column's standard deviation. */
function smallestVariance(covariance: Float64Array, ofData: Float64Array, d: number): number {
  const scaled = covariance.map((value, i) => {
    const [a, b] = [Math.floor(i / d), i % d];
    return value / Math.sqrt(ofData[a * (d + 1)] * ofData[b * (d + 1)]);
  });
  const matrix = Matrix.from1DArray(d, d, scaled);
  return Math.min(...new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues);
}
