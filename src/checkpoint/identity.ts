/** What a call's result depends on, to tell whether a checkpoint is its own: the program, the options, the data. */

import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import manifest from '../../package.json' with { type: 'json' };
import type { Dataset } from '../data/dataset.js';
import { identifyKernel } from '../kernel/fingerprint.js';
import { copyRowsInto } from '../rows/shared-rows.js';
import type { Identity } from './checkpoint.js';

/** Numbers that are hashed in one go: 2 MiB, a few milliseconds. */
const NUMBERS_AT_ONCE = 1 << 18;

/**
 * @param call - `fit` or `selectModel`
 * @param options - resolved; those that change no result are left out here
 */
export async function identifyCall(
  call: string,
  options: object,
  data: Dataset,
  signal: AbortSignal,
): Promise<Identity> {
  const { signal: _, onProgress: __, checkpoint: ___, ...effective } = options as Record<string, unknown>;
  const { nSamples, nFeatures, columns, sharedRows } = data;
  return {
    version: manifest.version,
    kernel: identifyKernel(),
    call,
    ...effective,
    init: identifyInit(effective.init),
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

/** Shares are as many as the rows: their hash will do. */
function identifyInit(init: unknown): unknown {
  if (typeof init !== 'object' || init === null || !('shares' in init)) return init;
  const [[name, { buffer }]] = Object.entries(init.shares as Record<string, Int32Array | Float64Array>);
  return { [name]: createHash('sha256').update(new Uint8Array(buffer)).digest('hex') };
}

/** SHA-256 of a table's numbers as float64, however it is stored. The event loop is let go in between. */
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
