/** A sweep is killed fifty times, at random moments, and restarted each time. */

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { createMixture, drawRows } from '../mixtures.js';

/** Times of the kills after the start of the process: some before the first row is read, some after several writes. */
const LATEST_KILL_MS = 6000;
const KILLS = 50;

const program = fileURLToPath(new URL('../resumed-sweep.mjs', import.meta.url));

it('50 SIGKILLs change no bit of a sweep of some 20 s', async () => {
  const random = createRandom(7);
  const d = 4;
  const rows = drawRows(createMixture('full', 5, d, random, 1.5), 200_000, random);
  const folder = await mkdtemp(join(tmpdir(), 'parallel-gmm-killed-'));
  const path = join(folder, 'rows.f64');
  await writeFile(path, new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
  const options = {
    nComponents: [2, 3, 4, 5, 6],
    covarianceTypes: ['full', 'diag'],
    nInit: 3,
    tol: 0,
    maxIter: 100,
  };

  /** @returns its output, or undefined if it was killed */
  const run = (checkpoint: string, killAfterMs?: number) =>
    new Promise<string | undefined>((resolve) => {
      const args = [program, path, String(d), checkpoint, JSON.stringify(options)];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const timer = killAfterMs && setTimeout(() => child.kill('SIGKILL'), killAfterMs);
      let output = '';
      child.stdout.on('data', (part) => {
        output += part;
      });
      child.on('close', (code) => {
        clearTimeout(timer);
        resolve(code === 0 ? output : undefined);
      });
    });
  try {
    const undisturbed = await run(join(folder, 'undisturbed'));
    expect(undisturbed).toBeDefined();
    let kills = 0;
    for (let sweep = 0; kills < KILLS; sweep++) {
      let output: string | undefined;
      while (output === undefined && kills < KILLS) {
        output = await run(join(folder, `killed-${sweep}`), 100 + random.uniform() * LATEST_KILL_MS);
        if (output === undefined) kills++;
      }
      output ??= await run(join(folder, `killed-${sweep}`));
      expect(output).toBe(undisturbed);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
