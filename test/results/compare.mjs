/**
 * Compares two records of results (record.mjs), number by number.
 *
 *   node compare.mjs before.jsonl after.jsonl
 *
 * Prints each result that is not the same to the last bit, with the largest relative difference of its numbers; ends with
 * exit code 1 if there is any.
 */

import { readFileSync } from 'node:fs';

const read = (path) =>
  new Map(
    readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ name, ...result }) => [name, result]),
  );

/** The largest relative difference between the numbers of two values; Infinity where anything else differs. */
function differenceOf(a, b) {
  if (typeof a === 'number' && typeof b === 'number') {
    return Object.is(a, b) ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return a === b ? 0 : Number.POSITIVE_INFINITY;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Math.max(0, ...[...names].map((name) => differenceOf(a[name], b[name])));
}

const [before, after] = process.argv.slice(2, 4).map(read);
let nDifferent = 0;
for (const name of new Set([...before.keys(), ...after.keys()])) {
  const [a, b] = [before.get(name), after.get(name)];
  const fields = Object.keys({ ...a, ...b })
    .map((field) => [field, differenceOf(a?.[field], b?.[field])])
    .filter(([, difference]) => difference > 0);
  if (fields.length === 0) continue;
  nDifferent++;
  console.log(
    `${name}: ${fields.map(([field, difference]) => `${field} ${difference.toExponential(1)}`).join(', ')}`,
  );
}
console.log(`${before.size} results before, ${after.size} after: ${nDifferent} differ`);
process.exitCode = nDifferent > 0 ? 1 : 0;
