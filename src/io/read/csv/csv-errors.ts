/** Errors about CSV files, and the options that read them in spite of it. */

import { compose, describe, GmmError, joinMessages, type Message, setting } from '../../../errors.js';
import { describePath, type InputPath, onePath } from '../../files/system-errors.js';
import { namedFeatures } from '../../table/columns.js';
import { type HoleCounts, holesError } from '../../table/holes.js';
import { quoteName, quoteText } from '../../table/quote-sql.js';
import { adviseSkipped, describeSkipped, toSkipped } from '../../table/skipped-columns.js';
import type { ReadOptions } from '../../table/table.js';
import { type CsvColumn, type CsvFile, showValues } from './csv-file.js';
import type { CsvFiles } from './csv-files.js';
import type { KeptText } from './kept.js';
import type { CsvHoles } from './plain-reader.js';
import { numberOf } from './sql.js';

/** Files and the columns that are read, as errors need them. */
export interface CsvTable {
  opened: CsvFiles;
  options: ReadOptions;
  /** The input as the caller wrote it. */
  path: InputPath;
  features: readonly CsvColumn[];
  weight: CsvColumn | undefined;
  kept: readonly KeptText[];
}

export function csvHolesError(
  { opened, features, weight, kept, options }: CsvTable,
  holes: CsvHoles,
  nRows: number,
) {
  const checked = weight ? [...features, weight] : features;
  // The view `input` has NULL for words such as NA; any other text is only in `input_text`.
  const isText = holes.nTexts.some((n) => n > 0) || checked.some(({ pure }) => !pure);
  const isComma = opened.files[0].dialect.decimalComma;
  const counted = checked.map(({ name }, j) => {
    const number = isText ? numberOf(quoteName(name), isComma) : quoteName(name);
    const finiteSql = isText || holes.nInfinite[j] > 0 ? `isfinite(${number})` : `${number} is not null`;
    return { name, sql: number, finiteSql, nHoles: holes.nHoles[j] };
  });
  const { row, line, column, found, file } = holes.first ?? {
    row: 0,
    line: 0,
    column: 0,
    found: '',
    file: '',
  };
  const counts: HoleCounts = {
    features: counted.slice(0, features.length),
    weight: counted[features.length],
    kept: kept.map(({ name }) => name),
    nRows,
    nHoleRows: holes.nHoleRows,
    source: isText ? 'input_text' : 'input',
  };
  const place = {
    ...{ row, line, path: file, column: checked[column].name },
    file: opened.files.length > 1 ? file : undefined,
  };
  const remarks = [
    ...describeOddLine(holes, counted.length, line, opened, options),
    ...adviseDress(checked, isComma),
    ...(!isComma && looksDecimal(found)
      ? ['If commas are decimal:', compose`  ${setting('decimalComma', true)}`]
      : []),
  ];
  return holesError(place, found, counts, remarks);
}

function looksDecimal(found: string | number): boolean {
  return typeof found === 'string' && /^[+-]?\d*,\d+$/.test(found.trim());
}

/** Columns such as 900 and "1,200" hold only numbers, and SQL can read them. */
function adviseDress(checked: readonly CsvColumn[], isComma: boolean): (string | Message)[] {
  const dressed = checked.filter(({ sql }) => sql !== undefined);
  if (dressed.length === 0) return [];
  const select = checked.map(
    ({ name, sql }) => `${sql ?? numberOf(quoteName(name), isComma)} as ${quoteName(name)}`,
  );
  const reasons = dressed.map(({ name, reason }) => `${reason} in ${describe(name)}`);
  const query = `select ${select.join(', ')} from input_text`;
  return [`Read the ${reasons.join(', ')}:`, compose`  ${setting('sql', query)}`];
}

/** A single row without any number is probably not a row, but units under the header or a word at the end. */
function describeOddLine(
  { nHoles, nHoleRows }: CsvHoles,
  nColumns: number,
  line: number,
  { files }: CsvFiles,
  options: ReadOptions,
): string[] {
  if (nHoleRows !== 1 || nColumns < 2 || nHoles.some((n) => n === 0) || namedFeatures(options)) return [];
  const isFirst = files.some(({ dialect }) => dialect.firstLine === line);
  return [`Line ${line} has no number at all${isFirst ? '; does it hold units?' : ''}`];
}

export function totalsError(
  { opened, features, weight, kept }: CsvTable,
  file: CsvFile,
  { values, row, line }: { values: readonly string[]; row: number; line: number },
  label: number,
): GmmError {
  const names = [...new Set([...features, ...(weight ? [weight] : []), ...kept].map(({ name }) => name))];
  const select = `select ${names.map(quoteName).join(', ')} from input`;
  const { name } = file.columns[label];
  const without = `${select} where ${quoteName(name)} is distinct from ${quoteText(values[label])}`;
  const where = opened.files.length > 1 ? ` of ${describePath(file.path)}` : '';
  const lines = [
    `row ${row} (line ${line})${where} looks like the totals of the rows above: ${showValues(values)}`,
    'Leave it out:',
    compose`  ${setting('sql', without)}`,
    'Or, if it is a row like the others:',
    compose`  ${setting('sql', select)}`,
  ];
  return new GmmError('INVALID_DATA', joinMessages(lines), { row, path: file.path });
}

export function withoutFeatures(
  { files, columns }: CsvFiles,
  weight: number | undefined,
  path: InputPath,
): GmmError {
  if (files.every(({ nSampled }) => nSampled === 0)) return noRows(path);
  const skipped = columns.filter((_, index) => index !== weight).map(toSkipped);
  const there = describeSkipped(skipped);
  const but = weight === undefined ? '' : ` but the weights ${describe(columns[weight].name)}`;
  const hint = columns.length === 1 ? '; does every line have the same number of values?' : '';
  const first = `${describePath(path)} has no numeric column${but}${there && `; it has ${there}`}${hint}`;
  return new GmmError('INVALID_DATA', joinMessages([first, ...adviseSkipped(skipped, [], 'input')]), {
    path: onePath(path),
  });
}

/** @returns the error for an input without rows */
export function noRows(path: InputPath): GmmError {
  return new GmmError('INVALID_DATA', `${describePath(path)} has no rows`, { path: onePath(path) });
}
