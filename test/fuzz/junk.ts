/** Values that no caller should pass: of the wrong type, or of the right type but wrong. */

import type { Random } from '../../src/core/random.js';

/** Makes a wrong value; a new one each time, as calls may keep their arguments. */
type Maker = (random: Random) => unknown;

const HUGE = [1e9, 1e12, 1e15, 2 ** 53, 1e308, Number.MAX_VALUE];
const SMALL = [0, -0, -1, 0.5, 2.5, 5e-324, -1e-300, Number.NaN, Number.POSITIVE_INFINITY];
const TEXTS = [
  '',
  'waiting',
  'constructor',
  '__proto__',
  'a\0b',
  '3',
  'NaN',
  'x'.repeat(10_000),
  '\u202e\u001b[31m',
];

const MAKERS: readonly Maker[] = [
  () => undefined,
  () => null,
  (random) => random.below(2) === 0,
  (random) => pick(random, SMALL),
  (random) => pick(random, HUGE),
  (random) => pick(random, TEXTS),
  () => 10n,
  () => Symbol('junk'),
  () => () => 1,
  () => async function* () {},
  () => ({}),
  () => Object.create(null),
  () => ({ length: 3 }),
  () => ({ length: -1, 0: 1 }),
  () => ({ constructor: null, toString: null }),
  () => ({ rows: 2.5, columns: 2, get: () => 1 }),
  () => ({ rows: 2, columns: Number.NaN, get: () => 1 }),
  () => ({ rows: 2, columns: 2, get: () => 'one' }),
  () => new Map([[1, 2]]),
  () => new Set([1, 2]),
  () => new Date(Number.NaN),
  () => /x/,
  () => new Error('junk'),
  () => Promise.resolve([[1, 2]]),
  () => new URL('https://example.org/a.csv'),
  () => new URL('file:///no/such/file.csv'),
  () => new ArrayBuffer(16),
  () => new SharedArrayBuffer(16),
  () => new DataView(new ArrayBuffer(16)),
  () => new Int32Array(4),
  () => new Uint8Array(4),
  () => new BigInt64Array(4),
  () => Float32Array.of(1, 2, 3),
  () => Float64Array.of(1, Number.NaN, 3, 4),
  () => new Float64Array(new SharedArrayBuffer(32)),
  () => [],
  () => [[]],
  () => [1, 2, 3],
  () => ['a', 'b'],
  () => new Array(3),
  // biome-ignore lint/suspicious/noSparseArray: holes are junk, too
  () => [[1, 2], , [3, 4]],
  () => [[1, 2], new Array(2)],
  () => [[1, 2], [3]],
  () => [[1, 2], 'row'],
  () => [
    [1e308, -1e308],
    [-1e308, 1e308],
  ],
  () => [[1e-146], [1e-146]],
  (random) => [pick(random, SMALL), pick(random, HUGE)],
  (random) => [[pick(random, SMALL)], [pick(random, HUGE)]],
  (random) => [junk(random), junk(random)],
  (random) => ({ means: junk(random) }),
  (random) => ({ labels: junk(random) }),
  (random) => ({ responsibilities: junk(random) }),
  (random) => ({ model: junk(random) }),
  (random) => ({ weights: junk(random), means: junk(random), covariances: junk(random) }),
];

export function pick<T>(random: Random, values: readonly T[]): T {
  return values[random.below(values.length)];
}

export function junk(random: Random): unknown {
  return pick(random, MAKERS)(random);
}

/** Junk for a path that may be written to: never the name of a file that can be made. */
export function junkPath(random: Random): unknown {
  const value = junk(random);
  return typeof value === 'string' ? pick(random, ['', 'a\0b', '/no/such/folder/file']) : value;
}

/** A copy of the object with junk in one field, at any depth; now and then the copy as a whole is junk. */
export function spoil(random: Random, value: unknown, depth = 0): unknown {
  const isTree =
    Array.isArray(value) || (value !== null && Object.getPrototypeOf(Object(value)) === Object.prototype);
  if (!isTree || random.below(depth === 0 ? 12 : 2) === 0) return junk(random);
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? [...value]
    : { ...(value as object) };
  const names = Object.keys(copy);
  const name = names.length === 0 || random.below(15) === 0 ? 'nonsense' : pick(random, names);
  const fields = copy as Record<string, unknown>;
  if (name === 'checkpoint') fields[name] = junkPath(random);
  else if (random.below(10) === 0) delete fields[name];
  else fields[name] = spoil(random, fields[name], depth + 1);
  return copy;
}
