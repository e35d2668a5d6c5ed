/**
 * Writes a problem's rows for programs in other languages: `node export-rows.mjs NAME FOLDER` writes `rows.f64` and, for a drawn
 * mixture, `fresh.f64` (row-major float64), and prints the problem as JSON. Without arguments it prints all problems.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FRESH_ROWS } from './measures.mjs';
import { drawFresh, listProblems, loadRows } from './problems.mjs';

function printProblem({ name, half, covarianceType, nComponents }, rest = {}) {
  console.log(JSON.stringify({ name, half, covarianceType, nComponents, ...rest }));
}

function exportRows(name, folder) {
  const problem = listProblems().find((candidate) => candidate.name === name);
  const { rows, n, d } = loadRows(problem);
  writeFileSync(join(folder, 'rows.f64'), rows);
  const fresh = drawFresh(problem, FRESH_ROWS);
  if (fresh) writeFileSync(join(folder, 'fresh.f64'), fresh);
  printProblem(problem, { n, d, isDrawn: fresh !== undefined });
}

const [name, folder] = process.argv.slice(2);
if (name) exportRows(name, folder);
else for (const problem of listProblems()) printProblem(problem);
