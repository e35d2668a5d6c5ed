/** `node --expose-gc many-fits.mjs FIRST LAST`: that many fits on one engine, and what is held after each of the two. */

import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { createEngine, fit, selectModel } from '../dist/index.js';

const [first, last] = process.argv.slice(2).map(Number);
const rows = Array.from({ length: 300 }, (_, i) => [Math.sin(i) + 3 * (i % 2), Math.cos(i * i)]);
const engine = createEngine({ threads: 2 });

async function round(seed) {
  const { model } = await engine.fit(rows, { nComponents: 2 + (seed % 3), nInit: 2, seed });
  await model.predict(rows, { engine });
  if (seed % 10 === 0) {
    await engine.fit(rows, { nComponents: 2, tol: 0, signal: AbortSignal.timeout(2) }).catch(() => {});
    await engine.fit(rows.slice(0, 3), { nComponents: 3 }).catch(() => {});
    await engine.selectModel(rows, { nComponents: [1, 2], nInit: 1 });
  }
  if (seed % 50 === 0) {
    await fit(rows, { nComponents: 2, nInit: 1, threads: 2 });
    await selectModel(rows, { nComponents: [1, 2], nInit: 1, threads: 1 });
  }
}

async function held() {
  // Worker threads let go of their memory when their own collector runs.
  for (let i = 0; i < 5; i++) {
    globalThis.gc();
    await setTimeout(50);
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  let files = 0;
  try {
    files = readdirSync('/proc/self/fd').length;
  } catch {}
  return {
    bytes: heapUsed + arrayBuffers,
    resident: rss,
    handles: process.getActiveResourcesInfo().length,
    files,
  };
}

let seed = 0;
while (seed < first) await round(seed++);
const before = await held();
while (seed < last) await round(seed++);
const after = await held();
await engine.close();
console.log(JSON.stringify({ before, after }));
