/** `parallel-gmm fit`: fits one mixture. */

import type { Command } from 'commander';
import { createEngine, type Dataset, type FitOptions } from '../../index.js';
import { checkOutputs } from '../../io/files/outputs.js';
import { checkOptions, readRows } from '../files/inputs.js';
import { checkOutputPath, writeModel } from '../files/json-file.js';
import {
  addDataFlags,
  addFitFlags,
  addOutputFlags,
  type DataFlags,
  type FitFlags,
  filesOf,
  INPUT_HELP,
  type OutputFlags,
  toFitOptions,
  toReadOptions,
} from '../options/flags.js';
import { numberFor } from '../options/values.js';
import {
  addVariationalFlags,
  toVariationalOptions,
  type VariationalFlags,
} from '../options/variational-flags.js';
import { fitToJson, printJson } from '../output/fit-json.js';
import { describeData, describeFit } from '../output/fit-text.js';
import { checkReportPath, DEFAULT_MARGIN, writeFitReport } from '../output/report-file.js';
import { withInterrupt } from '../terminal/interrupt.js';
import { createProgress } from '../terminal/progress.js';
import { createVoice, noteDoubt, noteFitData, type Voice, warnUnconverged } from '../terminal/voice.js';

interface Flags extends DataFlags, FitFlags, VariationalFlags, OutputFlags {
  nComponents: number;
  covariance?: string;
}

const EXAMPLES = `
Examples:
  parallel-gmm fit faithful.csv -k 2
  parallel-gmm fit iris.csv -k 3 --columns petal_length,petal_width --covariance tied --model iris.json
  parallel-gmm fit january.csv february.csv -k 2
  parallel-gmm fit 'parts/*.parquet' -k 8 --weights count --storage float32 --json > fit.json
  parallel-gmm fit sales.csv -k 4 --sql "select ln(price) as price, age from input where price > 0"
  zcat big.csv.gz | parallel-gmm fit - -k 5 --seed 7
  parallel-gmm fit iris.csv -k 5 --search thorough                      look longer for the best solution
  parallel-gmm fit more.csv -k 3 --covariance tied --init iris.json     start from another model
  parallel-gmm fit iris.csv -k 12 --method variational --drop-empty     let the fit choose how many`;

export function addFitCommand(program: Command): void {
  const command = program
    .command('fit')
    .description('Fit one mixture and print it.')
    .argument('<input...>', INPUT_HELP)
    .requiredOption(
      '-k, --n-components <k>',
      'number of components (select tries several)',
      numberFor('-k', 'a number (select takes several)'),
    )
    .option('--covariance <type>', 'full, tied, diag or spherical (default full)');
  addDataFlags(command, 'to fit');
  addFitFlags(command, 'one model');
  addVariationalFlags(command);
  addOutputFlags(command);
  command.addHelpText('after', EXAMPLES).action((inputs: string[], flags: Flags) => runFit(inputs, flags));
}

async function runFit(inputs: readonly string[], flags: Flags): Promise<void> {
  const voice = createVoice(flags.quiet);
  await checkOutputPath('--model', flags.model);
  await checkReportPath(flags.report);
  await checkOutputs(filesOf(inputs, flags));
  const options: FitOptions = {
    ...((await toFitOptions(flags)) as Omit<FitOptions, 'nComponents' | 'covarianceType'>),
    ...toVariationalOptions(flags),
    nComponents: flags.nComponents,
    covarianceType: flags.covariance as FitOptions['covarianceType'],
  };
  await withInterrupt(async (signal) => {
    const engine = createEngine({ threads: flags.threads });
    const progress = await createProgress(flags.quiet);
    try {
      await checkOptions((aborted) => engine.fit([], { ...options, signal: aborted }));
      const data = await readRows(inputs, toReadOptions(flags), signal);
      noteFitData(voice, data);
      noteSameType(voice, data, flags.covariance);
      const { onProgress } = progress;
      const result = await engine.fit(data, { ...options, signal, onProgress });
      progress.stop();

      voice.tell(result.notes);
      if (!result.converged) warnUnconverged(voice, result.nIterations);
      noteDoubt(voice, result, options.search, options.method);
      if (flags.model !== undefined) await writeModel(flags.model, result.model);
      const lines = [describeData(inputs, data, flags.weights), ...describeFit(result)];
      if (flags.json) printJson(fitToJson(result));
      else process.stdout.write(`${lines.join('\n')}\n`);
      // Last: if it can't be written, the results have been printed.
      if (flags.report !== undefined) {
        const job = { path: flags.report, inputs, data, margin: DEFAULT_MARGIN, engine, signal };
        await writeFitReport(job, options, result);
      }
    } finally {
      progress.stop();
      await engine.close();
    }
  });
}

function noteSameType(voice: Voice, { nFeatures }: Dataset, type: string | undefined): void {
  if (nFeatures > 1 || type === undefined || type === 'full' || type === 'tied') return;
  voice.note(`with one column, ${type} covariance is the same model as full`);
}
