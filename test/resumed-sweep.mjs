/**
 * A process to be killed: `node resumed-sweep.mjs ROWS D CHECKPOINT OPTIONS` sweeps, and prints
 * the numbers of every cell.
 */

import { readFile } from 'node:fs/promises';
import { Dataset, selectModel } from '../dist/index.js';

const [path, d, checkpoint, options] = process.argv.slice(2);
const bytes = await readFile(path);
const rows = new Float64Array(new Uint8Array(bytes).buffer);
const data = await Dataset.from(rows, { nFeatures: Number(d) });
const { fits } = await selectModel(data, { ...JSON.parse(options), threads: 2, checkpoint });
console.log(JSON.stringify(fits.map(({ seconds: _, ...cell }) => cell)));
