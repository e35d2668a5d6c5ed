/** `.npy` files → batches of rows. Columns are named x0, x1, … */

import { type FileHandle, open } from 'node:fs/promises';
import { compose, GmmError, subject } from '../../../errors.js';
import { describePath, explainSystemError, type InputPath, onePath } from '../../files/system-errors.js';
import { type ColumnChoice, resolveColumns } from '../../table/columns.js';
import { findNonFinite, nonFiniteError } from '../../table/finite.js';
import { NPY_HEADER_BYTES, type NpyNumbers, npyNumbers, parseNpyHeader } from '../../table/npy-format.js';
import type { ReadOptions, RowBatch, Table } from '../../table/table.js';

/** Numbers in a batch: 512 KB of float64, long reads that still fit the cache. */
const BATCH_VALUES = 65536;

/** A header with more columns is damaged; no memory is allocated for it. */
const MOST_COLUMNS = 1_000_000;

/** A file whose header was read and checked. */
interface NpyFile {
  /** Absolute. */
  file: string;
  /** The same file as messages name it. */
  path: string;
  nRows: number;
  nColumns: number;
  /** NumPy's name of the type of its numbers. */
  descr: string;
  numbers: NpyNumbers;
  fortranOrder: boolean;
  dataOffset: number;
}

/**
 * @param files - absolute paths
 * @param options - which columns; `sql` is refused
 * @param path - the input as the caller wrote it, for messages
 * @throws {GmmError} `INVALID_DATA`, `INVALID_OPTION`, `IO`
 */
export async function readNpy(
  files: readonly string[],
  options: ReadOptions,
  path: InputPath,
): Promise<Table> {
  if (options.sql !== undefined) {
    const message = compose`${subject('sql')} works on CSV, Parquet and JSON files, got ${describePath(path)}`;
    throw new GmmError('INVALID_OPTION', message, { option: 'sql', path: onePath(path) });
  }
  const parts: NpyFile[] = [];
  for (const file of files)
    parts.push(await inspect(file, files.length === 1 && typeof path === 'string' ? path : file));
  const nColumns = parts[0].nColumns;
  const odd = parts.find((part) => part.nColumns !== nColumns);
  if (odd) {
    throw new GmmError(
      'INVALID_DATA',
      `${describePath(odd.path)} has ${odd.nColumns} columns, ${describePath(parts[0].path)} has ${nColumns}; all files must have the same number`,
      { path: odd.path },
    );
  }
  const available = Array.from({ length: nColumns }, (_, j) => ({
    name: `x${j}`,
    type: parts[0].descr,
    numeric: true,
  }));
  const { features, weight, kept, notes } = resolveColumns(available, options, path);
  if (features.length === 0) {
    const but = weight === undefined ? '' : ` but the weights "x${weight}"`;
    throw new GmmError('INVALID_DATA', `${describePath(path)} has no numeric column${but}`, {
      path: onePath(path),
    });
  }
  return {
    columns: features.map((j) => available[j].name),
    skipped: [],
    notes: notes,
    kept: kept.map((j) => ({ name: available[j].name, type: 'DOUBLE' })),
    batches: streamFiles(parts, { features, weight, kept }, options.signal),
    close: async () => {},
  };
}

async function inspect(file: string, path: string): Promise<NpyFile> {
  return withFile(file, path, async (handle) => {
    const { size } = await handle.stat();
    const beginning = Buffer.alloc(Math.min(size, NPY_HEADER_BYTES));
    await readFully(handle, beginning, 0, path);
    const header = parseNpyHeader(beginning);
    if (typeof header === 'string') throw unreadable(path, header);
    const { descr, shape, fortranOrder, dataOffset } = header;
    const numbers = npyNumbers(descr);
    if (!numbers)
      throw unreadable(path, `its numbers are ${descr}; float64, float32 and whole numbers can be read`);
    if (shape.length < 1 || shape.length > 2) {
      throw unreadable(path, `its shape is (${shape.join(', ')}); one or two dimensions can be read`);
    }
    const [nRows, nColumns = 1] = shape;
    if (nColumns > MOST_COLUMNS)
      throw unreadable(path, `it has ${nColumns} columns; at most ${MOST_COLUMNS} can be read`);
    const expected = dataOffset + nRows * nColumns * numbers.byteLength;
    if (size < expected)
      throw unreadable(path, `it is cut short: ${size} bytes where its header says ${expected}`);
    return { file, path, nRows, nColumns, descr, numbers, fortranOrder, dataOffset };
  });
}

async function* streamFiles(
  parts: readonly NpyFile[],
  { features, weight, kept }: Pick<ColumnChoice, 'features' | 'weight' | 'kept'>,
  signal: AbortSignal | undefined,
): AsyncGenerator<RowBatch, void, undefined> {
  for (const part of parts) {
    const handle = await open(part.file).catch((error) => {
      throw explainSystemError('read', part.path, error);
    });
    try {
      const step = Math.max(1, Math.floor(BATCH_VALUES / part.nColumns));
      for (let row = 0; row < part.nRows; row += step) {
        signal?.throwIfAborted();
        const nRows = Math.min(step, part.nRows - row);
        const values = await readRows(handle, part, row, nRows);
        const batch: RowBatch = {
          nRows,
          rows: pickColumns(values, part.nColumns, features),
          kept: kept.map((j) => Array.from(pickColumns(values, part.nColumns, [j]))),
        };
        if (weight !== undefined) batch.sampleWeight = pickColumns(values, part.nColumns, [weight]);
        const bad = findNonFinite(batch, features.length);
        if (bad) {
          const file = parts.length > 1 ? part.path : undefined;
          throw nonFiniteError(
            { row: row + bad.row, file, path: part.path },
            `x${features[bad.column] ?? weight}`,
            bad.value,
          );
        }
        yield batch;
      }
    } catch (error) {
      throw explainSystemError('read', part.path, error);
    } finally {
      await handle.close();
    }
  }
}

/** @returns (nRows × nColumns) row-major */
async function readRows(
  handle: FileHandle,
  part: NpyFile,
  row: number,
  nRows: number,
): Promise<Float64Array> {
  const { nColumns, numbers, dataOffset } = part;
  const values = new Float64Array(nRows * nColumns);
  if (!part.fortranOrder) {
    const bytes = Buffer.from(new ArrayBuffer(values.length * numbers.byteLength));
    await readFully(handle, bytes, dataOffset + row * nColumns * numbers.byteLength, part.path);
    values.set(numbers.decode(bytes));
    return values;
  }
  for (let j = 0; j < nColumns; j++) {
    const bytes = Buffer.from(new ArrayBuffer(nRows * numbers.byteLength));
    await readFully(handle, bytes, dataOffset + (j * part.nRows + row) * numbers.byteLength, part.path);
    const column = numbers.decode(bytes);
    for (let i = 0; i < nRows; i++) values[i * nColumns + j] = column[i];
  }
  return values;
}

/** @returns (n × picked) row-major; `values` itself if all columns are picked in order */
function pickColumns(values: Float64Array, nColumns: number, picked: readonly number[]): Float64Array {
  if (picked.length === nColumns && picked.every((column, j) => column === j)) return values;
  const nRows = values.length / nColumns;
  const result = new Float64Array(nRows * picked.length);
  for (let i = 0, at = 0; i < nRows; i++) {
    for (const column of picked) result[at++] = values[i * nColumns + column];
  }
  return result;
}

async function withFile<T>(file: string, path: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  try {
    const handle = await open(file);
    try {
      return await use(handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw explainSystemError('read', path, error);
  }
}

async function readFully(handle: FileHandle, bytes: Buffer, position: number, path: string): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0)
      throw new GmmError('IO', `cannot read ${describePath(path)}: it became shorter while it was read`, {
        path,
      });
    done += bytesRead;
  }
}

function unreadable(path: string, reason: string): GmmError {
  return new GmmError('INVALID_DATA', `cannot read ${describePath(path)}: ${reason}`, { path });
}
