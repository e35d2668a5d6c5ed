/**
 * One to all threads on growing data: milliseconds a pass, the speed-up, the serial fraction that it implies, and the
 * ratio of the time to that for a tenth of the rows.
 */

import { availableParallelism } from 'node:os';
import { createEngine, Dataset } from 'parallel-gmm';
import { createOverlapping, createStart, drawRows } from './data.mjs';
import { exactEm, median, timePass } from './measure.mjs';
import { count, formatTable, percent, short, times } from './table.mjs';

const D = 8;
const K = 8;

const SIZES = {
  all: { n: [1e5, 1e6, 1e7], rounds: 5 },
  overview: { n: [1e5, 1e6], rounds: 3 },
  quick: { n: [1e4, 1e5], rounds: 3 },
};

/** Approximate number of rows in all passes of one measurement. */
const ROWS_OF_PASSES = 5e6;

/** 1, 2, 4, … and all threads. */
function threadCounts() {
  const all = availableParallelism();
  const counts = [];
  for (let threads = 1; threads < all; threads *= 2) counts.push(threads);
  return [...counts, all];
}

/** Amdahl (1967): speed-up on p threads is 1 / (s + (1 − s) / p). */
function serialFraction(speedup, threads) {
  return threads === 1 ? null : (1 / speedup - 1 / threads) / (1 - 1 / threads);
}

export async function measure({ size, quiet, say }) {
  const { n: sizes, rounds } = SIZES[size];
  const largest = Math.max(...sizes);
  say(`scaling: drawing ${count(largest)} rows`);
  const mixture = createOverlapping({ d: D, k: K });
  const start = createStart(mixture);
  const rows = drawRows(mixture, largest);
  const engines = threadCounts().map((threads) => createEngine({ threads }));
  const figures = [];
  try {
    for (const n of sizes) {
      say(`scaling: ${count(n)} rows`);
      const data = await Dataset.from(new Float64Array(rows.buffer, 0, n * D), { nFeatures: D });
      const passes = Math.min(50, Math.max(3, Math.round(ROWS_OF_PASSES / n)));
      const seconds = engines.map(() => []);
      // The engines take turns, so that disturbances affect all of them.
      for (let round = -1; round < rounds; round++) {
        for (const [e, engine] of engines.entries()) {
          const fit = (maxIter) => engine.fit(data, exactEm(start, maxIter));
          // Round −1 starts the threads and compiles the code.
          if (round < 0) await fit(2);
          else seconds[e].push(await quiet.measure(() => timePass(fit, passes)));
        }
      }
      const single = median(seconds[0]);
      for (const [e, { threads }] of engines.entries()) {
        const secondsPerPass = median(seconds[e]);
        const speedup = single / secondsPerPass;
        const tenth = figures.find((f) => f.nSamples === n / 10 && f.threads === threads);
        figures.push({
          nSamples: n,
          nFeatures: D,
          nComponents: K,
          threads,
          secondsPerPass,
          pairsPerSecond: (n * K) / secondsPerPass,
          speedup,
          serialFraction: serialFraction(speedup, threads),
          timesTenthOfRows: tenth ? secondsPerPass / tenth.secondsPerPass : null,
        });
      }
    }
  } finally {
    for (const engine of engines) await engine.close();
  }
  return figures;
}

export function format(figures) {
  return formatTable(
    `Threads: full, d = ${D}, k = ${K}`,
    ['rows', 'threads', 'ms a pass', 'million pairs/s', 'speed-up', 'serial', 'against a tenth'],
    figures.map((f) => [
      count(f.nSamples),
      String(f.threads),
      short(1000 * f.secondsPerPass),
      short(f.pairsPerSecond / 1e6),
      times(f.speedup),
      f.serialFraction === null ? '' : percent(f.serialFraction),
      f.timesTenthOfRows === null ? '' : times(f.timesTenthOfRows),
    ]),
  );
}
