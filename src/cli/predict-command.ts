/** `parallel-gmm predict`: every row's component, probabilities, uncertainty and log-density, in the rows' order. */

import { setImmediate } from 'node:timers/promises';
import type { Command } from 'commander';
import { createEngine, type Dataset, type Engine, type GaussianMixture } from '../index.js';
import { type OutputBatch, writePredictions } from '../io/write.js';
import { withInterrupt } from './interrupt.js';
import { readModel } from './json-file.js';
import { readForModel } from './model-rows.js';
import { addDataFlags, addThreadsFlag, type DataFlags } from './options.js';
import { countOf } from './text.js';
import { createVoice, noteSkipped, type Voice } from './voice.js';

interface Flags extends DataFlags {
  output: string;
  threads?: number;
  quiet?: boolean;
}

/** A batch is formatted without a break, so it must take less than the 100 ms in which Ctrl-C is heard. */
const MOST_BATCH_ROWS = 50_000;
const MOST_BATCH_VALUES = 1 << 17;

/** Counts of more components than this make a line nobody reads. */
const MOST_COUNTS = 12;

const EXAMPLES = `
Examples:
  parallel-gmm predict iris.json iris.csv -o labels.csv
  parallel-gmm predict iris.json 'parts/*.parquet' -o scores.parquet
  parallel-gmm predict iris.json iris.csv -o - --quiet | head

The output has the columns label, p0, p1, …, uncertainty (1 - the largest p) and log_density.
The model's columns are found in INPUT by their names, unless --columns names others.`;

export function addPredictCommand(program: Command): void {
  const command = program
    .command('predict')
    .description('Write the probability of every component for every row.')
    .argument('<model>', '.json file that fit or select wrote')
    .argument('<input>', 'CSV, Parquet, JSON lines or .npy file, a glob in quotes, or - for standard input')
    .requiredOption('-o, --output <file>', '.csv, .parquet or .npy file, or - for CSV on standard output');
  addDataFlags(command, 'without weights');
  addThreadsFlag(command)
    .option('--quiet', 'no notes')
    .addHelpText('after', EXAMPLES)
    .action((model: string, input: string, flags: Flags) => runPredict(model, input, flags));
}

async function runPredict(modelPath: string, input: string, flags: Flags): Promise<void> {
  const voice = createVoice(flags.quiet);
  const model = await readModel(modelPath);
  await withInterrupt(async (signal) => {
    const engine = createEngine({ threads: flags.threads });
    try {
      const compute = async () => {
        const data = await readForModel(model, input, flags, signal);
        noteSkipped(voice, data);
        return computeScores(model, data, engine, signal);
      };
      // A file is opened before the work, as it may be impossible; on standard output nothing comes before an error.
      const scores = flags.output === '-' ? await compute() : compute;
      const counts = new Float64Array(model.nComponents);
      await writePredictions(flags.output, columnsOf(model), toBatches(scores, counts, signal));
      if (flags.output !== '-') noteWritten(voice, flags.output, counts);
    } finally {
      await engine.close();
    }
  });
}

/** Scores of n rows. */
interface Scores {
  nSamples: number;
  /** (n × k) row-major. */
  probabilities: Float64Array;
  /** (n) */
  logDensity: Float64Array;
}

async function computeScores(
  model: GaussianMixture,
  data: Dataset,
  engine: Engine,
  signal: AbortSignal,
): Promise<Scores> {
  const [probabilities, logDensity] = await Promise.all([
    model.predictProba(data, { engine, signal }),
    model.scoreSamples(data, { engine, signal }),
  ]);
  return { nSamples: data.nSamples, probabilities, logDensity };
}

function columnsOf({ nComponents }: GaussianMixture): string[] {
  const probabilities = Array.from({ length: nComponents }, (_, j) => `p${j}`);
  return ['label', ...probabilities, 'uncertainty', 'log_density'];
}

/** @param counts - in/out: (k) rows of each label */
async function* toBatches(
  scores: Scores | (() => Promise<Scores>),
  counts: Float64Array,
  signal: AbortSignal,
): AsyncGenerator<OutputBatch, void, undefined> {
  const { nSamples, probabilities, logDensity } = typeof scores === 'function' ? await scores() : scores;
  const k = counts.length;
  const step = Math.max(1, Math.min(MOST_BATCH_ROWS, Math.floor(MOST_BATCH_VALUES / (k + 3))));
  for (let first = 0; first < nSamples; first += step) {
    // Lets Ctrl-C in: not every format waits between batches.
    await setImmediate();
    signal.throwIfAborted();
    const last = Math.min(nSamples, first + step);
    const batch = toColumns(probabilities.subarray(first * k, last * k), k);
    for (const label of batch.labels) counts[label]++;
    yield {
      nRows: last - first,
      values: [batch.labels, ...batch.columns, batch.uncertainty, logDensity.subarray(first, last)],
    };
  }
}

/**
 * @param probabilities - (n × k) row-major
 * @returns the same by columns, and what follows from it; ties go to the lowest index
 */
function toColumns(probabilities: Float64Array, k: number) {
  const n = probabilities.length / k;
  const labels = new Int32Array(n);
  const uncertainty = new Float64Array(n);
  const columns = Array.from({ length: k }, () => new Float64Array(n));
  for (let i = 0; i < n; i++) {
    let largest = -1;
    for (let j = 0; j < k; j++) {
      const p = probabilities[i * k + j];
      columns[j][i] = p;
      if (p > largest) {
        largest = p;
        labels[i] = j;
      }
    }
    uncertainty[i] = 1 - largest;
  }
  return { labels, uncertainty, columns };
}

function noteWritten(voice: Voice, path: string, counts: Float64Array): void {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const each = Array.from(counts, (count, j) => `${j}: ${count}`).join(', ');
  const detail = counts.length <= MOST_COUNTS ? ` (rows by label: ${each})` : '';
  voice.note(`wrote ${countOf(total, 'row')} to ${JSON.stringify(path)}${detail}`);
}
