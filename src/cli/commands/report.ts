/** `parallel-gmm report`: shows a model and rows, as a page for a browser or as a picture. */

import type { Command } from 'commander';
import { createEngine, type Dataset, type GaussianMixture, GmmError } from '../../index.js';
import { checkOutputs } from '../../io/files/outputs.js';
import { readRows } from '../files/inputs.js';
import { checkOutputPath, readModel } from '../files/json-file.js';
import { addDataFlags, addThreadsFlag, type DataFlags, INPUT_HELP, toReadOptions } from '../options/flags.js';
import { numberFor } from '../options/values.js';
import { DEFAULT_MARGIN, type ReportJob, writeModelReport, writePicture } from '../output/report-file.js';
import { withInterrupt } from '../terminal/interrupt.js';
import { createVoice, noteModelData } from '../terminal/voice.js';

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

The page is a single file that needs no network. A picture shows one column as a histogram, two to six columns as all
their pairs, and more columns along their two principal axes. A row is on the fringe if its two largest probabilities
differ by less than --margin. To see how the fit itself went, use parallel-gmm fit … --report FILE.
The model's columns are found in INPUT by their names, unless --columns names others.`;

export function addReportCommand(program: Command): void {
  const command = program
    .command('report')
    .description('Write a page for a browser, or a picture, that shows a model and rows.')
    .argument('<model>', '.json file that fit or select wrote')
    .argument('<input...>', INPUT_HELP)
    .requiredOption('-o, --output <file>', '.html, .svg or .png file');
  addDataFlags(command, 'to apply');
  addThreadsFlag(command)
    .option(
      '--margin <x>',
      'largest margin of a row on the fringe, 0 to 1 (default 0.5)',
      numberFor('--margin'),
    )
    .option('--x <column>', 'column of the horizontal axis')
    .option('--y <column>', 'column of the vertical axis')
    .option('--quiet', 'hide notes; lost data are still reported')
    .addHelpText('after', EXAMPLES)
    .action((model: string, inputs: string[], flags: Flags) => runReport(model, inputs, flags));
}

async function runReport(modelPath: string, inputs: readonly string[], flags: Flags): Promise<void> {
  const voice = createVoice(flags.quiet);
  const { output: path, margin = DEFAULT_MARGIN } = flags;
  await checkOutputPath('-o', path);
  const write = writerFor(path);
  if (!(margin >= 0 && margin <= 1)) throw invalid('--margin must be from 0 to 1', margin);
  await checkOutputs({ inputs: { 'the model': modelPath, 'the input': inputs }, outputs: { '-o': path } });
  const model = await readModel(modelPath);
  await withInterrupt(async (signal) => {
    const engine = createEngine({ threads: flags.threads });
    try {
      const data = await readRows(inputs, { ...toReadOptions(flags), model }, signal);
      noteModelData(voice, data, model.columns);
      const [x, y] = [findColumn('--x', flags.x, data), findColumn('--y', flags.y, data)];
      if (x !== undefined && x === y) throw invalid('--x and --y must be two columns', flags.x);
      await write({ path, inputs, data, margin, x, y, engine, signal }, model);
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
