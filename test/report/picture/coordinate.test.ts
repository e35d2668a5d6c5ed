import { describe, expect, it } from 'vitest';
import { createColumn, gaussianOver } from '../../../src/report/picture/coordinate.js';
import { resolveInput } from '../../../src/report/picture/input.js';
import type { Parameters } from '../../../src/types.js';
import { createParameters } from '../samples.js';

describe('gaussianOver', () => {
  const between = (parameters: Parameters, j: number, a: number, b: number) => {
    const rows = new Float64Array(3);
    const responsibilities = new Float64Array(parameters.nComponents);
    const input = resolveInput({ parameters, rows, responsibilities, columns: ['a', 'b', 'c'] });
    return gaussianOver(parameters, j, { x: createColumn(input, a), y: createColumn(input, b) }).covariance;
  };

  it('takes the same 2 x 2 matrix out of every covariance type that can hold it', () => {
    const means = [0, 0, 0, 0, 0, 0];
    const half = [0.5, 0.5];
    const diagonal = [1, 0, 0, 0, 2, 0, 0, 0, 3];
    const full = createParameters('full', half, means, [...diagonal.map((v) => 7 * v), ...diagonal]);
    const diag = createParameters('diag', half, means, [7, 14, 21, 1, 2, 3]);
    const tied = createParameters('tied', half, means, diagonal);
    for (const parameters of [full, diag, tied]) {
      expect(between(parameters, 1, 2, 1)).toEqual({ xx: 3, xy: 0, yy: 2 });
    }
    const spherical = createParameters('spherical', half, means, [7, 5]);
    expect(between(spherical, 1, 2, 1)).toEqual({ xx: 5, xy: 0, yy: 5 });
    const dense = createParameters(
      'full',
      half,
      means,
      Array.from({ length: 18 }, (_, i) => i),
    );
    expect(between(dense, 1, 0, 2)).toEqual({ xx: 9, xy: 11, yy: 17 });
  });

  it('is the covariance of the projected rows, in any direction', () => {
    const parameters = createParameters('full', [1], [1, 2, 3], [2, 1, 0, 1, 3, 0.5, 0, 0.5, 4]);
    const coordinate = (direction: number[]) => ({
      name: '',
      columns: Uint32Array.of(0, 1, 2),
      direction: Float64Array.from(direction),
      origin: Float64Array.of(1, 2, 3),
    });
    const view = { x: coordinate([1, 1, 0]), y: coordinate([0, 2, -1]) };
    // Var(a + b) = 2 + 2·1 + 3; Cov(a + b, 2b − c) = 2·1 − 0 + 2·3 − 0.5; Var(2b − c) = 4·3 − 4·0.5 + 4.
    expect(gaussianOver(parameters, 0, view)).toEqual({ x: 0, y: 0, covariance: { xx: 7, xy: 7.5, yy: 14 } });
  });
});
