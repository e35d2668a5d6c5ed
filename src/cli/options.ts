/** The flags that commands share, and how they become options of the library. Every `fit` option has its flag here. */

import type { Command } from 'commander';
import type { FitOptions, InitName, ParametersInput, ReadOptions, SelectOptions } from '../index.js';
import { readJson } from './json-file.js';
import { numberFor, parseList } from './values.js';

/** The library's names of options → their flags; for messages. */
export const FLAG_OF: Readonly<Record<string, string>> = {
  nComponents: '-k',
  covarianceType: '--covariance',
  covarianceTypes: '--covariance',
  criterion: '--criterion',
  init: '--init',
  nInit: '--n-init',
  convergence: '--convergence',
  tol: '--tol',
  maxIter: '--max-iter',
  acceleration: '--acceleration',
  equalWeights: '--equal-weights',
  covarianceFloor: '--covariance-floor',
  regCovar: '--reg-covar',
  seed: '--seed',
  threads: '--threads',
  checkpoint: '--checkpoint',
  columns: '--columns',
  keep: '--keep',
  sampleWeight: '--weights',
  sql: '--sql',
  delimiter: '--delimiter',
  decimalComma: '--decimal-comma',
  header: '--header',
  storage: '--storage',
  n: '-n',
};

/** What the library advises, in flags: `lower nComponents (now 9)` → `lower -k (now 9)`. */
export function flagAdvice(message: string): string {
  return message.replace(/\b(lower|raise|set|use) (\w+)/g, (whole, verb, name) =>
    FLAG_OF[name] ? `${verb} ${FLAG_OF[name]}` : whole,
  );
}

/** What a file of start values holds. */
export const INIT_FIELDS: readonly string[] = ['weights', 'means', 'covariances'];

/** Which rows are read. */
export interface DataFlags {
  columns?: string[];
  weights?: string;
  sql?: string;
  delimiter?: string;
  decimalComma?: boolean;
  header?: boolean;
  storage?: string;
}

/** How fits are made. */
export interface FitFlags {
  init?: string;
  nInit?: number;
  convergence?: string;
  tol?: number;
  maxIter?: number;
  acceleration?: string;
  equalWeights?: boolean;
  covarianceFloor?: number;
  regCovar?: number;
  seed?: number;
  checkpoint?: string;
}

/** Where fits are made, and what is told of them. */
export interface OutputFlags {
  threads?: number;
  model?: string;
  report?: string;
  json?: boolean;
  quiet?: boolean;
}

export function addDataFlags(command: Command, weights: 'with weights' | 'without weights'): Command {
  command.option(
    '--columns <names>',
    'columns to use, with commas between; otherwise all numeric ones',
    parseList,
  );
  if (weights === 'with weights') command.option('--weights <column>', 'column with a weight for each row');
  return command
    .option(
      '--sql <query>',
      'choose or make columns: "select a, ln(b) as b from input where c > 0"; input_text is a CSV as text',
    )
    .option(
      '--delimiter <character>',
      'what stands between the values of a CSV, as in ";" or "\\t" (default: what its beginning looks like)',
      (text: string) => (text === '\\t' || text === 'tab' ? '\t' : text),
    )
    .option('--decimal-comma', 'read 1,5 in a CSV as one and a half')
    .option(
      '--header',
      'take the first line of a CSV for the names of its columns (default: if it looks like it)',
    )
    .option('--no-header', 'take it for a row')
    .option('--storage <kind>', 'float64, or float32 for half the memory (default float64)');
}

export function addFitFlags(command: Command): Command {
  return command
    .option('--init <how>', 'kmeans, k-means++, random, random-rows, or a .json file (default kmeans)')
    .option('--n-init <n>', 'starts, of which the best wins (default 10)', numberFor('--n-init'))
    .option('--convergence <rule>', 'aitken, change or responsibilities (default aitken)')
    .option(
      '--tol <x>',
      'threshold of the rule (default 1e-6; for responsibilities 1e-4)',
      numberFor('--tol'),
    )
    .option('--max-iter <n>', 'most iterations (default 1000)', numberFor('--max-iter'))
    .option('--acceleration <how>', 'auto, or none: exact EM, step by step (default auto)')
    .option('--equal-weights', 'hold every mixing weight at 1/k')
    .option(
      '--covariance-floor <x>',
      "smallest variance as a fraction of the data's (default 1e-6)",
      numberFor('--covariance-floor'),
    )
    .option('--reg-covar <x>', 'added to every variance (default 0)', numberFor('--reg-covar'))
    .option(
      '--seed <n>',
      'the same seed gives the same bits on any number of threads (default 0)',
      numberFor('--seed'),
    )
    .option(
      '--checkpoint <file>',
      'go on from this file after an interruption; it is written as the work goes on',
    );
}

export function addOutputFlags(command: Command): Command {
  return addThreadsFlag(command)
    .option('--model <file>', 'write the model to this .json file')
    .option('--report <file>', 'write a report to this .html file, to look at in a browser')
    .option('--json', 'print one JSON object instead of text')
    .option('--quiet', 'no progress, notes and warnings');
}

export function addThreadsFlag(command: Command): Command {
  return command.option(
    '--threads <n>',
    'worker threads; otherwise one for each core',
    numberFor('--threads'),
  );
}

export function toReadOptions(flags: DataFlags): ReadOptions {
  const { columns, weights, sql, delimiter, decimalComma, header, storage } = flags;
  const csv = { delimiter, decimalComma, header };
  return { columns, sampleWeight: weights, sql, ...csv, storage: storage as ReadOptions['storage'] };
}

/** What is no word that the library knows is refused there, so words go through as they are. */
export async function toFitOptions(
  flags: FitFlags,
): Promise<Omit<FitOptions, 'nComponents' | 'covarianceType'>> {
  const { nInit, tol, maxIter, equalWeights, covarianceFloor, regCovar, seed, checkpoint } = flags;
  const convergence = flags.convergence as FitOptions['convergence'];
  const acceleration = flags.acceleration as FitOptions['acceleration'];
  const init = await readInit(flags.init);
  return {
    ...{ init, nInit, convergence, tol, maxIter, acceleration },
    ...{ equalWeights, covarianceFloor, regCovar, seed, checkpoint },
  };
}

/** The same for a sweep, which refuses explicit parameters itself. */
export async function toSelectOptions(
  flags: FitFlags,
): Promise<Omit<SelectOptions, 'nComponents' | 'covarianceTypes' | 'criterion'>> {
  const options = await toFitOptions(flags);
  return { ...options, init: options.init as InitName | undefined };
}

async function readInit(init: string | undefined): Promise<InitName | ParametersInput | undefined> {
  if (!init?.toLowerCase().endsWith('.json')) return init as InitName | undefined;
  const content = Object(await readJson(init));
  return Object.fromEntries(INIT_FIELDS.map((name) => [name, content[name]])) as unknown as ParametersInput;
}
