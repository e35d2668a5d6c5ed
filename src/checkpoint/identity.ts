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
    init: identifyInit(init),
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

/** Resolved options of a call. Those that are not named here are plain values on which its result depends. */
interface IdentifiedOptions {
  readonly signal: unknown;
  readonly onProgress: unknown;
  readonly checkpoint: unknown;
  /** Named one by one in an identity. */
  readonly settings: object;
  readonly init: unknown;
}

/** Start values are as large as the model, or as the rows: arrays are replaced by their hash. */
function identifyInit(init: unknown): unknown {
  if (ArrayBuffer.isView(init)) {
    const bytes = new Uint8Array(init.buffer, init.byteOffset, init.byteLength);
    return createHash('sha256').update(bytes).digest('hex');
  }
  if (typeof init !== 'object' || init === null || Array.isArray(init)) return init;
  return Object.fromEntries(Object.entries(init).map(([name, value]) => [name, identifyInit(value)]));
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
