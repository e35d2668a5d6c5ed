/** Checks of single options: each throws a `GmmError` INVALID_OPTION that names the option, or returns the checked value. */

import { compose, describe, GmmError, invalidOption, mention } from './errors.js';
import { MOST_FEATURES } from './limits.js';
import type { RowsOptions } from './types.js';

export { invalidOption };

export const RUN_OPTIONS: readonly string[] = ['threads', 'engine', 'signal'];
export const ROWS_OPTIONS: readonly string[] = ['nFeatures', 'columns'];

/** @throws GmmError INVALID_OPTION unless `options` is an object with known names only */
export function checkOptionNames(options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) throw invalidOption('options', 'an object', options);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const message = compose`unknown option ${mention(name, describe(name))}; there are ${known.join(', ')}`;
    throw new GmmError('INVALID_OPTION', message, { option: name });
  }
}

/** @throws GmmError INVALID_OPTION unless it is a whole number in [least, most] */
export function resolveWhole(
  name: string,
  value: unknown,
  least: number,
  byDefault?: number,
  most: number = Number.MAX_SAFE_INTEGER,
): number {
  const number = value === undefined ? byDefault : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= least) {
    if (number <= most) return number;
    throw invalidOption(name, `at most ${most}`, value);
  }
  throw invalidOption(name, `a whole number >= ${least}`, value);
}

export function resolveNumber(name: string, value: unknown, byDefault: number): number {
  const number = value === undefined ? byDefault : value;
  if (typeof number === 'number' && number >= 0 && number < Number.POSITIVE_INFINITY) return number;
  throw invalidOption(name, 'a finite number >= 0', value);
}

export function resolveOneOf<T extends string>(
  name: string,
  value: unknown,
  choices: readonly T[],
  byDefault?: T,
): T {
  const choice = value === undefined ? byDefault : value;
  if (choices.includes(choice as T)) return choice as T;
  throw invalidOption(
    name,
    choices
      .map((one) => `'${one}'`)
      .join(', ')
      .replace(/, ([^,]*)$/, ' or $1'),
    value,
  );
}

export function resolveFlag(name: string, value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw invalidOption(name, 'true or false', value);
}

export function resolvePath(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value !== '' && !value.includes('\0')) return value;
  throw invalidOption(name, 'the path of a file', value);
}

/** @returns names of columns, undefined for the default */
export function resolveColumns(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  // `every` alone would pass over holes.
  if (Array.isArray(value) && Array.from(value).every((name) => typeof name === 'string')) return value;
  throw invalidOption('columns', 'an array of strings', value);
}

/** @throws GmmError INVALID_OPTION */
export function resolveRowsOptions({ nFeatures, columns }: RowsOptions): RowsOptions {
  return {
    nFeatures:
      nFeatures === undefined ? undefined : resolveWhole('nFeatures', nFeatures, 1, 1, MOST_FEATURES),
    columns: resolveColumns(columns),
  };
}

export function resolveSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined || value instanceof AbortSignal) return value;
  throw invalidOption('signal', 'an AbortSignal', value);
}
