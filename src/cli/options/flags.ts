/** The flags that commands share, and the library's options that they set. Every option of `fit` has a flag here. */

import type { Command } from 'commander';
import type { FitOptions, InitInput, InitName, PriorInput, ReadOptions, SelectOptions } from '../../index.js';
import type { CallFiles } from '../../io/files/outputs.js';
import { readJson } from '../files/json-file.js';
import { numberFor, parseList, parseNoise, parseWordOrNumber } from './values.js';

/** Help for the argument INPUT. */
export const INPUT_HELP = 'CSV, JSON lines, Parquet or .npy files, globs in quotes, or - for standard input';

/** Help for -o of commands that write a table. */
export const OUTPUT_HELP = '.csv, .parquet or .npy file, or - for CSV on standard output (default -)';

export const ESCAPE_HELP =
  "CSV that is safe in a spreadsheet: put a ' before text that begins like a formula";

/** Fields of a file of start values; a model file has more fields, which say what kind of model it is. */
const INIT_FIELDS: readonly string[] = [
  'weights',
  'means',
  'covariances',
  'degreesOfFreedom',
  'labels',
  'responsibilities',
];
const MODEL_FIELDS: readonly string[] = ['covarianceType', 'nComponents', 'nFeatures', 'columns', 'noise'];

/** Flags about the rows. */
export interface DataFlags {
  columns?: string[];
  weights?: string;
  sql?: string;
  delimiter?: string;
  decimalComma?: boolean;
  header?: boolean;
  storage?: string;
}

/** Flags about the fit. */
export interface FitFlags {
  init?: string;
  nInit?: number;
  search?: string;
  noise?: FitOptions['noise'] | 'both';
  convergence?: string;
  tol?: number;
  maxIter?: number;
  acceleration?: string;
  equalWeights?: boolean;
  components?: string;
  degreesOfFreedom?: string | number;
  covarianceFloor?: number;
  regCovar?: number;
  prior?: string;
  seed?: number;
  checkpoint?: string;
}

/** Flags about threads and output. */
export interface OutputFlags {
  threads?: number;
  model?: string;
  report?: string;
  json?: boolean;
  quiet?: boolean;
}

/** @param use - whether the command fits models to the rows, or applies a model to them, which knows its columns */
export function addDataFlags(command: Command, use: 'to fit' | 'to apply'): Command {
  const byDefault = use === 'to fit' ? 'all numeric columns' : "those with the names of the model's";
  command.option(
    '--columns <names>',
    `columns to use, separated by commas (default: ${byDefault})`,
    parseList,
  );
  if (use === 'to fit') command.option('--weights <column>', 'column that holds the weight of each row');
  return command
    .option(
      '--sql <query>',
      'select statement that gives the rows: "select a, ln(b) as b from input where c > 0" (input_text has every cell of a CSV as text); it can read no other file, but run only queries that you trust',
    )
    .option(
      '--delimiter <character>',
      'character between the values of a CSV, such as ";" or "\\t" (default: detected from its beginning)',
      (text: string) => (text === '\\t' || text === 'tab' ? '\t' : text),
    )
    .option('--decimal-comma', 'read 1,5 in a CSV as one and a half')
    .option('--header', 'the first line of a CSV holds the names of its columns (default: detected)')
    .option('--no-header', 'the first line of a CSV is a row')
    .option('--storage <kind>', 'float64, or float32 to halve the memory (default float64)');
}

/** @param count - start values can be given for one model only */
export function addFitFlags(command: Command, count: 'one model' | 'several models'): Command {
  const file =
    count === 'one model' ? ', or a .json file: a model, or its means, or a label for each row' : '';
  return command
    .option(
      '--init <how>',
      `start values: mixed, kmeans, k-means++, random, random-rows${file} (default mixed)`,
    )
    .option('--n-init <n>', 'number of starts (default 10)', numberFor('--n-init'))
    .option(
      '--search <effort>',
      'how long to move components to better places after the starts: default, thorough (longer) or none',
    )
    .option(
      '--noise [volume]',
      `rows that belong to no component are noise, uniform on a volume (default: that of the data${count === 'one model' ? '' : '; both: every model with and without'})`,
      parseNoise,
    )
    .option('--convergence <rule>', 'aitken, change or responsibilities (default aitken)')
    .option(
      '--tol <x>',
      'threshold of the convergence rule (default 1e-6; for responsibilities 1e-4)',
      numberFor('--tol'),
    )
    .option('--max-iter <n>', 'largest number of iterations (default 1000)', numberFor('--max-iter'))
    .option('--acceleration <how>', 'auto, or none for plain EM steps (default auto)')
    .option('--equal-weights', 'keep every mixing weight at 1/k')
    .option(
      '--components <kind>',
      "gaussian, or t for Student's t, which outliers hardly move (default gaussian)",
    )
    .option(
      '--degrees-of-freedom <how>',
      'of t components: each (unless set) or shared to estimate them, or a number to hold them',
      parseWordOrNumber,
    )
    .option(
      '--covariance-floor <x>',
      "smallest variance, as a fraction of the data's variance (default 1e-6)",
      numberFor('--covariance-floor'),
    )
    .option('--reg-covar <x>', 'added to every variance (default 0)', numberFor('--reg-covar'))
    .option(
      '--prior <which>',
      'prior of means and covariances: auto (only where the fit collapses without), none, default, or a .json file (default auto)',
    )
    .option(
      '--seed <n>',
      'seed of the random starts; the same seed gives the same result (default 0)',
      numberFor('--seed'),
    )
    .option(
      '--checkpoint <file>',
      'save progress to this file; the same command continues from it after an interruption',
    );
}

export function addOutputFlags(command: Command): Command {
  return addThreadsFlag(command)
    .option('--model <file>', 'write the model to this .json file')
    .option('--report <file>', 'write a report to this .html file, for a browser')
    .option('--json', 'print one JSON object instead of text')
    .option('--quiet', 'hide progress, notes and warnings; lost data are still reported');
}

export function addThreadsFlag(command: Command): Command {
  return command.option(
    '--threads <n>',
    'number of worker threads (default: one per core)',
    numberFor('--threads'),
  );
}

export function toReadOptions(flags: DataFlags): ReadOptions {
  const { columns, weights, sql, delimiter, decimalComma, header, storage } = flags;
  return {
    ...{ columns, sampleWeight: weights, sql, delimiter, decimalComma, header, leaveOutScores: true },
    storage: storage as ReadOptions['storage'],
  };
}

/** Words are passed on unchecked: the library refuses unknown ones. */
export async function toFitOptions(
  flags: FitFlags,
): Promise<Omit<FitOptions, 'nComponents' | 'covarianceType' | 'noise'> & Pick<FitFlags, 'noise'>> {
  const { nInit, noise, tol, maxIter, equalWeights, covarianceFloor, regCovar, seed, checkpoint } = flags;
  const search = flags.search as FitOptions['search'];
  const convergence = flags.convergence as FitOptions['convergence'];
  const acceleration = flags.acceleration as FitOptions['acceleration'];
  const components = flags.components as FitOptions['components'];
  const degreesOfFreedom = flags.degreesOfFreedom as FitOptions['degreesOfFreedom'];
  const init = await readInit(flags.init);
  const prior = await readPrior(flags.prior);
  return {
    ...{ init, nInit, search, noise, convergence, tol, maxIter, acceleration },
    ...{ equalWeights, components, degreesOfFreedom, covarianceFloor, regCovar, prior, seed, checkpoint },
  };
}

/** The same for a sweep; the library refuses explicit start values there. */
export async function toSelectOptions(
  flags: FitFlags,
): Promise<Omit<SelectOptions, 'nComponents' | 'covarianceTypes' | 'criterion'>> {
  const options = await toFitOptions(flags);
  return { ...options, init: options.init as InitName | undefined };
}

/** The input and output files of a command that fits. */
export function filesOf(
  inputs: readonly string[],
  { init, prior, model, report, checkpoint }: FitFlags & OutputFlags,
): CallFiles {
  return {
    inputs: {
      'the input': inputs,
      '--init': isFile(init) ? init : undefined,
      '--prior': isFile(prior) ? prior : undefined,
    },
    outputs: { '--model': model, '--report': report, '--checkpoint': checkpoint },
  };
}

function isFile(value: string | undefined): value is string {
  return value?.toLowerCase().endsWith('.json') === true;
}

/** Reads start values from a file: a model, or any other object that the library takes as `init`. */
async function readInit(init: string | undefined): Promise<InitName | InitInput | undefined> {
  if (!isFile(init)) return init as InitName | undefined;
  const content = Object(await readJson(init)) as Record<string, unknown>;
  const fields = [...INIT_FIELDS, ...MODEL_FIELDS].filter((name) => content[name] !== undefined);
  return Object.fromEntries(fields.map((name) => [name, content[name]])) as unknown as InitInput;
}

/** A word, or the fields of the prior from a file. */
async function readPrior(prior: string | undefined): Promise<FitOptions['prior']> {
  if (isFile(prior)) return (await readJson(prior)) as PriorInput;
  return prior === 'default' ? {} : (prior as 'auto' | 'none' | undefined);
}
