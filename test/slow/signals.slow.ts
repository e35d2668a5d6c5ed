/** Ninety signals at random times: a command ends with the signal's exit code or normally, and leaves nothing behind. */

import { spawn } from 'node:child_process';
import { createReadStream, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { CLI, FAITHFUL, run } from '../cli/command.js';
import { SEED } from '../fuzz/seed.js';

const folder = mkdtempSync(join(tmpdir(), 'parallel-gmm-signals-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Times after the start of the process: before it is ready, while it works, and after most commands have ended. */
const LATEST_MS = 2000;

const MANY = 'select a.* from input a, input b, (select * from input limit 20) c';

const COMMANDS: readonly (readonly string[])[] = [
  ['fit', FAITHFUL, '-k', '4', '--tol', '0', '--max-iter', '1e6', '--model', 'out/model.json'],
  ['fit', '-', '-k', '3', '--checkpoint', 'out/checkpoint', '--report', 'out/report.html'],
  ['predict', 'model.json', FAITHFUL, '--sql', MANY, '-o', 'out/scores.parquet'],
  ['predict', 'model.json', FAITHFUL, '--sql', MANY, '-o', 'out/scores.csv'],
  ['sample', 'model.json', '-n', '1e7', '-o', 'out/drawn.npy'],
];

beforeAll(async () => {
  const { code } = await run(['fit', FAITHFUL, '-k', '3', '--model', 'model.json', '--quiet'], {
    cwd: folder,
  });
  expect(code).toBe(0);
});

/** @returns the exit code, and the files left in the folders for outputs and for temporary files */
async function signalAfter(ms: number, signal: NodeJS.Signals, args: readonly string[]) {
  const [out, temporary] = ['out', 'temporary'].map((name) => join(folder, name));
  for (const path of [out, temporary]) mkdirSync(path);
  try {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: folder,
      env: { ...process.env, TMPDIR: temporary },
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    child.stdin.on('error', () => undefined);
    createReadStream(FAITHFUL).pipe(child.stdin);
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const timer = setTimeout(() => child.kill(signal), ms);
    const code = await new Promise<number | null>((resolve) => {
      child.on('close', resolve);
    });
    clearTimeout(timer);
    return {
      code,
      stderr,
      left: [...readdirSync(temporary), ...readdirSync(out).filter((name) => /^\.|tmp$/.test(name))],
    };
  } finally {
    for (const path of [out, temporary]) rmSync(path, { recursive: true, force: true });
  }
}

it(`90 signals leave nothing behind, seed ${SEED}`, async () => {
  const random = createRandom(SEED);
  for (let i = 0; i < 90; i++) {
    const signal = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const)[i % 3];
    const args = COMMANDS[random.below(COMMANDS.length)];
    const ms = random.uniform() * LATEST_MS;
    const { code, left, stderr } = await signalAfter(ms, signal, args);
    const what = `${signal} after ${ms.toFixed(0)} ms, ${args.join(' ')}: ${stderr}`;
    // Before the program's first line runs, the signal ends the process, which then has no exit code.
    expect([0, null, 128 + constants.signals[signal]], what).toContain(code);
    expect(left, what).toEqual([]);
  }
});
