/** On a concave quadratic −½ (x − c)ᵀ A (x − c), EM being gradient ascent in a metric P: the answers are known. */

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/random.js';
import {
  computeDirection,
  type Move,
  moveAlong,
  moveBetween,
  type Point,
} from '../../../src/em/acceleration/quasi-newton.js';
import { expectClose } from '../../close.js';

/** A handful of products and quotients of numbers near 1. */
const CLOSED_FORM = 1e-9;

const SIZE = 6;
const random = createRandom(3);
/** Eigenvalues from 1 to 1/500 of the metric's own: EM alone would take thousands of steps. */
const curvatures = Float64Array.from({ length: SIZE }, (_, a) => 1 / 500 ** (a / (SIZE - 1)));
const metric = Float64Array.from({ length: SIZE }, () => 0.5 + random.uniform());
const top = Float64Array.from({ length: SIZE }, () => random.normal());

function pointAt(x: Float64Array): Point {
  const gradient = x.map((value, a) => (curvatures[a] / metric[a]) * (top[a] - value));
  return { x, gradient, step: gradient.map((value, a) => metric[a] * value) };
}

describe('computeDirection', () => {
  it("is EM's step where nothing else is known", () => {
    const point = pointAt(new Float64Array(SIZE));
    expect([...computeDirection(point, [])]).toEqual([...point.step]);
  });

  it('leads to the top once the moves have gone along every axis', () => {
    const moves: Move[] = [];
    let point = pointAt(new Float64Array(SIZE));
    for (let a = 0; a < SIZE; a++) {
      const x = point.x.slice();
      x[a] += 0.3 + 0.1 * a;
      const next = pointAt(x);
      moves.push(moveBetween(point, next) as Move);
      point = next;
    }
    const end = moveAlong(point.x, 1, computeDirection(point, moves));
    expectClose(end, top, CLOSED_FORM);
  });

  it('maps the last change of the gradient to the last move, whatever the metric says', () => {
    const from = pointAt(Float64Array.from({ length: SIZE }, () => random.normal()));
    const to = pointAt(Float64Array.from({ length: SIZE }, () => random.normal()));
    const move = moveBetween(from, to) as Move;
    const direction = computeDirection({ x: to.x, gradient: move.y, step: move.t }, [move]);
    expectClose(direction, move.s, CLOSED_FORM);
  });

  it('takes a fiftieth of the steps of EM', () => {
    const stepsWith = (memory: number) => {
      let point = pointAt(new Float64Array(SIZE));
      let moves: Move[] = [];
      let steps = 0;
      for (; Math.max(...point.gradient.map(Math.abs)) > 1e-9; steps++) {
        const next = pointAt(moveAlong(point.x, 1, computeDirection(point, moves)));
        if (memory > 0) moves = [...moves, moveBetween(point, next) as Move].slice(-memory);
        point = next;
      }
      expectClose(point.x, top, 1e-5);
      return steps;
    };
    expect(50 * stepsWith(10)).toBeLessThan(stepsWith(0));
  });
});

describe('moveBetween', () => {
  it('tells nothing of a move along which the function bends up', () => {
    const from = pointAt(new Float64Array(SIZE));
    const saddle = { ...pointAt(top), gradient: from.gradient.map((value) => 2 * value) };
    expect(moveBetween(from, saddle)).toBeUndefined();
    expect(moveBetween(from, from)).toBeUndefined();
  });
});
