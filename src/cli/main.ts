#!/usr/bin/env node
/** The command `parallel-gmm`: its subcommands, its help, and how it ends. */

import { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { GmmError } from '../index.js';
import { addFitCommand } from './commands/fit.js';
import { addPredictCommand } from './commands/predict.js';
import { addReportCommand } from './commands/report.js';
import { addSampleCommand } from './commands/sample.js';
import { addSelectCommand } from './commands/select.js';
import { reportFailure } from './terminal/failure.js';
import { heedSignals } from './terminal/interrupt.js';

const EXAMPLES = `
A first look:
  parallel-gmm select measurements.csv                    choose the number of components
  parallel-gmm fit measurements.csv -k 3 --model m.json   fit three components and save the model
  parallel-gmm predict m.json more.csv -o labels.csv      write the probabilities of other rows
  parallel-gmm sample m.json -n 1000 -o drawn.csv         draw rows from the model
  parallel-gmm report m.json more.csv -o report.html      show the model and rows in a browser

INPUT is one or more CSV, JSON lines, Parquet or .npy files (CSV and JSON lines also as .gz), or globs of these in quotes.
Several files are read one after the other as one table. The input - is standard input: CSV or JSON lines, gzipped or not.
Each command has more examples: parallel-gmm fit --help

Exit codes: 0 done, 1 failed, 2 wrong usage; ended by a signal: 130 (Ctrl-C), 143 (SIGTERM), 129 (SIGHUP).
Results go to standard output; progress, notes, warnings and errors go to standard error.`;

function createProgram(): Command {
  const program = new Command('parallel-gmm')
    .description('Gaussian mixture models by expectation-maximisation, on all cores.')
    .version(manifest.version)
    .exitOverride()
    // reportFailure writes the message, once and on one line.
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .addHelpText('after', EXAMPLES);
  addFitCommand(program);
  addSelectCommand(program);
  addPredictCommand(program);
  addSampleCommand(program);
  addReportCommand(program);
  return program;
}

/** A failure ends the process at once, without waiting for work that still runs, such as reading a file. */
function endWith(error: unknown): void {
  const code = reportFailure(error);
  if (code !== 0) process.exit(code);
}

heedSignals();
process.on('uncaughtException', endWith);
// A reader that has closed the pipe (`| head`) is reported here, not by `write`.
process.stdout.on('error', (cause) => {
  endWith(new GmmError('IO', `cannot write standard output: ${cause.message}`, { cause }));
});
process.stderr.on('error', () => {});

createProgram().parseAsync().catch(endWith);
