/**
 * Newton's step by the whole Hessian, one product for each parameter. Where EM is slow, conjugate gradients take as many products, and
 * they miss a saddle along a direction in which the gradient is nearly 0. This file knows only vectors.
 */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { NewtonProblem, NewtonSolution } from './newton.js';
import { addInto, type CurvaturePair, dot, type Point } from './quasi-newton.js';

/** Eigenvalues below this part of the largest are rounding. */
const FLAT = 1e-8;

/**
 * @param at - the point, its gradient that of the function
 * @param reach - change of a coordinate for a difference
 * @returns the step, with pairs along the eigenvectors of positive curvature, and the lowest eigenvector as `along`; undefined if a
 *   probe has no value
 */
export function solveExactly(
  at: Point,
  probe: NewtonProblem['probe'],
  reach: number,
): NewtonSolution | undefined {
  const n = at.x.length;
  const curvatures = new Matrix(n, n);
  const steps = new Matrix(n, n);
  for (let a = 0; a < n; a++) {
    const x = at.x.slice();
    x[a] += reach;
    const point = probe(x);
    if (!point) return undefined;
    for (let b = 0; b < n; b++) {
      curvatures.set(a, b, (at.gradient[b] - point.gradient[b]) / reach);
      steps.set(a, b, (at.step[b] - point.step[b]) / reach);
    }
  }
  const symmetric = Matrix.add(curvatures, curvatures.transpose()).mul(0.5);
  const { realEigenvalues: values, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, {
    assumeSymmetric: true,
  });
  const flat = FLAT * values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const pairs: CurvaturePair[] = [];
  const direction = new Float64Array(n);
  let lowest = 0;
  for (const [i, value] of values.entries()) {
    if (value < values[lowest]) lowest = i;
    if (value <= flat) continue;
    const s = Float64Array.from(eigenvectorMatrix.getColumn(i));
    const y = s.map((part) => value * part);
    const t = Float64Array.from(steps.transpose().mmul(Matrix.columnVector(s)).to1DArray());
    pairs.push({ s, y, t });
    addInto(direction, dot(at.gradient, s) / value, s);
  }
  const along = Float64Array.from(eigenvectorMatrix.getColumn(lowest));
  return { end: values[lowest] < -flat ? 'curves-up' : 'solved', direction, pairs, along };
}
