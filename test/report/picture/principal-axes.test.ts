import { describe, expect, it } from 'vitest';
import { covarianceAlong, meanAlong, takeValues } from '../../../src/report/picture/coordinate.js';
import { resolveInput } from '../../../src/report/picture/input.js';
import { createPrincipalAxes } from '../../../src/report/picture/principal-axes.js';
import type { Parameters } from '../../../src/types.js';
import { createParameters } from '../samples.js';

/** A handful of roundings of numbers near 1. */
const CLOSED_FORM = 1e-12;

function axesOf(parameters: Parameters, columns: string[], rows = new Float64Array(parameters.nFeatures)) {
  const nSamples = rows.length / parameters.nFeatures;
  const responsibilities = new Float64Array(nSamples * parameters.nComponents);
  const input = resolveInput({ parameters, rows, responsibilities, columns });
  return { input, ...createPrincipalAxes(input) };
}

describe('createPrincipalAxes', () => {
  it('has the closed form of two columns: their sum and their difference, in standard deviations', () => {
    // Correlation 0.6: eigenvalues 1.6 and 0.4, eigenvectors (1, 1) and (1, −1) over √2.
    const parameters = createParameters('full', [1], [5, -7], [4, 3.6, 3.6, 9]);
    const { x, y } = axesOf(parameters, ['a', 'b']);
    for (const [coordinate, other] of [
      [x, [1 / 2, 1 / 3]],
      [y, [1 / 2, -1 / 3]],
    ] as const) {
      for (const [a, value] of coordinate.direction.entries()) {
        expect(Math.abs(Math.abs(value) - Math.abs(other[a] / Math.SQRT2))).toBeLessThan(CLOSED_FORM);
      }
    }
    expect(x.direction[0] * x.direction[1]).toBeGreaterThan(0);
    expect(y.direction[0] * y.direction[1]).toBeLessThan(0);
    expect(Math.abs(covarianceAlong(parameters, 0, x, x) - 1.6)).toBeLessThan(CLOSED_FORM);
    expect(Math.abs(covarianceAlong(parameters, 0, y, y) - 0.4)).toBeLessThan(CLOSED_FORM);
    expect(Math.abs(covarianceAlong(parameters, 0, x, y))).toBeLessThan(CLOSED_FORM);
    expect(x.name).toMatch(/^principal axis 1: 80 % of the variance/);
    expect(y.name).toMatch(/^principal axis 2: 20 % of the variance/);
  });

  it('splits the total variance along an axis into that within and that between components', () => {
    const means = [0, 0, 0, 6, 1, 2, -3, 4, 9];
    const parameters = createParameters('diag', [0.5, 0.3, 0.2], means, [1, 2, 3, 2, 2, 1, 1, 1, 4]);
    const { x, y } = axesOf(parameters, ['a', 'b', 'c']);
    let share = 0;
    for (const axis of [x, y]) {
      let total = 0;
      let middle = 0;
      for (let j = 0; j < 3; j++) {
        const mean = meanAlong(parameters, j, axis);
        middle += parameters.weights[j] * mean;
        total += parameters.weights[j] * (covarianceAlong(parameters, j, axis, axis) + mean * mean);
      }
      expect(Math.abs(middle)).toBeLessThan(CLOSED_FORM);
      const percent = Number(/(\d+) %/.exec(axis.name)?.[1]);
      // An eigenvalue of a 3 × 3 correlation matrix, whose trace is 3.
      expect(Math.abs(percent - (100 * total) / 3)).toBeLessThanOrEqual(0.5);
      share += total / 3;
    }
    expect(share).toBeGreaterThan(2 / 3);
    expect(share).toBeLessThanOrEqual(1 + CLOSED_FORM);
  });

  it('does not depend on the units of the columns', () => {
    const covariance = [4, 1, 0.5, 1, 3, -1, 0.5, -1, 2];
    const units = [1e-6, 1, 1e9];
    const scaled = covariance.map((value, i) => value * units[Math.floor(i / 3)] * units[i % 3]);
    const rows = Float64Array.of(1, 2, 3, -4, 0.5, 6);
    const columns = ['a', 'b', 'c'];
    const plain = axesOf(createParameters('full', [1], [1, 1, 1], covariance), columns, rows);
    const other = axesOf(
      createParameters('full', [1], units, scaled),
      columns,
      rows.map((value, i) => value * units[i % 3]),
    );
    for (const axis of ['x', 'y'] as const) {
      const indices = Uint32Array.of(0, 1);
      const expected = takeValues(plain.input, indices, plain[axis]);
      for (const [i, value] of takeValues(other.input, indices, other[axis]).entries()) {
        expect(Math.abs(value - expected[i])).toBeLessThan(100 * CLOSED_FORM);
      }
    }
  });

  it('leaves out a column without spread, and names the columns that count most', () => {
    const parameters = createParameters('diag', [0.5, 0.5], [0, 3, 0, 10, 3, -10], [1, 0, 2, 1, 0, 2]);
    const { x } = axesOf(parameters, ['first', 'constant', 'third']);
    expect(Math.abs(x.direction[1])).toBe(0);
    // Two columns count alike; rounding decides which comes first.
    expect(x.name).toMatch(/most of all (first, − third|third, − first)$/);
  });
});
