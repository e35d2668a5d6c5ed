/** `parallel-gmm sample`: draws rows from a model. */

import type { Command } from 'commander';
import { GmmError, type Samples } from '../../index.js';
import { checkOutputs } from '../../io/files/outputs.js';
import { checkWritable } from '../../io/files/whole-file.js';
import { LABEL } from '../../io/table/score-columns.js';
import { type OutputBatch, outputFormatOf, writePredictions } from '../../io/write/write-table.js';
import { readModel } from '../files/json-file.js';
import { ESCAPE_HELP, OUTPUT_HELP } from '../options/flags.js';
import { numberFor } from '../options/values.js';
import { withInterrupt } from '../terminal/interrupt.js';
import { countOf } from '../terminal/text.js';
import { createVoice } from '../terminal/voice.js';

interface Flags {
  nSamples: number;
  output?: string;
  escapeFormulas?: boolean;
  seed?: number;
  quiet?: boolean;
}

/** Float64 can't represent every larger whole number. */
const MOST_ROWS = Number.MAX_SAFE_INTEGER;

const EXAMPLES = `
Examples:
  parallel-gmm sample iris.json -n 1000 -o drawn.csv
  parallel-gmm sample iris.json -n 1e6 -o drawn.parquet --seed 7

The output has the model's columns, then label, the component that the row was drawn from (-1 for noise).`;

export function addSampleCommand(program: Command): void {
  program
    .command('sample')
    .description('Draw rows from a model.')
    .argument('<model>', '.json file that fit or select wrote')
    .requiredOption('-n, --n-samples <n>', 'number of rows', numberFor('-n'))
    .option('-o, --output <file>', OUTPUT_HELP)
    .option('--escape-formulas', ESCAPE_HELP)
    .option('--seed <n>', 'the same seed gives the same rows (default 0)', numberFor('--seed'))
    .option('--quiet', 'hide notes')
    .addHelpText('after', EXAMPLES)
    .action((model: string, flags: Flags) => runSample(model, flags));
}

async function runSample(modelPath: string, flags: Flags): Promise<void> {
  const { nSamples, output = '-', escapeFormulas, seed, quiet } = flags;
  if (!Number.isSafeInteger(nSamples) || nSamples < 0) {
    const wanted = nSamples > MOST_ROWS ? `at most ${MOST_ROWS}` : 'a whole number >= 0';
    throw new GmmError('INVALID_OPTION', `-n must be ${wanted}, got ${nSamples}`);
  }
  outputFormatOf(output, { escapeFormulas });
  await checkOutputs({ inputs: { 'the model': modelPath }, outputs: { '-o': output } });
  if (output !== '-') await checkWritable(output);
  const model = await readModel(modelPath);
  const columns = [
    ...model.columns.map((name) => ({ name, type: 'DOUBLE' })),
    { name: LABEL, type: 'INTEGER' },
  ];
  const draw = model.sampler({ seed });
  await withInterrupt((signal) =>
    writePredictions(output, columns, drawBatches(draw, nSamples, model.nFeatures), {
      signal,
      escapeFormulas,
    }),
  );
  if (output !== '-')
    createVoice(quiet).note(`wrote ${countOf(nSamples, 'row')} to ${JSON.stringify(output)}`);
}

/** Size of a batch; drawing it must take less than 100 ms, the time in which Ctrl-C takes effect. */
const MOST_BATCH_ROWS = 122_880;
const MOST_BATCH_VALUES = 1 << 18;

async function* drawBatches(
  draw: (n: number) => Samples,
  n: number,
  d: number,
): AsyncGenerator<OutputBatch, void, undefined> {
  const step = Math.max(1, Math.min(MOST_BATCH_ROWS, Math.floor(MOST_BATCH_VALUES / d)));
  for (let first = 0; first < n; first += step) {
    const { samples, labels } = draw(Math.min(step, n - first));
    const columns = Array.from({ length: d }, (_, a) =>
      Float64Array.from(labels, (_, i) => samples[i * d + a]),
    );
    yield { nRows: labels.length, values: [...columns, labels] };
  }
}
