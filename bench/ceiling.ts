/**
 * The most that this machine can do with the kernel's instructions: multiply–adds on registers, nothing else.
 *
 * Twelve independent chains of two lanes hide the latency of a multiply and an add (3 + 3 cycles, two instructions a
 * cycle). With the two constants they fit into sixteen registers.
 */

import { laneSum, madd } from '../kernel/vector-maths';

/** Multiply–adds of one step: 2 × 12 vectors of 2. */
export const MULTIPLY_ADDS_PER_STEP: i32 = 48;

/**
 * @param factor - a little below 1, so that the chains neither grow nor vanish
 * @returns a sum over all chains, so that the compiler cannot drop any
 */
export function multiplyAdd(steps: i32, factor: f64, addend: f64): f64 {
  const f = f64x2.splat(factor);
  const a = f64x2.splat(addend);
  let c0 = f64x2.splat(1);
  let c1 = f64x2.splat(2);
  let c2 = f64x2.splat(3);
  let c3 = f64x2.splat(4);
  let c4 = f64x2.splat(5);
  let c5 = f64x2.splat(6);
  let c6 = f64x2.splat(7);
  let c7 = f64x2.splat(8);
  let c8 = f64x2.splat(9);
  let c9 = f64x2.splat(10);
  let c10 = f64x2.splat(11);
  let c11 = f64x2.splat(12);
  for (let i = 0; i < steps; i++) {
    c0 = madd(c0, f, a);
    c1 = madd(c1, f, a);
    c2 = madd(c2, f, a);
    c3 = madd(c3, f, a);
    c4 = madd(c4, f, a);
    c5 = madd(c5, f, a);
    c6 = madd(c6, f, a);
    c7 = madd(c7, f, a);
    c8 = madd(c8, f, a);
    c9 = madd(c9, f, a);
    c10 = madd(c10, f, a);
    c11 = madd(c11, f, a);
    c0 = madd(c0, f, a);
    c1 = madd(c1, f, a);
    c2 = madd(c2, f, a);
    c3 = madd(c3, f, a);
    c4 = madd(c4, f, a);
    c5 = madd(c5, f, a);
    c6 = madd(c6, f, a);
    c7 = madd(c7, f, a);
    c8 = madd(c8, f, a);
    c9 = madd(c9, f, a);
    c10 = madd(c10, f, a);
    c11 = madd(c11, f, a);
  }
  let sum = f64x2.add(f64x2.add(c0, c1), f64x2.add(c2, c3));
  sum = f64x2.add(sum, f64x2.add(f64x2.add(c4, c5), f64x2.add(c6, c7)));
  sum = f64x2.add(sum, f64x2.add(f64x2.add(c8, c9), f64x2.add(c10, c11)));
  return laneSum(sum);
}
