/** The file of a checkpoint: who may use it, and what happens if it is damaged, in use or no file. */

import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { composeCheckpoint } from '../../src/checkpoint/checkpoint-text.js';
import type { FitOptions } from '../../src/index.js';
import { writeWhole } from '../../src/io/files/whole-file.js';
import { createEngine, Dataset } from '../package.js';
import { countIterations, D, data, few, LONG, rows } from './calls.js';

const engine = createEngine({ threads: 2 });
const folder = await mkdtemp(join(tmpdir(), 'parallel-gmm-checkpoint-file-'));
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

describe('a checkpoint', () => {
  const options: FitOptions = { nComponents: 2, nInit: 2 };
  const path = (name: string) => join(folder, name);

  it('of another call is refused, with the differences and a remedy', async () => {
    const checkpoint = path('owner');
    await engine.fit(few, { ...options, checkpoint });
    const other = await Dataset.from(rows.slice(0, 300 * D).fill(7, 5, 6), { nFeatures: D });
    const refused: [() => Promise<unknown>, RegExp][] = [
      [
        () => engine.fit(few, { ...options, checkpoint, seed: 3 }),
        /another call's: seed is 0 there, 3 here\. Delete it/,
      ],
      [() => engine.fit(few, { ...options, checkpoint, nComponents: 3 }), /nComponents is 2 there, 3 here/],
      [
        () => engine.fit(other, { ...options, checkpoint }),
        /another call's: rows differs\. Delete it or choose another path/,
      ],
      [() => engine.fit(data, { ...options, checkpoint }), /nSamples is 300 there, 50000 here; rows differs/],
      [
        () => engine.selectModel(few, { nComponents: [2], checkpoint }),
        /call is "fit" there, "selectModel" here/,
      ],
    ];
    for (const [call, message] of refused) {
      await expect(call()).rejects.toMatchObject({
        name: 'GmmError',
        code: 'INVALID_OPTION',
        message: expect.stringMatching(message),
      });
    }
    const weighted = await Dataset.from(rows.slice(0, 300 * D), {
      nFeatures: D,
      sampleWeight: new Array(300).fill(2),
    });
    await expect(engine.fit(weighted, { ...options, checkpoint })).rejects.toThrow('sampleWeight differs');
    expect((await engine.fit(few, { ...options, checkpoint })).converged).toBe(true);
  });

  it('of a call with other start values is refused, whatever their kind', async () => {
    const labels = Array.from({ length: 300 }, (_, i) => i % 2);
    const flipped = [1 - labels[0], ...labels.slice(1)];
    const means = [[...rows.slice(0, D)], [...rows.slice(D, 2 * D)]];
    const inits: [string, FitOptions['init'], FitOptions['init']][] = [
      ['labels', { labels }, { labels: flipped }],
      ['means', { means }, { means: means.toReversed() }],
    ];
    for (const [name, init, other] of inits) {
      const checkpoint = path(`init-${name}`);
      await engine.fit(few, { nComponents: 2, init, checkpoint });
      await expect(engine.fit(few, { nComponents: 2, init: other, checkpoint })).rejects.toThrow(
        'init differs',
      );
      await engine.fit(few, { nComponents: 2, init, checkpoint });
    }
  });

  it('that is damaged anywhere is refused, and left as it is', async () => {
    const checkpoint = path('sound');
    await engine.fit(few, { ...options, checkpoint });
    const sound = await readFile(checkpoint);
    const damaged = path('damaged');
    const cut = [0, 1, 60, sound.length >> 1, sound.length - 1].map((length) => sound.subarray(0, length));
    const flipped = Array.from({ length: 40 }, (_, i) => {
      const copy = Buffer.from(sound);
      copy[Math.floor((i * sound.length) / 40)] ^= 1 << (i % 8);
      return copy;
    });
    for (const content of [...cut, ...flipped, Buffer.from('eruptions,waiting\n3.6,79\n')]) {
      await writeFile(damaged, content);
      await expect(engine.fit(few, { ...options, checkpoint: damaged })).rejects.toMatchObject({
        code: 'INVALID_DATA',
        message: `the checkpoint ${JSON.stringify(damaged)} is damaged, or no checkpoint; delete it or choose another path`,
      });
      expect(await readFile(damaged)).toEqual(content);
    }
  });

  it('that cannot be written or read is an error before any iteration', async () => {
    await mkdir(path('folder'));
    for (const checkpoint of [path('missing/file'), path('folder')]) {
      const { onProgress, events } = countIterations();
      await expect(engine.fit(few, { ...options, checkpoint, onProgress })).rejects.toMatchObject({
        code: 'IO',
        message: expect.stringMatching(/^cannot (read|write) "/),
      });
      expect(events()).toBe(0);
    }
  });

  it('serves one call at a time', async () => {
    const checkpoint = path('shared');
    const both = await Promise.allSettled([1, 2].map(() => engine.fit(few, { ...options, checkpoint })));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = both.find(({ status }) => status === 'rejected');
    expect(refused).toMatchObject({ reason: { code: 'INVALID_OPTION' } });
    await engine.fit(few, { ...options, checkpoint });
  });

  it('removes the temporary file of a killed call', async () => {
    await mkdir(path('beside'));
    const checkpoint = path('beside/left');
    let left = '';
    await writeWhole(checkpoint, async (temporary) => {
      left = temporary;
    });
    await rm(checkpoint);
    await writeFile(left, 'half of a checkpoi');
    await engine.fit(few, { ...options, checkpoint });
    expect(readdirSync(path('beside'))).toEqual(['left']);
  });

  it('does not follow a planted link beside it', async () => {
    await mkdir(path('planted'));
    const victim = path('victim');
    await writeFile(victim, 'precious');
    await symlink(victim, path('planted/.checkpoint.tmp'));
    await engine.fit(few, { ...options, checkpoint: path('planted/checkpoint') });
    expect(await readFile(victim, 'utf8')).toBe('precious');
  });

  it('keeps its permissions and the links to it', async () => {
    await engine.fit(few, { ...options, checkpoint: path('kept') });
    await chmod(path('kept'), 0o640);
    await symlink('kept', path('kept-link'));
    await engine.fit(few, { ...options, checkpoint: path('kept-link') });
    expect((await stat(path('kept'))).mode & 0o777).toBe(0o640);
    expect((await lstat(path('kept-link'))).isSymbolicLink()).toBe(true);
  });

  it('that is a device is refused', async () => {
    await expect(engine.fit(few, { ...options, checkpoint: '/dev/null' })).rejects.toMatchObject({
      code: 'IO',
      message: 'cannot write "/dev/null": a checkpoint must be a file, not a pipe or a device',
    });
  });

  it('with a valid checksum and absurd content is refused', async () => {
    await writeFile(path('absurd'), composeCheckpoint(['['.repeat(1e6) + ']'.repeat(1e6)]));
    await expect(engine.fit(few, { ...options, checkpoint: path('absurd') })).rejects.toMatchObject({
      code: 'INVALID_DATA',
    });
  });

  it('serves one process at a time, until that process is dead', async () => {
    const checkpoint = path('contended');
    const program = fileURLToPath(new URL('../resumed-sweep.mjs', import.meta.url));
    const file = path('contended.f64');
    await writeFile(file, new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
    const child = spawn(process.execPath, [program, file, String(D), checkpoint, JSON.stringify(LONG)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const dead = new Promise((resolve) => child.once('exit', resolve));
    while (!existsSync(checkpoint)) await new Promise((resolve) => setTimeout(resolve, 10));
    const before = await readFile(checkpoint);
    await symlink('contended', path('contended-link'));
    for (const name of [checkpoint, path('contended-link')]) {
      await expect(engine.selectModel(data, { ...LONG, checkpoint: name })).rejects.toMatchObject({
        code: 'INVALID_OPTION',
        message: `"checkpoint" ${JSON.stringify(name)} is in use by another process; wait until it ends, or choose another path`,
      });
    }
    child.kill('SIGKILL');
    await dead;
    expect(before.length).toBeGreaterThan(0);
    await rm(checkpoint);
    await engine.fit(few, { ...options, checkpoint });
  });
});
