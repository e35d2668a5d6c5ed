/** Quasi-Newton steps on a concave quadratic −½ (x − c)ᵀ A (x − c), where EM is gradient ascent in a metric P. */

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/random.js';
import {
  type CurvaturePair,
  computeDirection,
  moveAlong,
  type Point,
  pairBetween,
} from '../../../src/em/acceleration/quasi-newton.js';
import { expectClose } from '../../close.js';

/** Rounding of a handful of products and quotients of numbers near 1. */
const CLOSED_FORM = 1e-9;

const SIZE = 6;
const random = createRandom(3);
/** Eigenvalues relative to the metric, from 1 to 1/500: EM alone would take thousands of steps. */
const curvatures = Float64Array.from({ length: SIZE }, (_, a) => 1 / 500 ** (a / (SIZE - 1)));
const metric = Float64Array.from({ length: SIZE }, () => 0.5 + random.uniform());
const top = Float64Array.from({ length: SIZE }, () => random.normal());

function pointAt(x: Float64Array): Point {
  const gradient = x.map((value, a) => (curvatures[a] / metric[a]) * (top[a] - value));
  return { x, gradient, step: gradient.map((value, a) => metric[a] * value) };
}

describe('computeDirection', () => {
  it("is EM's step if no curvature pair is known", () => {
    const point = pointAt(new Float64Array(SIZE));
    expect([...computeDirection(point, [])]).toEqual([...point.step]);
  });

  it('reaches the maximum once there is a curvature pair along every axis', () => {
    const pairs: CurvaturePair[] = [];
    let point = pointAt(new Float64Array(SIZE));
    for (let a = 0; a < SIZE; a++) {
      const x = point.x.slice();
      x[a] += 0.3 + 0.1 * a;
      const next = pointAt(x);
      pairs.push(pairBetween(point, next) as CurvaturePair);
      point = next;
    }
    const end = moveAlong(point.x, 1, computeDirection(point, pairs));
    expectClose(end, top, CLOSED_FORM);
  });

  it('maps the last change of the gradient to the last step, whatever the metric', () => {
    const from = pointAt(Float64Array.from({ length: SIZE }, () => random.normal()));
    const to = pointAt(Float64Array.from({ length: SIZE }, () => random.normal()));
    const pair = pairBetween(from, to) as CurvaturePair;
    const direction = computeDirection({ x: to.x, gradient: pair.y, step: pair.t }, [pair]);
    expectClose(direction, pair.s, CLOSED_FORM);
  });

  it('takes at most a fiftieth of the steps of EM', () => {
    const stepsWith = (memory: number) => {
      let point = pointAt(new Float64Array(SIZE));
      let pairs: CurvaturePair[] = [];
      let steps = 0;
      for (; Math.max(...point.gradient.map(Math.abs)) > 1e-9; steps++) {
        const next = pointAt(moveAlong(point.x, 1, computeDirection(point, pairs)));
        if (memory > 0) pairs = [...pairs, pairBetween(point, next) as CurvaturePair].slice(-memory);
        point = next;
      }
      expectClose(point.x, top, 1e-5);
      return steps;
    };
    expect(50 * stepsWith(10)).toBeLessThan(stepsWith(0));
  });
});

describe('pairBetween', () => {
  it('makes no curvature pair of a step along which the function is convex', () => {
    const from = pointAt(new Float64Array(SIZE));
    const saddle = { ...pointAt(top), gradient: from.gradient.map((value) => 2 * value) };
    expect(pairBetween(from, saddle)).toBeUndefined();
    expect(pairBetween(from, from)).toBeUndefined();
  });
});
