/**
 * One measurement of memory.mjs: a fit in a separate process.
 *
 * Arguments: file of rows (raw float64 numbers), d, k, storage, passes, threads.
 * Prints { before, peak, secondsPerPass }; before: bytes in use after loading the package, before any rows.
 */

import { createEngine, Dataset } from 'parallel-gmm';
import { createOverlapping, createStart } from './data.mjs';
import { exactEm, median, timePass } from './measure.mjs';
import { peakBytes } from './process.mjs';
import { readBatches } from './raw-file.mjs';

const [path, ...rest] = process.argv.slice(2);
const [d, k] = rest.slice(0, 2).map(Number);
const storage = rest[2];
const [passes, threads] = rest.slice(3).map(Number);

const before = peakBytes();
const data = await Dataset.from(readBatches(path, 8192 * d), { nFeatures: d, storage });
const engine = createEngine({ threads });
const start = createStart(createOverlapping({ d, k }));
const fit = (maxIter) => engine.fit(data, exactEm(start, maxIter));
await fit(2);
const seconds = [];
for (let round = 0; round < 3; round++) seconds.push(await timePass(fit, passes));
await engine.close();
console.log(JSON.stringify({ before, peak: peakBytes(), secondsPerPass: median(seconds) }));
