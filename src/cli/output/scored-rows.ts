/**
 * The rows of a table → their scores, batch by batch: only a few batches are in memory, however many rows there are.
 *
 * Each stage fills two sets of arrays alternately. With `readAhead`, a set is reused only after the next stage is done with it.
 * New arrays for every batch would take more memory, since shared memory is freed only after every thread has collected its
 * garbage (10⁷ × 8, k = 8: 904 → 278 MB).
 */

import { type Engine, type GaussianMixture, GmmError, type Scores } from '../../index.js';
import type { KeptValue, Table } from '../../io/read/read-table.js';
import { readAhead } from '../../io/table/read-ahead.js';
import { LABEL, scoreNames } from '../../io/table/score-columns.js';
import type { OutputBatch } from '../../io/write/write-table.js';

/** The size of a row group in DuckDB; fewer rows if a row has many values. */
const MOST_BATCH_ROWS = 122_880;
const MOST_BATCH_VALUES = 1 << 22;

/** A batch of rows for the model. */
interface Rows {
  nRows: number;
  /** (nRows × d) over shared memory. */
  values: Float64Array;
  /** (nRows) of every kept column. */
  kept: readonly KeptValue[][];
}

/** How rows are scored. */
export interface Scoring {
  model: GaussianMixture;
  engine: Engine;
  signal: AbortSignal;
  storage: 'float64' | 'float32';
  /** in/out: (k, with noise k + 1) number of rows with each label so far, those of noise last. */
  counts: Float64Array;
}

/** @returns names and types of the columns of the scores */
export function scoreColumns({ nComponents, noise }: GaussianMixture): { name: string; type: string }[] {
  return scoreNames(nComponents, noise !== undefined).map((name) => ({
    name,
    type: name === LABEL ? 'INTEGER' : 'DOUBLE',
  }));
}

/**
 * Reads, scores and passes on rows, all at the same time.
 *
 * @returns the kept columns, then those of `scoreColumns`
 * @throws GmmError INVALID_DATA; the signal's reason
 */
export function scoreRows(table: Table, scoring: Scoring): AsyncGenerator<OutputBatch, void, undefined> {
  return readAhead(scoreBatches(readAhead(gatherRows(table, scoring)), scoring));
}

async function* gatherRows(table: Table, { model, storage }: Scoring): AsyncGenerator<Rows, void, undefined> {
  const d = table.columns.length;
  const width = d + table.kept.length + model.nComponents;
  const batchRows = Math.max(1, Math.min(MOST_BATCH_ROWS, Math.floor(MOST_BATCH_VALUES / width)));
  const memory = [0, 1].map(() => new Float64Array(new SharedArrayBuffer(8 * batchRows * d)));
  let turn = 0;
  const open = (): Rows => ({ nRows: 0, values: memory[turn++ % 2], kept: table.kept.map(() => []) });
  let rows = open();
  let firstRow = 0;
  for await (const batch of table.batches) {
    if (storage === 'float32') roundRows(batch.rows, table.columns, firstRow);
    firstRow += batch.nRows;
    for (let first = 0; first < batch.nRows; ) {
      const last = Math.min(batch.nRows, first + batchRows - rows.nRows);
      rows.values.set(batch.rows.subarray(first * d, last * d), rows.nRows * d);
      for (let j = 0; j < rows.kept.length; j++) {
        for (let i = first; i < last; i++) rows.kept[j].push(batch.kept[j][i]);
      }
      rows.nRows += last - first;
      first = last;
      if (rows.nRows < batchRows) continue;
      yield rows;
      rows = open();
    }
  }
  if (rows.nRows > 0) yield { ...rows, values: rows.values.subarray(0, rows.nRows * d) };
}

/** Rounds to float32, in place: a model fitted with this storage has seen rounded values. */
function roundRows(values: Float64Array, columns: readonly string[], firstRow: number): void {
  const d = columns.length;
  for (let i = 0; i < values.length; i++) {
    const rounded = Math.fround(values[i]);
    if (!Number.isFinite(rounded)) {
      const [row, column] = [firstRow + Math.floor(i / d), columns[i % d]];
      const message = `row ${row}, column ${JSON.stringify(column)} is ${values[i]}, too large for storage 'float32'; use 'float64'`;
      throw new GmmError('INVALID_DATA', message, { row, column });
    }
    values[i] = rounded;
  }
}

async function* scoreBatches(
  batches: AsyncIterable<Rows>,
  { model, engine, signal, counts }: Scoring,
): AsyncGenerator<OutputBatch, void, undefined> {
  const scores: (Scores | undefined)[] = [undefined, undefined];
  const columns = [0, 1].map(() => createColumns(model.nComponents));
  let turn = 0;
  for await (const { nRows, values, kept } of batches) {
    const out = await model.scores(values, { engine, signal, out: scores[turn] });
    scores[turn] = out;
    const probabilities = columns[turn].fill(out.proba);
    turn = 1 - turn;
    for (const label of out.labels) counts[label < 0 ? model.nComponents : label]++;
    const ofNoise = out.noise ? [out.noise] : [];
    yield {
      nRows,
      values: [...kept, out.labels, ...probabilities, ...ofNoise, out.uncertainty, out.logDensity],
    };
  }
}

/** Columns that are reused for every batch; no batch has more rows than the first. */
function createColumns(k: number) {
  let memory: Float64Array[] = [];
  return {
    /** (n × k) row-major → k columns of n. */
    fill(values: Float64Array): Float64Array[] {
      const n = values.length / k;
      if (memory.length === 0) memory = Array.from({ length: k }, () => new Float64Array(n));
      for (let i = 0, at = 0; i < n; i++) for (let j = 0; j < k; j++) memory[j][i] = values[at++];
      return memory.map((column) => column.subarray(0, n));
    },
  };
}
