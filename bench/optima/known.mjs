/**
 * The known optima, `best.jsonl`: a line for each problem, `{ name, n, d, optima }`, the optima by falling log-likelihood.
 */

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

export const KNOWN = new URL('best.jsonl', import.meta.url);

/** Two log-likelihoods closer than this, for each row, are the same optimum. */
const SAME = 1e-6;

/** The likeliest optima that are kept, and those with a smallest component of so many times (d + 1) effective rows. */
const KEPT = 12;
const KEPT_SENSIBLE = 3;
const ROWS_PER_FEATURE = [1, 2, 3];
const LEAST_VARIANCES = [0, 1e-4];

export function readLines(path) {
  const text = readFileSync(path, 'utf8').trim();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line));
}

/** @returns the known optima by the problem's name */
export function readKnown(path = KNOWN) {
  return new Map(existsSync(path) ? readLines(path).map((entry) => [entry.name, entry]) : []);
}

/** Written whole and then renamed, so that a reader never sees a part. */
export function writeKnown(known, path = KNOWN) {
  const lines = [...known.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((entry) => JSON.stringify(entry));
  const temporary = new URL('best.jsonl.new', import.meta.url);
  writeFileSync(temporary, `${lines.join('\n')}\n`);
  renameSync(temporary, path);
}

/** Whether an optimum's smallest component has enough rows, and its smallest variance is no collapse. */
export function isSensible(optimum, { d, rowsPerFeature, leastVariance }) {
  return optimum.smallestRows >= rowsPerFeature * (d + 1) && optimum.smallestVariance >= leastVariance;
}

/** The distinct optima worth keeping, by falling log-likelihood. */
export function chooseKept(optima, { n, d }) {
  const sorted = optima.toSorted((a, b) => b.logLikelihood - a.logLikelihood);
  const distinct = [];
  for (const optimum of sorted) {
    const last = distinct.at(-1);
    if (!last || last.logLikelihood - optimum.logLikelihood > SAME * n) distinct.push(optimum);
  }
  const kept = new Set(distinct.slice(0, KEPT));
  for (const rowsPerFeature of ROWS_PER_FEATURE) {
    for (const leastVariance of LEAST_VARIANCES) {
      const sensible = distinct.filter((optimum) =>
        isSensible(optimum, { d, rowsPerFeature, leastVariance }),
      );
      for (const optimum of sensible.slice(0, KEPT_SENSIBLE)) kept.add(optimum);
    }
  }
  return distinct.filter((optimum) => kept.has(optimum));
}

const round = (value, digits) => (value === undefined ? undefined : Number(value.toPrecision(digits)));

/** Adds optima of one problem to the known. Measures are rounded to what is needed. */
export function addOptima(known, { name, n, d }, found) {
  const optima = found.map((optimum) => ({
    logLikelihood: round(optimum.logLikelihood, 12),
    kind: optimum.kind,
    seed: optimum.seed,
    status: optimum.status,
    smallestRows: round(optimum.smallestRows, 4),
    smallestVariance: round(optimum.smallestVariance, 4),
    fresh: round(optimum.fresh, 7),
  }));
  const before = known.get(name)?.optima ?? [];
  known.set(name, { name, n, d, optima: chooseKept([...before, ...optima], { n, d }) });
}
