/** From a caller's rows, at once or in batches, to rows in shared memory. */

import { untilAborted } from '../abort.js';
import { GmmError } from '../errors.js';
import type { Chunk, SharedRows } from '../rows/shared-rows.js';
import type { ResolvedDatasetOptions, Storage } from './dataset-options.js';
import {
  addBatch,
  badValue,
  checkColumns,
  countRows,
  createRowsBuilder,
  type RowBatch,
  throwAmbiguous,
} from './rows-builder.js';

/** Every source of rows that `Dataset.from` takes. */
export type RowSource = RowBatch | AsyncIterable<RowBatch>;

/**
 * @param flatFeatures - columns of a flat array, if the caller knows them and the options do not say
 * @throws GmmError INVALID_DATA; the signal's reason; the error of the source
 */
export async function collectRows(
  source: RowSource,
  { storage, signal, nFeatures, columns }: ResolvedDatasetOptions,
  flatFeatures: number | undefined,
): Promise<SharedRows> {
  // The names of all columns give their number, too.
  const flat = nFeatures ?? columns?.length ?? flatFeatures;
  let rows = adopt(source, flat, storage);
  if (rows) {
    checkAdopted(rows, columns);
  } else {
    const builder = createRowsBuilder(storage, columns);
    if (isAsyncIterable(source)) {
      for await (const batch of untilAborted(source, signal)) addBatch(builder, batch, flat, true);
    } else addBatch(builder, source, flat, false);
    rows = builder.finish();
  }
  if (rows.nSamples > 0) return rows;
  throw new GmmError('INVALID_DATA', 'there are no rows; give at least one');
}

function isAsyncIterable(source: unknown): source is AsyncIterable<RowBatch> {
  return typeof (source as AsyncIterable<RowBatch> | undefined)?.[Symbol.asyncIterator] === 'function';
}

/** @returns rows over the source's own memory, if it is a shared typed array of the wanted kind; undefined if it must be copied */
function adopt(source: RowSource, nFeatures: number | undefined, storage: Storage): SharedRows | undefined {
  const kind = storage === 'float64' ? Float64Array : Float32Array;
  if (!(source instanceof kind && source.buffer instanceof SharedArrayBuffer)) return undefined;
  // The builder gives the error for an empty array.
  if (source.length === 0) return undefined;
  if (nFeatures === undefined) throwAmbiguous(source, false);
  checkColumns(nFeatures);
  const nSamples = countRows(source.length, nFeatures);
  return { nSamples, nFeatures, chunkRows: nSamples, chunks: [source as Chunk] };
}

function checkAdopted({ chunks, nFeatures: d }: SharedRows, columns?: readonly string[]): void {
  const values = chunks[0];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw badValue(values[i], Math.floor(i / d), i % d, columns);
  }
}
