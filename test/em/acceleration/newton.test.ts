/** Newton's method on a concave quadratic −½ (x − c)ᵀ A (x − c): the maximum is known, and one exact step reaches it. */

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/random.js';
import { solveNewton } from '../../../src/em/acceleration/newton.js';
import {
  type CurvaturePair,
  dot,
  moveAlong,
  type Point,
  pairBetween,
} from '../../../src/em/acceleration/quasi-newton.js';
import { expectClose } from '../../close.js';

const SIZE = 20;
const random = createRandom(4);
/** Eigenvalues relative to the metric, from 1 to 1/100. */
const curvatures = Float64Array.from({ length: SIZE }, (_, a) => 0.01 ** (a / (SIZE - 1)));
const metric = Float64Array.from({ length: SIZE }, () => 0.5 + random.uniform());
const top = Float64Array.from({ length: SIZE }, () => random.normal());

const pointWith =
  (bends: Float64Array) =>
  (x: Float64Array): Point => {
    const gradient = x.map((value, a) => (bends[a] / metric[a]) * (top[a] - value));
    return { x, gradient, step: gradient.map((value, a) => metric[a] * value) };
  };
const pointAt = pointWith(curvatures);
const heightAt = (x: Float64Array) =>
  x.reduce((sum, value, a) => sum - ((curvatures[a] / metric[a]) * (value - top[a]) ** 2) / 2, 0);

describe('solveNewton', () => {
  const start = pointAt(new Float64Array(SIZE));

  it('leaves less than a tenth of what there is to gain, and says how much that is', () => {
    const { direction, pairs } = solveNewton(start, [], { probe: pointAt }) ?? { direction: top, pairs: [] };
    const end = moveAlong(start.x, 1, direction);
    expect(-heightAt(end)).toBeLessThan(-heightAt(start.x) / 10);
    // The predicted gain is half the slope.
    const hoped = dot(start.gradient, direction) / 2;
    expect(Math.abs(hoped / -heightAt(start.x) - 1)).toBeLessThan(0.1);
    // Eigenvalues are spread over two decades: conjugate gradients need some, not one for each.
    expect(pairs.length).toBeGreaterThan(1);
    expect(pairs.length).toBeLessThan(SIZE);
  });

  it('measures pairs that map changes of the gradient to changes of the point, conjugate to one another', () => {
    const { pairs } = solveNewton(start, [], { probe: pointAt }) ?? { pairs: [] };
    for (const [i, { s, y, t }] of pairs.entries()) {
      // Differences over a ten-thousandth keep some twelve of sixteen digits.
      expectClose(
        y,
        s.map((value, a) => (curvatures[a] / metric[a]) * value),
        1e-9,
        1,
      );
      expectClose(
        t,
        s.map((value, a) => curvatures[a] * value),
        1e-9,
        1,
      );
      for (const before of pairs.slice(0, i)) {
        const size = Math.sqrt(dot(s, y) * dot(before.s, before.y));
        expect(Math.abs(dot(s, before.y))).toBeLessThan(1e-6 * size);
      }
    }
  });

  it('needs fewer products where pairs are known', () => {
    const known: CurvaturePair[] = [];
    for (let a = 0; a < SIZE; a += 2) {
      const x = start.x.slice();
      x[a] = 1;
      known.push(pairBetween(start, pointAt(x)) as CurvaturePair);
    }
    const [plain, helped] = [[], known].map(
      (pairs) => solveNewton(start, pairs, { probe: pointAt })?.pairs.length ?? 0,
    );
    expect(helped).toBeLessThan(plain);
  });

  it('tells a direction along which the function curves up', () => {
    const saddle = curvatures.map((value, a) => (a === 7 ? -value : value));
    const probe = pointWith(saddle);
    const { end, along } = solveNewton(probe(start.x), [], { probe }) ?? { end: undefined, along: top };
    expect(end).toBe('curves-up');
    const curvature = along.reduce((sum, value, a) => sum + (saddle[a] / metric[a]) * value ** 2, 0);
    expect(curvature).toBeLessThan(0);
  });

  it('has no step if the function has no value, and a step of no length at a maximum', () => {
    expect(solveNewton(start, [], { probe: () => undefined })).toBeUndefined();
    let probes = 0;
    const probe = (x: Float64Array) => (++probes < 3 ? pointAt(x) : undefined);
    expect(solveNewton(start, [], { probe })?.end).toBe('no-value');
    const { end, direction } = solveNewton(pointAt(top), [], { probe: pointAt }) ?? { direction: top };
    expect(end).toBe('solved');
    expect(direction).toEqual(new Float64Array(SIZE));
  });

  it('gives up if the equation is too ill-conditioned', () => {
    const hard = Float64Array.from({ length: SIZE }, (_, a) => 1e-14 ** (a / (SIZE - 1)));
    let probes = 0;
    const probe = (x: Float64Array) => {
      probes++;
      return pointWith(hard)(x);
    };
    solveNewton(start, [], { probe });
    expect(probes).toBeLessThanOrEqual(31);
  });
});
