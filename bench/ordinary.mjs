/**
 * Ordinary tables, as they are: all numeric columns, complete rows, nothing transformed or left out but constant columns.
 *
 *   node bench/ordinary.mjs [BUILD] [--covariance full]
 *
 * Every table is fitted with k = 2 … 6. Each fit should have an answer, and no component that is a needle (a relative variance below
 * 1e-6) or stands on fewer than d + 1 effective rows.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import Papa from 'papaparse';
import { openBuild } from './optima/builds.mjs';
import { measureShape, prepareProblem } from './optima/measures.mjs';
import { formatTable } from './table.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { covariance: { type: 'string', default: 'full' } },
});

const FOLDERS = [
  new URL('optima/data/', import.meta.url),
  new URL('../node_modules/vega-datasets/data/', import.meta.url),
];
const COMPONENTS = [2, 3, 4, 5, 6];
/** Tables of more rows or columns take long and are no different. */
const MOST_ROWS = 20_000;
const MOST_COLUMNS = 12;
const FEWEST_ROWS = 30;
const LEAST_VARIANCE = 1e-6;

/** @returns the rows of a file as objects; undefined if it is no table */
function readRecords(folder, file) {
  const text = readFileSync(new URL(file, folder), 'utf8').trim();
  if (/\.[ct]sv$/.test(file)) return Papa.parse(text, { header: true, dynamicTyping: true }).data;
  const content = JSON.parse(text);
  const isTable =
    Array.isArray(content) && content.every((row) => row && typeof row === 'object' && !Array.isArray(row));
  return isTable ? content : undefined;
}

/** Columns of which nine tenths of the cells are numbers, and the rows that are complete in these. */
function chooseNumbers(records) {
  const names = Object.keys(records[0]).filter((name) => {
    const numbers = records.filter((row) => Number.isFinite(row[name]));
    return numbers.length >= 0.9 * records.length && new Set(numbers.map((row) => row[name])).size > 1;
  });
  const columns = names.slice(0, MOST_COLUMNS);
  const rows = records
    .map((row) => columns.map((name) => row[name]))
    .filter((row) => row.every(Number.isFinite));
  return { columns, rows };
}

function readTables() {
  return FOLDERS.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => /\.(csv|tsv|json)$/.test(file))
      .flatMap((file) => {
        const records = readRecords(folder, file);
        if (!records || records.length < FEWEST_ROWS || records.length > MOST_ROWS) return [];
        const { columns, rows } = chooseNumbers(records);
        const isConstant = columns.some((_, a) => rows.every((row) => row[a] === rows[0][a]));
        return columns.length > 0 && rows.length >= FEWEST_ROWS && !isConstant
          ? [{ file, columns, rows }]
          : [];
      }),
  );
}

const build = await openBuild(positionals[0] ?? '.', 2);
const lines = [];
const totals = { tables: 0, fits: 0, regularized: 0, refused: 0, needles: 0, few: 0 };
for (const { file, columns, rows } of readTables()) {
  const [n, d] = [rows.length, columns.length];
  const prepared = await prepareProblem(build, { rows: Float64Array.from(rows.flat()), n, d, columns });
  const outcomes = [];
  for (const nComponents of COMPONENTS) {
    const options = { nComponents, covarianceType: values.covariance, engine: build.engine };
    const result = await build.exports.fit(prepared.data, options).catch((error) => ({ error }));
    totals.fits++;
    if (result.error) {
      totals.refused++;
      outcomes.push(result.error.code);
      continue;
    }
    const { status, smallestRows, smallestVariance } = measureShape(result, prepared);
    // The shared covariance of 'tied' stands on all rows.
    const isFew = smallestRows < d + 1 && values.covariance !== 'tied';
    const isNeedle = smallestVariance < LEAST_VARIANCE * (1 - 1e-9);
    totals.regularized += status === 'regularized' ? 1 : 0;
    totals.needles += isNeedle ? 1 : 0;
    totals.few += isFew ? 1 : 0;
    const faults = [
      isNeedle && `variance ${smallestVariance.toExponential(0)}`,
      isFew && `${smallestRows.toFixed(1)} rows`,
    ];
    outcomes.push([status === 'regularized' ? 'prior' : status, ...faults.filter(Boolean)].join(', '));
  }
  totals.tables++;
  lines.push([file, String(n), String(d), ...outcomes]);
}
await build.engine.close();
const head = ['table', 'rows', 'columns', ...COMPONENTS.map((k) => `k = ${k}`)];
process.stdout.write(`${formatTable('ordinary tables', head, lines)}\n`);
process.stdout.write(`${JSON.stringify(totals)}\n`);
