/** `parallel-gmm report`: a model and rows to look at, as a page for a browser. */

import type { Command } from 'commander';
import { createEngine, GmmError } from '../index.js';
import { withInterrupt } from './interrupt.js';
import { checkOutputPath, readModel } from './json-file.js';
import { readForModel } from './model-rows.js';
import { addDataFlags, addThreadsFlag, type DataFlags } from './options.js';
import { DEFAULT_MARGIN, writeModelReport } from './report-file.js';
import { numberFor } from './values.js';
import { createVoice, noteSkipped } from './voice.js';

interface Flags extends DataFlags {
  output: string;
  margin?: number;
  threads?: number;
  quiet?: boolean;
}

const EXAMPLES = `
Examples:
  parallel-gmm report iris.json iris.csv -o iris.html
  parallel-gmm report iris.json more.parquet -o more.html --margin 0.2

The page holds all it needs: it can be mailed, and read without a network. Rows are on the fringe whose two largest
probabilities differ by less than --margin. A report of a fit with how it went: parallel-gmm fit … --report.
The model's columns are found in INPUT by their names, unless --columns names others.`;

export function addReportCommand(program: Command): void {
  const command = program
    .command('report')
    .description('Show a model and rows: a page for a browser.')
    .argument('<model>', '.json file that fit or select wrote')
    .argument('<input>', 'CSV, Parquet, JSON lines or .npy file, a glob in quotes, or - for standard input')
    .requiredOption('-o, --output <file>', '.html file');
  addDataFlags(command, 'without weights');
  addThreadsFlag(command)
    .option('--margin <x>', 'which rows are on the fringe, from 0 to 1 (default 0.5)', numberFor('--margin'))
    .option('--quiet', 'no notes')
    .addHelpText('after', EXAMPLES)
    .action((model: string, input: string, flags: Flags) => runReport(model, input, flags));
}

async function runReport(modelPath: string, input: string, flags: Flags): Promise<void> {
  const voice = createVoice(flags.quiet);
  const { output: path, margin = DEFAULT_MARGIN } = flags;
  await checkOutputPath('-o', path);
  if (!path.toLowerCase().endsWith('.html')) {
    throw new GmmError('INVALID_OPTION', `-o must be a name that ends in .html, got ${JSON.stringify(path)}`);
  }
  if (!(margin >= 0 && margin <= 1)) {
    throw new GmmError('INVALID_OPTION', `--margin must be from 0 to 1, got ${margin}`);
  }
  const model = await readModel(modelPath);
  await withInterrupt(async (signal) => {
    const engine = createEngine({ threads: flags.threads });
    try {
      const data = await readForModel(model, input, flags, signal);
      noteSkipped(voice, data);
      await writeModelReport({ path, input, data, margin, engine, signal }, model);
      voice.note(`wrote ${JSON.stringify(path)}`);
    } finally {
      await engine.close();
    }
  });
}
