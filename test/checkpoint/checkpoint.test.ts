/** `checkpoint`: a call goes on from its file to the same bits, and from no other. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { composeCheckpoint } from '../../src/checkpoint/checkpoint-text.js';
import { createRandom } from '../../src/core/random.js';
import type { FitOptions, ProgressEvent, Selection, SelectOptions } from '../../src/index.js';
import { writeWhole } from '../../src/io/files/whole-file.js';
import { bitsOf } from '../close.js';
import { createMixture, drawRows } from '../mixtures.js';
import { createEngine, Dataset } from '../package.js';

const engine = createEngine({ threads: 2 });
const folder = await mkdtemp(join(tmpdir(), 'parallel-gmm-checkpoint-'));
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

const random = createRandom(12);
const [N, D] = [50_000, 3];
const rows = drawRows(createMixture('full', 4, D, random, 1.5), N, random);
const data = await Dataset.from(rows, { nFeatures: D });
const few = await Dataset.from(rows.slice(0, 300 * D), { nFeatures: D });

/** All but the seconds. */
const bitsOfSelection = ({ best, criterion, fits }: Selection): string =>
  JSON.stringify([
    criterion,
    bitsOf({ ...best, model: best.model.toJSON() }),
    fits.map(({ seconds: _, model, error, ...cell }) => [
      bitsOf(cell),
      bitsOf(model?.toJSON()),
      cell.status,
      error?.code,
      error?.message,
    ]),
  ]);

/** How many passes over the rows a call tells of; those it did not need to run it does not tell. */
const countIterations = () => {
  let events = 0;
  const onProgress = ({ type }: ProgressEvent) => {
    if (type === 'iteration') events++;
  };
  return { onProgress, events: () => events };
};

/** Some seconds of work, by a count and not by what converges when. */
const LONG: SelectOptions = {
  nComponents: [2, 3, 4],
  covarianceTypes: ['full', 'diag'],
  nInit: 2,
  tol: 0,
  maxIter: 300,
};
const undisturbed = engine.selectModel(data, LONG);

describe('a sweep', () => {
  it('goes on from whatever its file held at any moment, to the same bits, on another number of threads', async () => {
    const expected = bitsOfSelection(await undisturbed);
    const checkpoint = join(folder, 'sweep');
    const copies = new Map<string, string>();
    const copying = setInterval(async () => {
      const content = await readFile(checkpoint, 'utf8').catch(() => undefined);
      if (content !== undefined) copies.set(content, join(folder, `copy-${copies.size}`));
    }, 50);
    expect(bitsOfSelection(await engine.selectModel(data, { ...LONG, checkpoint }))).toBe(expected);
    clearInterval(copying);
    // The first, empty, then at least one on the way.
    expect(copies.size).toBeGreaterThan(1);
    const one = createEngine({ threads: 1 });
    try {
      for (const [content, copy] of [...copies].slice(1, 2)) {
        await writeFile(copy, content);
        const selection = await one.selectModel(data, { ...LONG, checkpoint: copy });
        expect(bitsOfSelection(selection)).toBe(expected);
      }
    } finally {
      await one.close();
    }

    // Once more when all is done: the file is still there, and nothing is run.
    const { onProgress, events } = countIterations();
    const again = await engine.selectModel(data, { ...LONG, checkpoint, onProgress });
    expect(bitsOfSelection(again)).toBe(expected);
    expect(events()).toBe(0);
  });

  it('is the same after SIGKILL', async () => {
    const checkpoint = join(folder, 'killed');
    const path = join(folder, 'rows.f64');
    await writeFile(path, new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
    const program = fileURLToPath(new URL('../resumed-sweep.mjs', import.meta.url));
    const start = (): ChildProcess =>
      spawn(process.execPath, [program, path, String(D), checkpoint, JSON.stringify(LONG)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    const killed = start();
    const dead = new Promise((resolve) => killed.once('exit', (_, signal) => resolve(signal)));
    await untilWritten(checkpoint, /"(state|run|winner)"/, dead);
    killed.kill('SIGKILL');
    const signal = await dead;

    const resumed = start();
    let output = '';
    resumed.stdout?.on('data', (part) => {
      output += part;
    });
    await new Promise((resolve) => resumed.once('close', resolve));
    const { fits } = await undisturbed;
    expect(output.trim()).toBe(JSON.stringify(fits.map(({ seconds: _, ...cell }) => cell)));
    expect(signal).toBe('SIGKILL');
  });

  it('keeps cells that collapsed or had too few rows, and their reasons', async () => {
    const six = [[0], [0.1], [0.3], [5], [5.2], [5.3]];
    const options = { nComponents: [1, 2, 6, 7], checkpoint: join(folder, 'collapsed') };
    const first = bitsOfSelection(await engine.selectModel(six, options));
    expect(bitsOfSelection(await engine.selectModel(six, options))).toBe(first);
  });
});

describe('a fit', () => {
  it('goes on from where a run was', async () => {
    // Some seconds, as a state is written after the first; many where other tests run beside.
    const options: FitOptions = { nComponents: 4, nInit: 1, tol: 0, maxIter: 2200, acceleration: 'none' };
    const expected = await engine.fit(data, options);
    const checkpoint = join(folder, 'fit');
    const controller = new AbortController();
    const running = engine.fit(data, { ...options, checkpoint, signal: controller.signal });
    await untilWritten(checkpoint, /"state"/, running);
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');

    let least = Number.POSITIVE_INFINITY;
    const onProgress = (event: ProgressEvent) => {
      if (event.type === 'iteration' && event.phase === 'final') least = Math.min(least, event.iteration);
    };
    const result = await engine.fit(data, { ...options, checkpoint, onProgress });
    expect(bitsOf({ ...result, model: result.model.toJSON() })).toBe(
      bitsOf({ ...expected, model: expected.model.toJSON() }),
    );
    expect(least).toBeGreaterThan(1);
  });
});

/** Waits till a checkpoint holds something, or until what writes it has ended. */
async function untilWritten(path: string, what: RegExp, writer: Promise<unknown>): Promise<void> {
  let hasEnded = false;
  const end = () => {
    hasEnded = true;
  };
  writer.then(end, end);
  while (!hasEnded && !what.test(await readFile(path, 'utf8').catch(() => ''))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a checkpoint', () => {
  const options: FitOptions = { nComponents: 2, nInit: 2 };
  const path = (name: string) => join(folder, name);

  it('of another call is refused, saying what differs and what to do', async () => {
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
        message: `the checkpoint ${JSON.stringify(damaged)} is damaged, or is none; delete it or choose another path`,
      });
      expect(await readFile(damaged)).toEqual(content);
    }
  });

  it('that cannot be written or read is an error before anything is fitted', async () => {
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

  it("is one call's at a time", async () => {
    const checkpoint = path('shared');
    const both = await Promise.allSettled([1, 2].map(() => engine.fit(few, { ...options, checkpoint })));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = both.find(({ status }) => status === 'rejected');
    expect(refused).toMatchObject({ reason: { code: 'INVALID_OPTION' } });
    await engine.fit(few, { ...options, checkpoint });
  });

  it('is rid of what a kill left beside it', async () => {
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

  it('does not follow a link that was put beside it', async () => {
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

  it('with sound checksum and absurd content is refused', async () => {
    await writeFile(path('absurd'), composeCheckpoint(['['.repeat(1e6) + ']'.repeat(1e6)]));
    await expect(engine.fit(few, { ...options, checkpoint: path('absurd') })).rejects.toMatchObject({
      code: 'INVALID_DATA',
    });
  });

  it("is one process's at a time, until that process is dead", async () => {
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
