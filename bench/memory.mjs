/** Peak memory of a process that reads rows from a file and fits them, for both storages. */

import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createOverlapping, drawRows } from './data.mjs';
import { runForJson } from './process.mjs';
import { writeRaw } from './raw-file.mjs';
import { count, formatTable, megabytes, short } from './table.mjs';

const D = 8;
const K = 8;

const SIZES = { all: 1e6, overview: 1e6, quick: 1e5 };

export async function measure({ size, quiet, say }) {
  const n = SIZES[size];
  const threads = availableParallelism();
  const folder = await mkdtemp(join(tmpdir(), 'parallel-gmm-memory-'));
  try {
    const path = join(folder, 'rows');
    writeRaw(path, drawRows(createOverlapping({ d: D, k: K }), n));
    const child = fileURLToPath(new URL('memory-child.mjs', import.meta.url));
    const figures = [];
    for (const storage of ['float64', 'float32']) {
      say(`memory: ${storage}`);
      const args = [child, path, ...[D, K, storage, 8, threads].map(String)];
      const { before, peak, secondsPerPass } = await quiet.measure(() => runForJson(process.execPath, args));
      const dataBytes = n * D * (storage === 'float64' ? 8 : 4);
      figures.push({
        storage,
        nSamples: n,
        nFeatures: D,
        nComponents: K,
        threads,
        dataBytes,
        bytesBeforeRows: before,
        peakBytes: peak,
        bytesBesideData: peak - dataBytes,
        pairsPerSecond: (n * K) / secondsPerPass,
      });
    }
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function format(figures) {
  const [{ nSamples, nFeatures, nComponents, threads }] = figures;
  return formatTable(
    `Memory: full, ${count(nSamples)} × ${nFeatures}, k = ${nComponents}, ${threads} threads; peak of the whole process`,
    ['storage', 'data', 'peak', 'beside the data', 'Node and package alone', 'million pairs/s'],
    figures.map((f) => [
      f.storage,
      megabytes(f.dataBytes),
      megabytes(f.peakBytes),
      megabytes(f.bytesBesideData),
      megabytes(f.bytesBeforeRows),
      short(f.pairsPerSecond / 1e6),
    ]),
  );
}
