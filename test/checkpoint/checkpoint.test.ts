/** `checkpoint`: an interrupted call continues from its file to the same bits. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { FitOptions, ProgressEvent, Selection } from '../../src/index.js';
import { bitsOf } from '../close.js';
import { createEngine } from '../package.js';
import { countIterations, D, data, LONG, rows } from './calls.js';

const engine = createEngine({ threads: 2 });
const folder = await mkdtemp(join(tmpdir(), 'parallel-gmm-checkpoint-'));
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

/** The bits of everything but the seconds. */
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

const undisturbed = engine.selectModel(data, LONG);

describe('a sweep', () => {
  it('continues from any state of its file to the same bits, on another number of threads', async () => {
    const expected = bitsOfSelection(await undisturbed);
    const checkpoint = join(folder, 'sweep');
    const copies = new Map<string, string>();
    const copying = setInterval(async () => {
      const content = await readFile(checkpoint, 'utf8').catch(() => undefined);
      if (content !== undefined) copies.set(content, join(folder, `copy-${copies.size}`));
    }, 50);
    expect(bitsOfSelection(await engine.selectModel(data, { ...LONG, checkpoint }))).toBe(expected);
    clearInterval(copying);
    // The first, empty file, and at least one later state.
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

    // A call after the end finds the file complete, and runs nothing.
    const { onProgress, events } = countIterations();
    const again = await engine.selectModel(data, { ...LONG, checkpoint, onProgress });
    expect(bitsOfSelection(again)).toBe(expected);
    expect(events()).toBe(0);
  });

  it('has the same bits after SIGKILL', async () => {
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

  it('recalls cells that collapsed or had too few rows, with their reasons', async () => {
    const six = [[0], [0.1], [0.3], [5], [5.2], [5.3]];
    const options = { nComponents: [1, 2, 6, 7], checkpoint: join(folder, 'collapsed') };
    const first = bitsOfSelection(await engine.selectModel(six, options));
    expect(bitsOfSelection(await engine.selectModel(six, options))).toBe(first);
  });
});

describe('a fit', () => {
  it('continues inside a run', async () => {
    // Some seconds of work: the first state is written after a second.
    const options: FitOptions = { nComponents: 4, nInit: 1, tol: 0, maxIter: 3000, acceleration: 'none' };
    const expected = await engine.fit(data, options);
    const checkpoint = join(folder, 'fit');
    const controller = new AbortController();
    const running = engine.fit(data, { ...options, checkpoint, signal: controller.signal });
    await untilWritten(checkpoint, /"state"/, running);
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');

    let first: number | undefined;
    const onProgress = (event: ProgressEvent) => {
      if (event.type === 'iteration') first ??= event.iteration;
    };
    const result = await engine.fit(data, { ...options, checkpoint, onProgress });
    expect(bitsOf({ ...result, model: result.model.toJSON() })).toBe(
      bitsOf({ ...expected, model: expected.model.toJSON() }),
    );
    expect(first).toBeGreaterThan(1);
  });
});

/** Waits until the text of a checkpoint matches, or its writer has ended. */
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
