/** `parallel-gmm sample`: rows drawn from a model. */

import type { Command } from 'commander';
import { type GaussianMixture, GmmError, type Samples } from '../index.js';
import { type OutputBatch, writePredictions } from '../io/write.js';
import { withInterrupt } from './interrupt.js';
import { readModel } from './json-file.js';
import { countOf } from './text.js';
import { numberFor } from './values.js';
import { createVoice } from './voice.js';

interface Flags {
  nSamples: number;
  output: string;
  seed?: number;
  quiet?: boolean;
}

const EXAMPLES = `
Examples:
  parallel-gmm sample iris.json -n 1000 -o drawn.csv
  parallel-gmm sample iris.json -n 1e6 -o drawn.parquet --seed 7

The output has the model's columns and label, the component a row was drawn from.`;

export function addSampleCommand(program: Command): void {
  program
    .command('sample')
    .description('Draw rows from a model.')
    .argument('<model>', '.json file that fit or select wrote')
    .requiredOption('-n, --n-samples <n>', 'number of rows', numberFor('-n'))
    .requiredOption('-o, --output <file>', '.csv, .parquet or .npy file, or - for CSV on standard output')
    .option('--seed <n>', 'the same seed gives the same rows (default 0)', numberFor('--seed'))
    .option('--quiet', 'no notes')
    .addHelpText('after', EXAMPLES)
    .action((model: string, flags: Flags) => runSample(model, flags));
}

async function runSample(modelPath: string, { nSamples, output, seed, quiet }: Flags): Promise<void> {
  const model = await readModel(modelPath);
  const { samples, labels } = draw(model, nSamples, seed);
  const { nFeatures: d, columns } = model;
  const byColumn = Array.from({ length: d }, (_, a) => {
    const values = new Float64Array(nSamples);
    for (let i = 0; i < nSamples; i++) values[i] = samples[i * d + a];
    return values;
  });
  // Drawing does not wait for anything, so Ctrl-C would not be heard; without a handler it ends the process.
  await withInterrupt(async (signal) => {
    await writePredictions(output, [...columns, 'label'], toBatches([...byColumn, labels], signal));
  });
  if (output !== '-')
    createVoice(quiet).note(`wrote ${countOf(nSamples, 'row')} to ${JSON.stringify(output)}`);
}

function draw(model: GaussianMixture, nSamples: number, seed: number | undefined): Samples {
  try {
    return model.sample(nSamples, { seed });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new GmmError('INVALID_OPTION', `-n must be as many rows as memory holds, got ${nSamples}`, {
      cause,
    });
  }
}

/** Rows written without a break: less than the 100 ms in which Ctrl-C is heard. */
const BATCH_ROWS = 10_000;

async function* toBatches(
  values: OutputBatch['values'],
  signal: AbortSignal,
): AsyncGenerator<OutputBatch, void, undefined> {
  const n = values[0].length;
  for (let first = 0; first < n; first += BATCH_ROWS) {
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    const nRows = Math.min(BATCH_ROWS, n - first);
    yield { nRows, values: values.map((column) => column.subarray(first, first + nRows)) };
  }
}
