/** Newton's step by the whole Hessian of a quadratic: exact, and it sees a saddle that the gradient does not show. */

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/random.js';
import { solveExactly } from '../../../src/em/acceleration/hessian.js';
import { solveNewton } from '../../../src/em/acceleration/newton.js';
import { dot, type Point } from '../../../src/em/acceleration/quasi-newton.js';
import { expectClose } from '../../close.js';

const SIZE = 6;
const REACH = 1e-6;
/** A difference over a millionth keeps some ten of sixteen digits. */
const DIFFERENCE = 1e-8;

const random = createRandom(5);
const draw = () => Float64Array.from({ length: SIZE }, () => random.normal());
/** Two reflections: an orthogonal matrix whose columns are the eigenvectors. */
const mirrors = [draw(), draw()];
const rotate = (v: Float64Array, of: readonly Float64Array[]): Float64Array =>
  of.reduce((u, m) => u.map((value, a) => value - (2 * dot(m, u) * m[a]) / dot(m, m)), v);
const back = [...mirrors].reverse();
const top = draw();

/** −½ (x − top)ᵀ A (x − top) with given eigenvalues of A; EM's step is twice the gradient. */
const functionWith =
  (eigenvalues: readonly number[]) =>
  (x: Float64Array): Point => {
    const inAxes = rotate(
      x.map((value, a) => top[a] - value),
      back,
    );
    const gradient = rotate(
      inAxes.map((value, a) => eigenvalues[a] * value),
      mirrors,
    );
    return { x, gradient, step: gradient.map((value) => 2 * value) };
  };
const axis = (a: number) => rotate(new Float64Array(SIZE).fill(1, a, a + 1), mirrors);

describe('solveExactly', () => {
  it('steps to the maximum, however ill-conditioned', () => {
    const pointAt = functionWith([1, 0.3, 0.1, 1e-2, 1e-4, 1e-5]);
    const { end, direction, pairs } = solveExactly(pointAt(new Float64Array(SIZE)), pointAt, REACH) ?? {};
    expect(end).toBe('solved');
    expectClose(direction ?? [], top, 1e-3, 1);
    for (const { s, y, t } of pairs ?? []) {
      const { gradient } = pointAt(top.map((value, a) => value - s[a]));
      expectClose(y, gradient, DIFFERENCE, 1);
      expectClose(
        t,
        gradient.map((value) => 2 * value),
        DIFFERENCE,
        1,
      );
    }
  });

  it('sees a saddle along a direction in which the gradient is 0; conjugate gradients do not', () => {
    const pointAt = functionWith([1, 0.5, -0.01, 0.2, 0.8, 0.4]);
    const up = axis(2);
    const x = rotate(
      rotate(top, back).map((value, a) => (a === 2 ? value : value + 1)),
      mirrors,
    );
    const at = pointAt(x);
    expect(Math.abs(dot(at.gradient, up))).toBeLessThan(1e-15);
    expect(solveNewton(at, [], { probe: pointAt, base: at })?.end).toBe('solved');
    const { end, along } = solveExactly(at, pointAt, REACH) ?? { along: top };
    expect(end).toBe('curves-up');
    expect(Math.abs(dot(along, up))).toBeCloseTo(1, 6);
  });

  it('takes no step along a direction without curvature', () => {
    const pointAt = functionWith([1, 0.5, 0, 0.2, 0.8, 0.4]);
    const { end, direction, pairs } = solveExactly(pointAt(new Float64Array(SIZE)), pointAt, REACH) ?? {};
    expect(end).toBe('solved');
    expect(pairs).toHaveLength(SIZE - 1);
    expect(Math.abs(dot(direction ?? top, axis(2)))).toBeLessThan(1e-6);
  });

  it('is undefined where the function has no value', () => {
    const at = functionWith([1, 1, 1, 1, 1, 1])(top);
    expect(solveExactly(at, () => undefined, REACH)).toBeUndefined();
  });
});
