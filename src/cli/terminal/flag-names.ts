/** The library's messages name options. Here they become flags: messages come in parts, and each option is a part of its own. */

import type { GmmError, MessagePart, OptionMention } from '../../index.js';
import { escapeControls } from './text.js';

/** The library's names of options → their flags. */
export const FLAG_OF: Readonly<Record<string, string>> = {
  nComponents: '-k',
  covarianceType: '--covariance',
  covarianceTypes: '--covariance',
  criterion: '--criterion',
  init: '--init',
  nInit: '--n-init',
  search: '--search',
  noise: '--noise',
  convergence: '--convergence',
  tol: '--tol',
  maxIter: '--max-iter',
  acceleration: '--acceleration',
  equalWeights: '--equal-weights',
  components: '--components',
  degreesOfFreedom: '--degrees-of-freedom',
  covarianceFloor: '--covariance-floor',
  regCovar: '--reg-covar',
  prior: '--prior',
  effectiveSampleSize: '--effective-sample-size',
  method: '--method',
  weightPrior: '--weight-prior',
  concentration: '--concentration',
  meanPrecision: '--mean-precision',
  meanPrior: '--mean-prior',
  degreesOfFreedomPrior: '--degrees-of-freedom-prior',
  covariancePrior: '--covariance-prior',
  dropEmpty: '--drop-empty',
  seed: '--seed',
  threads: '--threads',
  checkpoint: '--checkpoint',
  columns: '--columns',
  keep: '--keep',
  escapeFormulas: '--escape-formulas',
  sampleWeight: '--weights',
  sql: '--sql',
  delimiter: '--delimiter',
  decimalComma: '--decimal-comma',
  header: '--header',
  storage: '--storage',
  n: '-n',
};

/** @returns the message with flags instead of options */
export function nameFlags(parts: readonly MessagePart[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : toFlag(part))).join('');
}

/**
 * @returns the message of an error with flags instead of options; if it does not name the option that is wrong, its flag comes
 *   first: `--init: "weights" must sum to 1`
 */
export function describeError({ code, parts, option }: GmmError): string {
  const text = nameFlags(parts);
  const isNamed = parts.some((part) => typeof part !== 'string' && part.option === option);
  const flag = option === undefined ? undefined : FLAG_OF[option];
  return code !== 'INVALID_OPTION' || flag === undefined || isNamed ? text : `${flag}: ${text}`;
}

/** `nComponents` → `-k`; `columns: ["a", "b"]` → `--columns a,b`, quoted for a shell. */
function toFlag({ option, text, value }: OptionMention): string {
  const flag = FLAG_OF[option];
  if (flag === undefined) return text;
  if (value === undefined || value === true) return flag;
  if (value === false) return flag.replace('--', '--no-');
  return `${flag} ${quoteForShell(Array.isArray(value) ? value.map(quoteItem).join(',') : String(value))}`;
}

/** A name in a list separated by commas, as `parseList` reads it. */
function quoteItem(name: string): string {
  return /^[^",\s]+$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Quoted for any POSIX shell; text with control characters is quoted as bash and zsh read it. */
function quoteForShell(text: string): string {
  if (/^[\w./,:=+-]+$/.test(text)) return text;
  if (escapeControls(text) === text) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = escapeControls(
    text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t'),
  );
  return `$'${escaped}'`;
}
