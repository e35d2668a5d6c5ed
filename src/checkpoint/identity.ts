/** The identity of a call: the program, the options and the data, on which its result depends. A checkpoint is for calls of the same identity. */

import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import manifest from '../../package.json' with { type: 'json' };
import type { Dataset } from '../data/dataset.js';
import { identifyKernel } from '../kernel/fingerprint.js';
import { copyRowsInto } from '../rows/shared-rows.js';
import type { Identity } from './checkpoint-entries.js';

/** Numbers hashed without a pause: 2 MiB, a few milliseconds. */
const NUMBERS_AT_ONCE = 1 << 18;

/**
 * @param call - `fit` or `selectModel`
 * @param options - resolved; the identity leaves out options that change no result
 * @throws the signal's reason
 */
export async function identifyCall(
  call: string,
  options: IdentifiedOptions,
  data: Dataset,
  signal: AbortSignal,
): Promise<Identity> {
  const { signal: _, onProgress: __, checkpoint: ___, settings, init, ...effective } = options;
  const { nSamples, nFeatures, columns, sharedRows } = data;
  return {
    version: manifest.version,
    kernel: identifyKernel(),
    call,
    ...effective,
    ...settings,
    init: hashArrays(init),
    nSamples,
    nFeatures,
    columns,
    rows: await hashNumbers(nSamples, nFeatures, signal, (out, first, count) =>
      copyRowsInto(out, sharedRows, first, count),
    ),
    sampleWeight:
      sharedRows.sampleWeight &&
      (await hashNumbers(nSamples, 1, signal, (out, first, count) =>
        out.set(sharedRows.sampleWeight?.subarray(first, first + count) ?? []),
      )),
  };
}

/** Resolved options of a call. Options without a name here are plain values on which the result depends. */
interface IdentifiedOptions {
  readonly signal: unknown;
  readonly onProgress: unknown;
  readonly checkpoint: unknown;
  /** Each setting has its own name in an identity. */
  readonly settings: object;
  readonly init: unknown;
}

/** Replaces typed arrays by their SHA-256: given labels and responsibilities are as long as the rows. */
function hashArrays(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return createHash('sha256').update(bytes).digest('hex');
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(hashArrays);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, hashArrays(part)]));
}

/**
 * SHA-256 of a table's numbers as float64, for any storage. Other work of the event loop runs in between.
 *
 * @param readInto - copies rows [first, first + count) to the beginning of `out`
 */
async function hashNumbers(
  n: number,
  d: number,
  signal: AbortSignal,
  readInto: (out: Float64Array, first: number, count: number) => void,
): Promise<string> {
  const hash = createHash('sha256');
  const most = Math.max(1, Math.floor(NUMBERS_AT_ONCE / d));
  const numbers = new Float64Array(Math.min(n, most) * d);
  for (let first = 0; first < n; first += most) {
    const count = Math.min(most, n - first);
    readInto(numbers, first, count);
    hash.update(new Uint8Array(numbers.buffer, 0, 8 * count * d));
    await setImmediate();
    signal.throwIfAborted();
  }
  return hash.digest('hex');
}
