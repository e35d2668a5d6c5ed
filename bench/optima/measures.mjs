/** Measures of a fitted mixture that tell a sensible optimum from a spurious optimum. */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Rows of a fresh sample: the mean log-density of a mixture is then known to some 0.005. */
export const FRESH_ROWS = 100_000;

/** (d × d) The covariance of the rows, about their mean. */
function computeCovariance({ rows, n, d }) {
  const mean = new Float64Array(d);
  for (let i = 0; i < rows.length; i++) mean[i % d] += rows[i] / n;
  const covariance = new Float64Array(d * d);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < d; a++) {
      const deviation = rows[i * d + a] - mean[a];
      for (let b = 0; b <= a; b++) covariance[a * d + b] += (deviation * (rows[i * d + b] - mean[b])) / n;
    }
  }
  for (let a = 0; a < d; a++) for (let b = 0; b < a; b++) covariance[b * d + a] = covariance[a * d + b];
  return covariance;
}

const matrixOf = (values, offset, d) => Matrix.from1DArray(d, d, values.subarray(offset, offset + d * d));

/** Directions with a smaller part of the largest variance are none of the data's. */
const NO_DIRECTION = 1e-12;

/** (d × d) S^(-1/2) of the data's covariance S, and the projector on directions in which the data do not vary. */
function computeInverseRoot(covariance, d) {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrixOf(covariance, 0, d), {
    assumeSymmetric: true,
  });
  const least = NO_DIRECTION * Math.max(...realEigenvalues);
  const turnBack = (diagonal) =>
    eigenvectorMatrix.mmul(Matrix.diag(diagonal)).mmul(eigenvectorMatrix.transpose());
  return {
    root: turnBack(realEigenvalues.map((value) => (value > least ? 1 / Math.sqrt(value) : 0))),
    rest: turnBack(realEigenvalues.map((value) => (value > least ? 0 : 1))),
  };
}

function smallestOfMatrices(covariances, total, d) {
  const { root, rest } = computeInverseRoot(total, d);
  let smallest = Number.POSITIVE_INFINITY;
  for (let offset = 0; offset < covariances.length; offset += d * d) {
    const relative = root
      .mmul(matrixOf(covariances, offset, d))
      .mmul(root)
      .add(rest);
    const { realEigenvalues } = new EigenvalueDecomposition(relative, { assumeSymmetric: true });
    smallest = Math.min(smallest, ...realEigenvalues);
  }
  return smallest;
}

/**
 * The smallest eigenvalue of a component's covariance relative to the data's covariance; for variances along the columns the
 * smallest ratio of variances, for `spherical` the smallest ratio to the mean variance.
 *
 * @param total - in: (d × d) covariance of the data
 */
function computeSmallestVariance({ covarianceType, covariances }, total) {
  const d = Math.sqrt(total.length);
  const own = Float64Array.from({ length: d }, (_, a) => total[a * d + a]);
  if (covarianceType === 'diag') return Math.min(...covariances.map((value, i) => value / own[i % d]));
  if (covarianceType === 'spherical') {
    return Math.min(...covariances) / (own.reduce((sum, value) => sum + value, 0) / d);
  }
  return smallestOfMatrices(covariances, total, d);
}

/** The smallest component in effective rows. */
const computeSmallestRows = ({ weights }, n) => n * Math.min(...weights);

/** Mean log-density of fresh rows of the same mixture; undefined for a real table. */
export async function scoreFresh(model, { fresh, engine }) {
  return fresh && model.score(fresh, { engine });
}

/**
 * A problem's rows, its fresh rows and its covariance, ready for fits with one build.
 *
 * @param build - as `openBuild` returns it
 * @param freshRows - in: rows for `scoreFresh`, or undefined
 */
export async function prepareProblem({ exports, engine }, loaded, freshRows) {
  const { rows, d } = loaded;
  return {
    ...loaded,
    engine,
    total: computeCovariance(loaded),
    data: await exports.Dataset.from(rows, { nFeatures: d }),
    fresh: freshRows && (await exports.Dataset.from(freshRows, { nFeatures: d })),
  };
}

/** The measures of a fit that need only its rows. */
export function measureShape({ model, logLikelihood, status }, { n, total }) {
  return {
    logLikelihood,
    status,
    smallestRows: computeSmallestRows(model, n),
    smallestVariance: computeSmallestVariance(model, total),
  };
}
