/** `parallel-gmm select`: fits several mixtures and chooses the best. */

import type { Command } from 'commander';
import { createEngine, type Dataset, type Selection, type SelectOptions } from '../../index.js';
import { checkOutputs } from '../../io/files/outputs.js';
import { formatCounts, groupCells } from '../../report/sweep/findings.js';
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
  toReadOptions,
  toSelectOptions,
} from '../options/flags.js';
import { parseComponents, parseWords } from '../options/values.js';
import { printJson, selectionToJson } from '../output/fit-json.js';
import { describeData, describeFit } from '../output/fit-text.js';
import { checkReportPath, DEFAULT_MARGIN, writeFitReport } from '../output/report-file.js';
import { nameFlags } from '../terminal/flag-names.js';
import { withInterrupt } from '../terminal/interrupt.js';
import { createProgress } from '../terminal/progress.js';
import { formatTable } from '../terminal/text.js';
import { createVoice, noteDoubt, noteFitData, type Voice, warnUnconverged } from '../terminal/voice.js';

interface Flags extends DataFlags, FitFlags, OutputFlags {
  nComponents?: number[];
  covariance?: string[];
  criterion?: string;
}

const EXAMPLES = `
Examples:
  parallel-gmm select faithful.csv
  parallel-gmm select faithful.csv -k 1..6 --report faithful.html      all models in a table, the best one in charts
  parallel-gmm select iris.csv -k 1..4,6,8 --covariance full,tied --criterion icl --model best.json
  parallel-gmm select 'parts/*.parquet' -k 2,4,8 --json | jq '.fits[] | [.nComponents, .bic]'`;

export function addSelectCommand(program: Command): void {
  const command = program
    .command('select')
    .description('Fit several mixtures, choose the best, and print it.')
    .argument('<input...>', INPUT_HELP)
    .option(
      '-k, --n-components <list>',
      'numbers of components to try: 1..9 or 2,4,6 (default 1..9)',
      parseComponents,
    )
    .option('--covariance <types>', 'covariance types to try (default full,tied,diag,spherical)', parseWords)
    .option('--criterion <name>', 'bic, aic or icl; the model with the lowest is chosen (default bic)');
  addDataFlags(command, 'to fit');
  addFitFlags(command, 'several models');
  addOutputFlags(command);
  command.addHelpText('after', EXAMPLES).action((inputs: string[], flags: Flags) => runSelect(inputs, flags));
}

async function runSelect(inputs: readonly string[], flags: Flags): Promise<void> {
  const voice = createVoice(flags.quiet);
  await checkOutputPath('--model', flags.model);
  await checkReportPath(flags.report);
  await checkOutputs(filesOf(inputs, flags));
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
      const data = await readRows(inputs, toReadOptions(flags), signal);
      noteFitData(voice, data);
      noteSameTypes(voice, data, flags.covariance);
      const { onProgress } = progress;
      const selection = await engine.selectModel(data, { ...options, signal, onProgress });
      progress.stop();

      warnOf(voice, selection);
      noteDoubt(voice, selection.best, options.search);
      if (flags.model !== undefined) await writeModel(flags.model, selection.best.model);
      const lines = [describeData(inputs, data, flags.weights), '', ...describeSelection(selection)];
      if (flags.json) printJson(selectionToJson(selection));
      else process.stdout.write(`${lines.join('\n')}\n`);
      // Last: if it can't be written, the results have been printed.
      if (flags.report !== undefined) {
        const job = { path: flags.report, inputs, data, margin: DEFAULT_MARGIN, engine, signal };
        await writeFitReport(job, options, selection.best, selection);
      }
    } finally {
      progress.stop();
      await engine.close();
    }
  });
}

/** @param types - as the user wrote them */
function noteSameTypes(voice: Voice, { nFeatures }: Dataset, types: readonly string[] | undefined): void {
  if (nFeatures > 1 || types?.every((type) => type === 'full' || type === 'tied')) return;
  voice.note('with one column, full, diag and spherical are the same model, which is fitted once, as full');
}

function warnOf(voice: Voice, { best, edge, fits }: Selection): void {
  voice.tell(best.notes);
  for (const text of describeMissing(fits)) voice.warn(text);
  const regularized = fits.filter(({ status }) => status === 'regularized').length;
  if (regularized > 0) {
    const are = regularized === 1 ? 'is a fit' : 'are fits';
    voice.note(
      `${regularized} of ${fits.length} models ${are} with a prior, as every start collapsed onto too few rows without`,
    );
  }
  const unfinished = fits.filter(({ status }) => status === 'max-iter').length;
  if (fits.length === 1 && unfinished === 1) warnUnconverged(voice, best.nIterations);
  else if (unfinished > 0)
    voice.warn(`${unfinished} of ${fits.length} models did not converge; raise --max-iter or --tol`);
  if (edge) {
    const { side, from, to } = edge;
    voice.warn(`the best k, ${best.model.nComponents}, is the ${side} tried; try -k ${from}..${to}`);
  }
}

/** A line for each reason why there is no model for a k and a covariance type. */
function describeMissing(fits: Selection['fits']): string[] {
  const missing = groupCells(fits).filter(([{ error }]) => error);
  const codes = [...new Set(missing.map(([{ error }]) => error?.code))];
  return codes.map((code) => {
    const groups = missing.filter(([{ error }]) => error?.code === code);
    const typesOf = new Map<string, string[]>();
    for (const cells of groups) {
      const counts = formatCounts(cells);
      typesOf.set(counts, [
        ...(typesOf.get(counts) ?? []),
        cells[0].hasNoise ? `${cells[0].covarianceType} with noise` : cells[0].covarianceType,
      ]);
    }
    const places = Array.from(typesOf, ([counts, types]) => `k = ${counts}, ${types.join(', ')}`);
    return `no model with ${places.join('; ')}: ${nameFlags(groups[0][0].error?.parts ?? [])}`;
  });
}

/** A line for every k and covariance type, the best marked, failures included; then the best model. */
function describeSelection({ best, criterion, edge, fits }: Selection): string[] {
  const fixed = (value: number | undefined) => value?.toFixed(2) ?? '-';
  const criteria = ['BIC', 'AIC', 'ICL'];
  const head = ['', 'k', 'covariance', 'log-likelihood', 'parameters', ...criteria, 'iterations', 'status'];
  const rows = groupCells(fits).map((cells) => {
    const [cell] = cells;
    return [
      cell.model === best.model ? '*' : '',
      formatCounts(cells).replaceAll('..', '-'),
      cell.hasNoise ? `${cell.covarianceType}, noise` : cell.covarianceType,
      fixed(cell.logLikelihood),
      String(cell.nParameters ?? '-'),
      ...[fixed(cell.bic), fixed(cell.aic), fixed(cell.icl)],
      String(cell.nIterations ?? '-'),
      cell.status,
    ];
  });
  const numbers = Array.from({ length: 6 }, () => 'right' as const);
  return [
    ...formatTable([head, ...rows], ['left', 'right', 'left', ...numbers, 'left']),
    '',
    `* lowest ${criterion.toUpperCase()}${edge ? `, at the ${edge.side} k tried` : ''}`,
    '',
    ...describeFit(best),
  ];
}
