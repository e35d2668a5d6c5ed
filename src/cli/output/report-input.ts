/** A model and rows → the input of a report. Rows are scored in batches: nothing of size n × k is held in memory. */

import { setImmediate } from 'node:timers/promises';
import { Dataset, type Engine, type GaussianMixture } from '../../index.js';
import { chooseRows } from '../../report/page/choose-rows.js';
import type { ReportInput } from '../../report/page/report-input.js';
import { createRowSummary } from '../../report/page/row-summary.js';

/** Numbers in a batch: about 20 ms of work between two checks for Ctrl-C. */
const BATCH_NUMBERS = 1 << 18;

/** The part of a report's input that follows from the model and the rows. */
export type RowsInput = Pick<
  ReportInput,
  | 'parameters'
  | 'columns'
  | 'isWeighted'
  | 'summary'
  | 'chosen'
  | 'rows'
  | 'responsibilities'
  | 'fringeMargin'
>;

/** @throws the signal's reason */
export async function readReportRows(
  model: GaussianMixture,
  data: Dataset,
  fringeMargin: number,
  engine: Engine,
  signal: AbortSignal,
): Promise<RowsInput> {
  const { nSamples: n, nFeatures: d } = data;
  const k = model.nComponents;
  const scored = async (rows: Float64Array) => {
    const responsibilities = await model.predictProba(await Dataset.from(rows, { nFeatures: d }), {
      engine,
      signal,
    });
    return { rows, responsibilities };
  };
  const summary = createRowSummary(n, d, k, model.noise !== undefined);
  const step = Math.max(1, Math.floor(BATCH_NUMBERS / (d + k)));
  for (let first = 0; first < n; first += step) {
    await setImmediate();
    signal.throwIfAborted();
    const batch = await scored(copyRows(data, Math.min(step, n - first), (i) => first + i));
    summary.add(batch.rows, batch.responsibilities);
  }
  const all = summary.finish();
  const chosen = chooseRows(all.margins, fringeMargin, d + k);
  const drawn = await scored(copyRows(data, chosen.drawn.length, (i) => chosen.drawn[i]));
  const isWeighted = data.sharedRows.sampleWeight !== undefined;
  return {
    parameters: model,
    columns: data.columns,
    isWeighted,
    summary: all,
    chosen,
    ...drawn,
    fringeMargin,
  };
}

/**
 * @param rowAt - index in `data` of the i-th row of the result
 * @returns (count × d) in shared memory, which a Dataset adopts without a copy
 */
export function copyRows(data: Dataset, count: number, rowAt: (i: number) => number): Float64Array {
  const d = data.nFeatures;
  const rows = new Float64Array(new SharedArrayBuffer(8 * count * d));
  for (let i = 0; i < count; i++) rows.set(data.row(rowAt(i)), i * d);
  return rows;
}
