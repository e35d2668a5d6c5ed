/** `parallel-gmm fit`: one mixture. */

import type { Command } from 'commander';
import { createEngine, type FitOptions } from '../index.js';
import { checkOutputs } from '../io/outputs.js';
import { fitToJson, printJson } from './fit-json.js';
import { describeData, describeFit } from './fit-text.js';
import { checkOptions, readRows } from './input.js';
import { withInterrupt } from './interrupt.js';
import { checkOutputPath, writeModel } from './json-file.js';
import {
  addDataFlags,
  addFitFlags,
  addOutputFlags,
  type DataFlags,
  type FitFlags,
  filesOf,
  type OutputFlags,
  toFitOptions,
  toReadOptions,
} from './options.js';
import { createProgress } from './progress.js';
import { checkReportPath, DEFAULT_MARGIN, writeFitReport } from './report-file.js';
import { numberFor } from './values.js';
import { createVoice, noteSkipped, warnUnconverged } from './voice.js';

interface Flags extends DataFlags, FitFlags, OutputFlags {
  nComponents: number;
  covariance?: string;
}

const EXAMPLES = `
Examples:
  parallel-gmm fit faithful.csv -k 2
  parallel-gmm fit iris.csv -k 3 --columns petal_length,petal_width --covariance tied --model iris.json
  parallel-gmm fit 'parts/*.parquet' -k 8 --weights count --storage float32 --json > fit.json
  parallel-gmm fit sales.csv -k 4 --sql "select ln(price) as price, age from input where price > 0"
  zcat big.csv.gz | parallel-gmm fit - -k 5 --seed 7
  parallel-gmm fit more.csv -k 3 --covariance tied --init iris.json     begin where another model ended`;

export function addFitCommand(program: Command): void {
  const command = program
    .command('fit')
    .description('Fit one mixture and print it.')
    .argument('<input>', 'CSV, Parquet, JSON lines or .npy file, a glob in quotes, or - for standard input')
    .requiredOption(
      '-k, --n-components <k>',
      'number of components',
      numberFor('-k', 'a number (select takes several)'),
    )
    .option('--covariance <type>', 'full, tied, diag or spherical (default full)');
  addDataFlags(command, 'with weights');
  addFitFlags(command);
  addOutputFlags(command);
  command.addHelpText('after', EXAMPLES).action((input: string, flags: Flags) => runFit(input, flags));
}

async function runFit(input: string, flags: Flags): Promise<void> {
  const voice = createVoice(flags.quiet);
  await checkOutputPath('--model', flags.model);
  await checkReportPath(flags.report);
  await checkOutputs(filesOf(input, flags));
  const options: FitOptions = {
    ...(await toFitOptions(flags)),
    nComponents: flags.nComponents,
    covarianceType: flags.covariance as FitOptions['covarianceType'],
  };
  await withInterrupt(async (signal) => {
    const engine = createEngine({ threads: flags.threads });
    const progress = await createProgress(flags.quiet);
    try {
      await checkOptions((aborted) => engine.fit([], { ...options, signal: aborted }));
      const data = await readRows(input, toReadOptions(flags), signal);
      noteSkipped(voice, data);
      const { onProgress } = progress;
      const result = await engine.fit(data, { ...options, signal, onProgress });
      progress.stop();

      if (!result.converged) warnUnconverged(voice, result.nIterations);
      if (flags.model !== undefined) await writeModel(flags.model, result.model);
      const lines = [describeData(input, data, flags.weights), ...describeFit(result)];
      if (flags.json) printJson(fitToJson(result));
      else process.stdout.write(`${lines.join('\n')}\n`);
      // Last: if it can't be written, the results are out.
      if (flags.report !== undefined) {
        const job = { path: flags.report, input, data, margin: DEFAULT_MARGIN, engine, signal };
        await writeFitReport(job, options, result);
      }
    } finally {
      progress.stop();
      await engine.close();
    }
  });
}
