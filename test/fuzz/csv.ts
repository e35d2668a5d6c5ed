/**
 * Random CSV files whose table is known: the table, one of many ways to write it, and injuries that occur in real files.
 * The law: a reader returns exactly the table, fails, or names its losses. It never returns another table.
 */

import fc from 'fast-check';
import { createRandom } from '../../src/core/random.js';

/** Peculiarities of real files. */
const INJURIES = [
  'preamble',
  'hash line',
  'short line',
  'long line',
  'blank line',
  'missing cell',
  'odd number',
  'underscore',
  'units line',
  'totals line',
  'no final newline',
  'wider tail',
  'late word',
  'late decimal',
] as const;

type Injury = (typeof INJURIES)[number];

interface Recipe {
  readonly nRows: number;
  readonly kinds: readonly ('integer' | 'decimal' | 'text')[];
  readonly delimiter: ',' | ';' | '\t' | '|' | ' ';
  readonly decimalComma: boolean;
  readonly newline: '\n' | '\r\n';
  readonly header: boolean;
  readonly quoteAll: boolean;
  readonly byteOrderMark: boolean;
  readonly injuries: readonly Injury[];
  readonly seed: number;
}

/** Few rows, or more than any reader's sample. */
const nRows = fc.oneof(
  { arbitrary: fc.integer({ min: 3, max: 60 }), weight: 9 },
  { arbitrary: fc.constant(25_000), weight: 1 },
);

const recipe: fc.Arbitrary<Recipe> = fc.record({
  nRows,
  kinds: fc.array(fc.constantFrom('integer', 'decimal', 'decimal', 'text'), { minLength: 1, maxLength: 5 }),
  delimiter: fc.constantFrom(',', ',', ';', '\t', '|', ' '),
  decimalComma: fc.boolean(),
  newline: fc.constantFrom('\n', '\r\n'),
  header: fc.oneof({ arbitrary: fc.constant(true), weight: 4 }, { arbitrary: fc.constant(false), weight: 1 }),
  quoteAll: fc.oneof(
    { arbitrary: fc.constant(false), weight: 4 },
    { arbitrary: fc.constant(true), weight: 1 },
  ),
  byteOrderMark: fc.oneof(
    { arbitrary: fc.constant(false), weight: 9 },
    { arbitrary: fc.constant(true), weight: 1 },
  ),
  injuries: fc.uniqueArray(fc.constantFrom(...INJURIES), { maxLength: 2 }),
  seed: fc.nat({ max: 1_000_000 }),
});

/** A file, and the table that its author meant. */
export interface CsvCase {
  readonly text: string;
  readonly description: string;
  readonly nRows: number;
  /** The values of every numeric column, by position; NaN for a missing value. */
  readonly numbers: readonly (readonly number[])[];
}

const WORDS = ['north', 'south, east', 'say "so"', 'été', 'x-1', 'a;b'];

/** @returns as many cases as asked for, the same for the same seed */
export function createCsvCases(seed: number, count: number): CsvCase[] {
  return fc.sample(recipe, { seed, numRuns: count }).map(write);
}

function write(asked: Recipe): CsvCase {
  // In a single column without a name, 1,5 may be one value or two.
  const isPlain = asked.header || asked.kinds.length > 1;
  const decimalComma = asked.decimalComma && isPlain && asked.delimiter !== ',' && asked.delimiter !== ' ';
  const { nRows: n, kinds, delimiter, newline, header, injuries } = asked;
  const random = createRandom(asked.seed);
  const has = (injury: Injury) => injuries.includes(injury);
  const late = n - 1;
  const numbers: number[][] = [];
  const cells = kinds.map((kind) => {
    if (kind === 'text') return Array.from({ length: n }, () => WORDS[random.below(WORDS.length)]);
    const values = Array.from({ length: n }, (_, i) => {
      const value = Math.round(random.normal() * 1e5);
      return kind === 'integer' && !(has('late decimal') && i === late) ? value : value / 1000;
    });
    numbers.push(values);
    return values.map((value) => (decimalComma ? String(value).replace('.', ',') : String(value)));
  });
  const column = kinds.findIndex((kind) => kind !== 'text');
  if (column >= 0) injureCells(cells[column], numbers[0], asked, random.below(n));

  const quote = (cell: string) =>
    asked.quoteAll || cell.includes(delimiter) || /["\r\n]/.test(cell)
      ? `"${cell.replaceAll('"', '""')}"`
      : cell;
  const lines = Array.from({ length: n }, (_, i) => cells.map((values) => quote(values[i])).join(delimiter));
  if (header) lines.unshift(kinds.map((kind, j) => quote(`${kind}${j}`)).join(delimiter));
  injureLines(lines, asked, random.below(n) + (header ? 1 : 0));
  const text = lines.join(newline) + (has('no final newline') ? '' : newline);
  return {
    text: asked.byteOrderMark ? `\uFEFF${text}` : text,
    description: JSON.stringify({ ...asked, decimalComma }),
    nRows: n,
    numbers,
  };
}

function injureCells(cells: string[], numbers: number[], { injuries, seed }: Recipe, row: number): void {
  const choose = <T>(choices: readonly T[]): T => choices[seed % choices.length];
  for (const injury of injuries) {
    if (injury === 'missing cell') {
      cells[row] = choose(['', 'NA', '-', '?', 'null']);
      numbers[row] = Number.NaN;
    }
    if (injury === 'odd number') {
      const [text, value] = choose([
        ['1 ', 1],
        ['+1', 1],
        ['00012', 12],
        ['1e3', 1000],
        ['-0', -0],
      ] as const);
      cells[row] = text;
      numbers[row] = value;
    }
    if (injury === 'underscore') {
      cells[row] = '1_000';
      numbers[row] = 1000;
    }
    if (injury === 'late word') {
      cells[cells.length - 1] = 'gone';
      numbers[numbers.length - 1] = Number.NaN;
    }
  }
}

function injureLines(lines: string[], { injuries, kinds, delimiter, header }: Recipe, at: number): void {
  const first = header ? 1 : 0;
  for (const injury of injuries) {
    if (injury === 'short line' && kinds.length > 1)
      lines[at] = lines[at].slice(0, lines[at].indexOf(delimiter));
    if (injury === 'long line' && lines[at] !== '') lines[at] += `${delimiter}7`;
    if (injury === 'blank line') lines.splice(at, 0, '');
    if (injury === 'hash line') lines.splice(at, 0, `# ${kinds.map(() => 'remark').join(delimiter)}`);
    if (injury === 'units line') lines.splice(first, 0, kinds.map(() => '(cm)').join(delimiter));
    if (injury === 'totals line') lines.push(['total', ...kinds.slice(1).map(() => '9')].join(delimiter));
    // Below a single column their delimiters might be decimal commas.
    if (injury === 'wider tail' && kinds.length > 1)
      for (let i = 0; i < 20; i++)
        lines.push(
          kinds
            .map(() => '1')
            .concat('2')
            .join(delimiter),
        );
    if (injury === 'preamble') lines.unshift('Measured by A. Person', 'in the year 1999, or so', '');
  }
}

/** A reader's answer to a case. */
export interface CsvOutcome {
  readonly error?: { readonly code: string; readonly message: string };
  readonly columns?: readonly string[];
  readonly skipped?: readonly string[];
  readonly losses?: readonly string[];
  readonly nRows?: number;
  /** (nRows × columns) row-major. */
  readonly rows?: readonly number[];
}

/** @returns the fault of an outcome, in words; undefined if the law holds */
export function findLie({ nRows: n, numbers }: CsvCase, outcome: CsvOutcome): string | undefined {
  const { error, columns = [], skipped = [], losses = [], rows = [] } = outcome;
  if (error) {
    return ['INVALID_DATA', 'INVALID_OPTION'].includes(error.code)
      ? undefined
      : `${error.code}: ${error.message}`;
  }
  if (losses.length > 0) return undefined;
  if (outcome.nRows !== n) return `${outcome.nRows} rows of ${n}, and nothing is said`;
  const d = columns.length;
  const read = columns.map((_, a) => Array.from({ length: n }, (_, i) => rows[i * d + a]));
  const unknown = read.findIndex((values) => !numbers.some((truth) => sameNumbers(values, truth)));
  if (unknown >= 0) return `column ${JSON.stringify(columns[unknown])} is none of the table's`;
  const lost = numbers.length - d;
  if (lost > skipped.length)
    return `${lost} columns of numbers are gone, and ${skipped.length} are named as left out`;
  return undefined;
}

function sameNumbers(values: readonly number[], truth: readonly number[]): boolean {
  return values.every((value, i) => value === truth[i]);
}
