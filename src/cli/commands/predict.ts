/** `parallel-gmm predict`: label, probabilities, uncertainty and log-density of every row, in the order of the rows. */

import type { Command } from 'commander';
import { createEngine, type GaussianMixture, GmmError } from '../../index.js';
import { checkOutputs } from '../../io/files/outputs.js';
import { checkWritable } from '../../io/files/whole-file.js';
import { type Keep, type ReadOptions, readTable, type Table } from '../../io/read/read-table.js';
import { type OutputBatch, outputFormatOf, writePredictions } from '../../io/write/write-table.js';
import { readModel } from '../files/json-file.js';
import {
  addDataFlags,
  addThreadsFlag,
  type DataFlags,
  ESCAPE_HELP,
  INPUT_HELP,
  OUTPUT_HELP,
  toReadOptions,
} from '../options/flags.js';
import { parseList } from '../options/values.js';
import { scoreColumns, scoreRows } from '../output/scored-rows.js';
import { withInterrupt } from '../terminal/interrupt.js';
import { createRowCounter, type RowCounter } from '../terminal/row-counter.js';
import { countOf } from '../terminal/text.js';
import { createVoice, noteModelData, type Voice } from '../terminal/voice.js';

interface Flags extends DataFlags {
  output?: string;
  keep?: string[];
  escapeFormulas?: boolean;
  threads?: number;
  quiet?: boolean;
}

/** A CSV holds text, a .npy file numbers. */
const KEPT_AS = { csv: 'text', parquet: 'values', npy: 'numbers' } as const;

/** The rows of more components are not counted: the line would be too long to read. */
const MOST_COUNTS = 12;

const EXAMPLES = `
Examples:
  parallel-gmm predict iris.json iris.csv -o labels.csv
  parallel-gmm predict iris.json 'parts/*.parquet' -o scores.parquet
  parallel-gmm predict iris.json iris.csv -o named.csv --keep species,petal_length
  parallel-gmm predict iris.json iris.csv | head

The output has the columns of --keep, then label, p0, p1, …, uncertainty (1 minus the largest p) and log_density.
Of a model with noise it has p_noise after these p, and the label of rows that are noise is -1.
The model's columns are found in INPUT by their names, unless --columns names others.
When the output goes to a terminal, control characters in it are written as \\u001b; in a file or pipe they stay as they are.`;

export function addPredictCommand(program: Command): void {
  const command = program
    .command('predict')
    .description('Write the label and the component probabilities of every row.')
    .argument('<model>', '.json file that fit or select wrote')
    .argument('<input...>', INPUT_HELP)
    .option('-o, --output <file>', OUTPUT_HELP)
    .option('--escape-formulas', ESCAPE_HELP)
    .option(
      '--keep <names>',
      'columns of INPUT to copy to the output, separated by commas; may be repeated',
      (text: string, before: string[] = []) => [...before, ...parseList(text)],
    );
  addDataFlags(command, 'to apply');
  addThreadsFlag(command)
    .option('--quiet', 'hide progress and notes; lost data are still reported')
    .addHelpText('after', EXAMPLES)
    .action((model: string, inputs: string[], flags: Flags) => runPredict(model, inputs, flags));
}

async function runPredict(modelPath: string, inputs: readonly string[], flags: Flags): Promise<void> {
  const voice = createVoice(flags.quiet);
  const { output = '-', keep: kept = [], escapeFormulas, threads } = flags;
  const keep: Keep = { columns: kept, as: KEPT_AS[outputFormatOf(output, { escapeFormulas })] };
  const storage = resolveStorage(flags.storage);
  await checkOutputs({ inputs: { 'the model': modelPath, 'the input': inputs }, outputs: { '-o': output } });
  if (output !== '-') await checkWritable(output);
  const model = await readModel(modelPath);
  const computed = scoreColumns(model);
  checkNames(kept, computed);
  await withInterrupt(async (signal) => {
    const engine = createEngine({ threads });
    const rows = createRowCounter(flags.quiet);
    try {
      const table = await openForModel(model, inputs, { ...toReadOptions(flags), keep, signal });
      noteModelData(voice, table, model.columns);
      const nNotes = table.notes.length;
      const counts = new Float64Array(model.nComponents + (model.noise ? 1 : 0));
      const scored = scoreRows(table, { model, engine, signal, storage, counts });
      const batches = output === '-' ? scored : countRows(scored, rows);
      await writePredictions(output, [...table.kept, ...computed], batches, { signal, escapeFormulas });
      rows.stop();
      // Some notes exist only after the last row, such as the number of blank lines.
      voice.tell(table.notes.slice(nNotes));
      if (output !== '-') noteWritten(voice, output, counts, model.nComponents);
    } finally {
      rows.stop();
      await engine.close();
    }
  });
}

async function* countRows(
  batches: AsyncIterable<OutputBatch>,
  rows: RowCounter,
): AsyncGenerator<OutputBatch, void, undefined> {
  for await (const batch of batches) {
    yield batch;
    rows.count(batch.nRows);
  }
}

function resolveStorage(storage: string | undefined): 'float64' | 'float32' {
  if (storage === undefined || storage === 'float64' || storage === 'float32') return storage ?? 'float64';
  const got = JSON.stringify(storage);
  throw new GmmError('INVALID_OPTION', `--storage must be 'float64' or 'float32', got ${got}`);
}

function checkNames(kept: readonly string[], computed: readonly { name: string }[]): void {
  const clash = kept.find((name) => computed.some((column) => column.name === name));
  if (clash === undefined) return;
  const message = `--keep names ${JSON.stringify(clash)}, which the output already has; rename it with --sql`;
  throw new GmmError('INVALID_OPTION', message, { column: clash });
}

async function openForModel(
  model: GaussianMixture,
  inputs: readonly string[],
  options: ReadOptions,
): Promise<Table> {
  const table = await readTable(inputs, { ...options, model });
  const { nFeatures } = model;
  if (table.columns.length === nFeatures) return table;
  await table.close();
  const message = `the rows have ${table.columns.length} columns, the model ${nFeatures}; give it the columns it was fitted on`;
  throw new GmmError('INVALID_DATA', message);
}

function noteWritten(voice: Voice, path: string, counts: Float64Array, k: number): void {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const each = Array.from(counts, (count, j) => `${j < k ? j : 'noise'}: ${count}`).join(', ');
  const detail = counts.length <= MOST_COUNTS ? ` (rows by label: ${each})` : '';
  voice.note(`wrote ${countOf(total, 'row')} to ${JSON.stringify(path)}${detail}`);
}
