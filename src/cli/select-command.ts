/** `parallel-gmm select`: several mixtures, and which of them to take. */

import type { Command } from 'commander';
import { createEngine, type Selection, type SelectOptions } from '../index.js';
import { checkOutputs } from '../io/outputs.js';
import { printJson, selectionToJson } from './fit-json.js';
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
  flagAdvice,
  type OutputFlags,
  toReadOptions,
  toSelectOptions,
} from './options.js';
import { createProgress } from './progress.js';
import { checkReportPath, DEFAULT_MARGIN, writeFitReport } from './report-file.js';
import { formatTable } from './text.js';
import { parseComponents, parseList } from './values.js';
import { createVoice, noteSkipped, type Voice, warnUnconverged } from './voice.js';

interface Flags extends DataFlags, FitFlags, OutputFlags {
  nComponents: number[];
  covariance?: string[];
  criterion?: string;
}

const EXAMPLES = `
Examples:
  parallel-gmm select faithful.csv -k 1..6
  parallel-gmm select faithful.csv -k 1..6 --report faithful.html      all models, the best one to explore
  parallel-gmm select iris.csv -k 1..4,6,8 --covariance full,tied --criterion icl --model best.json
  parallel-gmm select 'parts/*.parquet' -k 2,4,8 --json | jq '.fits[] | [.nComponents, .bic]'`;

export function addSelectCommand(program: Command): void {
  const command = program
    .command('select')
    .description('Fit a mixture for every number of components, compare, and print the best.')
    .argument('<input>', 'CSV, Parquet, JSON lines or .npy file, a glob in quotes, or - for standard input')
    .requiredOption('-k, --n-components <list>', 'numbers of components: 1..9 or 2,4,6', parseComponents)
    .option('--covariance <types>', 'full,tied,diag,spherical or some of them (default: all)', parseList)
    .option('--criterion <name>', 'bic, aic or icl: the lowest is the best (default bic)');
  addDataFlags(command, 'with weights');
  addFitFlags(command);
  addOutputFlags(command);
  command.addHelpText('after', EXAMPLES).action((input: string, flags: Flags) => runSelect(input, flags));
}

async function runSelect(input: string, flags: Flags): Promise<void> {
  const voice = createVoice(flags.quiet);
  await checkOutputPath('--model', flags.model);
  await checkReportPath(flags.report);
  await checkOutputs(filesOf(input, flags));
  const options: SelectOptions = {
    ...(await toSelectOptions(flags)),
    nComponents: flags.nComponents,
    covarianceTypes: flags.covariance as SelectOptions['covarianceTypes'],
    criterion: flags.criterion as SelectOptions['criterion'],
  };
  await withInterrupt(async (signal) => {
    const engine = createEngine({ threads: flags.threads });
    const progress = await createProgress(flags.quiet);
    try {
      await checkOptions((aborted) => engine.selectModel([], { ...options, signal: aborted }));
      const data = await readRows(input, toReadOptions(flags), signal);
      noteSkipped(voice, data);
      const { onProgress } = progress;
      const selection = await engine.selectModel(data, { ...options, signal, onProgress });
      progress.stop();

      warnOf(voice, selection);
      if (flags.model !== undefined) await writeModel(flags.model, selection.best.model);
      const lines = [describeData(input, data, flags.weights), '', ...describeSelection(selection)];
      if (flags.json) printJson(selectionToJson(selection));
      else process.stdout.write(`${lines.join('\n')}\n`);
      // Last: if it can't be written, the results are out.
      if (flags.report !== undefined) {
        const job = { path: flags.report, input, data, margin: DEFAULT_MARGIN, engine, signal };
        await writeFitReport(job, options, selection.best, selection);
      }
    } finally {
      progress.stop();
      await engine.close();
    }
  });
}

function warnOf(voice: Voice, { best, fits }: Selection): void {
  for (const { nComponents, covarianceType, error } of fits) {
    if (error)
      voice.warn(`no model with k = ${nComponents}, ${covarianceType}: ${flagAdvice(error.message)}`);
  }
  const unfinished = fits.filter(({ status }) => status === 'max-iter').length;
  if (fits.length === 1 && unfinished === 1) warnUnconverged(voice, best.nIterations);
  else if (unfinished > 0)
    voice.warn(`${unfinished} of ${fits.length} models did not converge; raise --max-iter or --tol`);
}

/** A line for every model, the best one marked; then the best one. */
function describeSelection({ best, criterion, fits }: Selection): string[] {
  const fixed = (value: number | undefined) => value?.toFixed(2) ?? '-';
  const head = [
    '',
    'k',
    'covariance',
    'log-likelihood',
    'parameters',
    'BIC',
    'AIC',
    'ICL',
    'iterations',
    'status',
  ];
  const rows = fits.map((cell) => [
    cell.model === best.model ? '*' : '',
    String(cell.nComponents),
    cell.covarianceType,
    fixed(cell.logLikelihood),
    String(cell.nParameters ?? '-'),
    ...[fixed(cell.bic), fixed(cell.aic), fixed(cell.icl)],
    String(cell.nIterations ?? '-'),
    cell.status,
  ]);
  const numbers = Array.from({ length: 6 }, () => 'right' as const);
  return [
    ...formatTable([head, ...rows], ['left', 'right', 'left', ...numbers, 'left']),
    '',
    `* lowest ${criterion.toUpperCase()}`,
    '',
    ...describeFit(best),
  ];
}
