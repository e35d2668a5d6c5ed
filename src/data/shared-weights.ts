/** Weights of rows, checked and in shared memory. */

import { compose, describe, GmmError, subject } from '../errors.js';
import { allocateShared } from '../rows/shared-rows.js';
import type { NumberArray } from '../types.js';
import { isNumbers } from './rows-builder.js';

/**
 * @param weights - (n) in
 * @returns (n) a copy in shared memory
 * @throws GmmError INVALID_DATA if the length is wrong, a weight is negative or not finite, all are 0 or the sum overflows
 */
export function shareWeights(weights: NumberArray, n: number): Float64Array {
  if (!isNumbers(weights) || weights.length !== n) {
    const got = isNumbers(weights) ? weights.length : describe(weights);
    throw new GmmError(
      'INVALID_DATA',
      compose`${subject('sampleWeight')} must have a number for each of the ${n} rows, got ${got}`,
      { option: 'sampleWeight' },
    );
  }
  const out = new Float64Array(allocateShared(8 * n, 'the weights'));
  let total = 0;
  for (let i = 0; i < n; i++) {
    const weight = weights[i];
    if (typeof weight !== 'number' || !(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new GmmError(
        'INVALID_DATA',
        `the weight of row ${i} is ${describe(weight)}; weights must be finite and >= 0`,
        { row: i, option: 'sampleWeight' },
      );
    }
    out[i] = weight;
    total += weight;
  }
  if (total === Number.POSITIVE_INFINITY) {
    const message = 'the sum of the weights overflows; divide them by the largest';
    throw new GmmError('INVALID_DATA', message, { option: 'sampleWeight' });
  }
  if (!(total > 0)) {
    const message = 'all weights are 0; at least one row must count';
    throw new GmmError('INVALID_DATA', message, { option: 'sampleWeight' });
  }
  return out;
}

/** @returns one array with the numbers of all parts, in order */
export function concatenate(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
