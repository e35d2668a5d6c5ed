/** `parallel-gmm report`: a model and rows to look at, as a page for a browser or as a picture. */

import type { Command } from 'commander';
import { createEngine, type Dataset, type GaussianMixture, GmmError, type ReadOptions } from '../index.js';
import { checkOutputs } from '../io/outputs.js';
import { readRows } from './input.js';
import { withInterrupt } from './interrupt.js';
import { checkOutputPath, readModel } from './json-file.js';
import { readForModel } from './model-rows.js';
import { addDataFlags, addThreadsFlag, type DataFlags, toReadOptions } from './options.js';
import { DEFAULT_MARGIN, type ReportJob, writeModelReport, writePicture } from './report-file.js';
import { numberFor } from './values.js';
import { createVoice, noteSkipped } from './voice.js';

interface Flags extends DataFlags {
  output: string;
  margin?: number;
  x?: string;
  y?: string;
  threads?: number;
  quiet?: boolean;
}

const EXAMPLES = `
Examples:
  parallel-gmm report iris.json iris.csv -o iris.html
  parallel-gmm report iris.json more.parquet -o more.html --margin 0.2
  parallel-gmm report iris.json iris.csv -o petals.png --x petal_length --y petal_width

A page holds all it needs: it can be mailed, and read without a network. A picture shows one column as a histogram, up
to six as all pairs, more along their two principal axes. Rows are on the fringe whose two largest probabilities
differ by less than --margin. For a report that tells how the fit went: parallel-gmm fit … --report FILE.
The model's columns are found in INPUT by their names, unless --columns names others.`;

export function addReportCommand(program: Command): void {
  const command = program
    .command('report')
    .description('Show a model and rows: a page for a browser, or a picture.')
    .argument('<model>', '.json file that fit or select wrote')
    .argument('<input>', 'CSV, Parquet, JSON lines or .npy file, a glob in quotes, or - for standard input')
    .requiredOption('-o, --output <file>', '.html, .svg or .png file');
  addDataFlags(command, 'without weights');
  addThreadsFlag(command)
    .option('--margin <x>', 'which rows are on the fringe, from 0 to 1 (default 0.5)', numberFor('--margin'))
    .option('--x <column>', 'column to the right')
    .option('--y <column>', 'column upwards')
    .option('--quiet', 'no notes')
    .addHelpText('after', EXAMPLES)
    .action((model: string, input: string, flags: Flags) => runReport(model, input, flags));
}

async function runReport(modelPath: string, input: string, flags: Flags): Promise<void> {
  const voice = createVoice(flags.quiet);
  const { output: path, margin = DEFAULT_MARGIN } = flags;
  await checkOutputPath('-o', path);
  const write = writerFor(path);
  if (!(margin >= 0 && margin <= 1)) throw invalid('--margin must be from 0 to 1', margin);
  await checkOutputs({ inputs: { 'the model': modelPath, 'the input': input }, outputs: { '-o': path } });
  const model = await readModel(modelPath);
  await withInterrupt(async (signal) => {
    const engine = createEngine({ threads: flags.threads });
    try {
      const read = (options: ReadOptions) => readRows(input, options, signal);
      const data = await readForModel(model, input, toReadOptions(flags), read);
      noteSkipped(voice, data);
      const [x, y] = [findColumn('--x', flags.x, data), findColumn('--y', flags.y, data)];
      if (x !== undefined && x === y) throw invalid('--x and --y must be two columns', flags.x);
      await write({ path, input, data, margin, x, y, engine, signal }, model);
      voice.note(`wrote ${JSON.stringify(path)}`);
    } finally {
      await engine.close();
    }
  });
}

function invalid(message: string, got: unknown): GmmError {
  return new GmmError('INVALID_OPTION', `${message}, got ${JSON.stringify(got)}`);
}

function writerFor(path: string): (job: ReportJob, model: GaussianMixture) => Promise<void> {
  const name = path.toLowerCase();
  if (name.endsWith('.html')) return writeModelReport;
  if (name.endsWith('.svg') || name.endsWith('.png')) return writePicture;
  throw invalid('-o must be a name that ends in .html, .svg or .png', path);
}

function findColumn(flag: string, name: string | undefined, { columns }: Dataset): number | undefined {
  if (name === undefined) return undefined;
  const index = columns.indexOf(name);
  if (index >= 0) return index;
  const list = columns.map((column) => JSON.stringify(column)).join(', ');
  throw invalid(`${flag} must be one of the columns ${list}`, name);
}
