/** The problems of the bench: real tables and drawn mixtures, each with a model to fit, in two halves. */

import { createHash } from 'node:crypto';
import { DRAWN, drawProblem } from './drawn.mjs';
import { readTable, TABLES } from './tables.mjs';

/** These tables were looked at before the halves were made. */
const ALWAYS_OPEN = ['zipcodes', 'flights'];

/** The first number with which both halves have 45 % to 55 % of every group. No result went into this choice. */
const SALT = 103;

/** All problems of a table are in the same half, so that the held tables are really unseen. */
export function halfOf(table, salt = SALT) {
  if (ALWAYS_OPEN.includes(table)) return 'open';
  return createHash('sha256').update(`${salt}/${table}`).digest()[0] % 2 === 0 ? 'open' : 'held';
}

/** @returns `{ name, table, group, half, source, columns, nComponents, covarianceType }` of every problem */
export function listProblems() {
  return [...TABLES, ...DRAWN].map((problem) => ({ ...problem, half: halfOf(problem.table) }));
}

/** @returns rows (n × d, row-major, over shared memory), n, d and the columns */
export function loadRows(problem) {
  const { columns } = problem;
  const d = columns.length;
  if (problem.kind) return { rows: drawProblem(problem, problem.n, 'rows'), n: problem.n, d, columns };
  const table = readTable(problem);
  const rows = new Float64Array(new SharedArrayBuffer(8 * table.length * d));
  table.forEach((row, i) => {
    rows.set(row, i * d);
  });
  return { rows, n: table.length, d, columns };
}

/** @returns (count × d) other rows of a drawn problem's mixture; undefined for a real table */
export function drawFresh(problem, count) {
  return problem.kind ? drawProblem(problem, count, 'fresh') : undefined;
}

/** The problems of a half (`all` for both) whose names match a regular expression. */
export function chooseProblems({ half = 'all', only = '' }) {
  return listProblems().filter(
    (problem) => (half === 'all' || half === problem.half) && new RegExp(only).test(problem.name),
  );
}
