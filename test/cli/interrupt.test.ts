import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { GaussianMixture } from '../package.js';
import { createFolder, FAITHFUL, type Running, run, start } from './command.js';

/** The promise is 100 ms; the rest is for a machine that is busy, which is seen by how long printing help takes. */
let soonMs = 0;
/** Long enough for a process to be at work: many times what printing help takes, as all of them start at once. */
let startedMs = 0;
beforeAll(async () => {
  const begin = performance.now();
  await run(['fit', '--help']);
  const helpMs = performance.now() - begin;
  soonMs = 1000 + 5 * helpMs;
  startedMs = 1000 + 10 * helpMs;
});

/** With `--quiet`, for on a busy machine there is time for a line of progress. */
async function expectInterrupted(running: Running): Promise<void> {
  await setTimeout(startedMs);
  const begin = performance.now();
  running.interrupt();
  expect(await running.ended).toEqual({ code: 130, stdout: '', stderr: '' });
  expect(performance.now() - begin).toBeLessThan(soonMs);
}

describe.concurrent('Ctrl-C', () => {
  const fitFolder = createFolder();
  const endless = ['--tol', '0', '--max-iter', '1000000000'];

  it('ends a fit with 130 and leaves no file', async () => {
    const args = ['fit', FAITHFUL, '-k', '4', '--quiet', ...endless, '--model', 'model.json'];
    await expectInterrupted(start(args, { cwd: fitFolder }));
    expect(readdirSync(fitFolder)).toEqual([]);
  });

  it('ends a sweep with 130', async () => {
    await expectInterrupted(start(['select', FAITHFUL, '-k', '2..5', ...endless, '--json', '--quiet']));
  });

  it('ends the wait for standard input with 130', async () => {
    await expectInterrupted(start(['fit', '-', '-k', '2', '--quiet'], { stdin: 'open' }));
  });

  it.each([
    ['prediction', 'predict', 'out.csv', createFolder()],
    ['report', 'report', 'out.html', createFolder()],
  ])('ends a %s with 130 and leaves no file', async (_, command, output, folder) => {
    const model = GaussianMixture.fromParameters({
      weights: [0.5, 0.5],
      means: [
        [2, 55],
        [4, 80],
      ],
      covariances: [1, 1],
      covarianceType: 'spherical',
    });
    const path = join(folder, 'model.json');
    writeFileSync(path, JSON.stringify({ ...model.toJSON(), columns: ['eruptions', 'waiting'] }));
    // 20 million rows take longer to read than the test waits.
    const sql = 'select a.* from input a, input b, input c';
    const args = [command, 'model.json', FAITHFUL, '--sql', sql, '-o', output, '--quiet'];
    await expectInterrupted(start(args, { cwd: folder }));
    expect(readdirSync(folder)).toEqual(['model.json']);
  });
});
