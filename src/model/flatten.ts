/** Arrays of numbers that callers write nested or flat. */

import { describe, GmmError, type GmmErrorCode, type GmmErrorFields } from '../errors.js';
import type { NumberArray } from '../types.js';

/** Parameters that a caller gives as an option are start values: the error is about `init`. */
export function wrong(code: GmmErrorCode, message: string, fields: GmmErrorFields = {}): GmmError {
  return new GmmError(code, message, { ...fields, option: code === 'INVALID_OPTION' ? 'init' : undefined });
}

export function isNumberArray(value: unknown): value is NumberArray | readonly unknown[] {
  return Array.isArray(value) || value instanceof Float64Array || value instanceof Float32Array;
}

/**
 * A nested or flat array of numbers as a flat one.
 *
 * @param shape - sizes, outermost first; a flat array with their product as its length is taken, too
 * @param name - the field's name, for messages
 */
export function flatten(
  value: unknown,
  shape: readonly number[],
  name: string,
  code: GmmErrorCode,
): Float64Array {
  const length = shape.reduce((product, size) => product * size, 1);
  const wanted = shape.join(' × ');
  if (!isNumberArray(value)) {
    throw wrong(code, `"${name}" must be an array of ${wanted} numbers, got ${describe(value)}`);
  }
  const isFlat =
    shape.length > 1 && value.length === length && (length === 0 || typeof value[0] === 'number');
  // A shape may claim more memory than there is: nothing is allocated before the value's first parts have that shape.
  if (!isFlat) checkFirstParts(value, shape, name, code);
  const out = new Float64Array(length);
  let at = 0;
  const read = (part: unknown, axis: number, path: string): void => {
    if (axis === shape.length) {
      if (typeof part !== 'number' || !Number.isFinite(part)) {
        throw wrong(code, `"${path}" must be a finite number, got ${describe(part)}`);
      }
      out[at++] = part;
      return;
    }
    checkPart(part, axis, shape, name, path, code);
    for (let i = 0; i < part.length; i++) read(part[i], axis + 1, `${path}[${i}]`);
  };
  if (isFlat) for (let i = 0; i < length; i++) read(value[i], shape.length, `${name}[${i}]`);
  else read(value, 0, name);
  return out;
}

function checkPart(
  part: unknown,
  axis: number,
  shape: readonly number[],
  name: string,
  path: string,
  code: GmmErrorCode,
): asserts part is NumberArray | readonly unknown[] {
  if (isNumberArray(part) && part.length === shape[axis]) return;
  const got = isNumberArray(part) ? `${part.length}` : describe(part);
  const wanted = `an array of length ${shape[axis]} (${name} is ${shape.join(' × ')})`;
  throw wrong(code, `"${path}" must be ${wanted}, got ${got}`);
}

function checkFirstParts(value: unknown, shape: readonly number[], name: string, code: GmmErrorCode): void {
  let part = value;
  for (let axis = 0; axis < shape.length; axis++) {
    checkPart(part, axis, shape, name, name + '[0]'.repeat(axis), code);
    part = part[0];
  }
}
