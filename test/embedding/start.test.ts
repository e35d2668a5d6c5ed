/** Threads that don't start: the call that waits for them says so, and the process does not end before. */

import { describe, expect, it } from 'vitest';
import { createProject } from './project.js';

const project = createProject();
project.write(
  'program.cjs',
  `const { fit } = require('parallel-gmm');
   const rows = Array.from({ length: 100 }, (_, i) => [i % 7]);
   fit(rows, { nComponents: 1, threads: 2 }).then(
     ({ status }) => console.log(status),
     ({ code, message }) => console.log(code, message),
   );`,
);

/** The program, with a script that every one of its threads runs first. */
async function runWith(name: string, inThreads: string): Promise<{ output: string; seconds: number }> {
  const preload = project.write(
    `${name}.cjs`,
    `const { isMainThread, parentPort } = require('node:worker_threads'); if (!isMainThread) { ${inThreads} }`,
  );
  const began = performance.now();
  const { code, output } = await project.run('program.cjs', ['--require', preload]);
  expect(code).toBe(0);
  return { output, seconds: (performance.now() - began) / 1000 };
}

const REMEDY =
  'if this program is a bundle, leave parallel-gmm out of it ' +
  "(mark it external, e.g. esbuild's --external:parallel-gmm) and install it where the program runs\n";

describe('a thread', () => {
  it.concurrent('that ends before it is ready is WORKER_FAILED', async () => {
    const { output } = await runWith('exits', 'process.exit(0);');
    expect(output).toBe(
      `WORKER_FAILED no worker thread could be started: it ended with code 0 before it was ready; ${REMEDY}`,
    );
  });

  it.concurrent('that fails before it is ready is WORKER_FAILED with the reason', async () => {
    const { output } = await runWith('throws', "throw new Error('no such script');");
    expect(output).toBe(`WORKER_FAILED no worker thread could be started: no such script; ${REMEDY}`);
  });

  it.concurrent('that may not be made is WORKER_FAILED with the reason', async () => {
    const permissions = ['--experimental-permission', '--allow-fs-read=*'];
    const { output } = await project.run('program.cjs', permissions);
    expect(output).toMatch(
      /^WORKER_FAILED no worker thread could be started: Access to this API has been restricted/,
    );
  });

  it.concurrent('that waits for something else is WORKER_FAILED within seconds', async () => {
    const { output } = await runWith('waits', 'parentPort.on = () => undefined; setInterval(() => {}, 1e6);');
    expect(output).toBe(`WORKER_FAILED no worker thread could be started: it does not answer; ${REMEDY}`);
  });

  it.concurrent('that is only slow is waited for', async () => {
    // Longer than a thread may be idle.
    const slow = 'const end = performance.now() + 6000; while (performance.now() < end);';
    const { output, seconds } = await runWith('slow', slow);
    expect(output).toBe('converged\n');
    expect(seconds).toBeGreaterThan(6);
  });
});

describe('a process', () => {
  it('lives until a closing engine is closed', async () => {
    project.write(
      'close.cjs',
      `const { createEngine } = require('parallel-gmm');
       const engine = createEngine({ threads: 2 });
       engine.fit([[1], [2], [3]], { nComponents: 1 })
         .then(() => engine.close())
         .then(() => console.log('closed'));`,
    );
    expect(await project.run('close.cjs')).toEqual({ code: 0, output: 'closed\n' });
  });

  it('ends by itself with an engine that is not closed', async () => {
    project.write(
      'idle.cjs',
      `const { createEngine } = require('parallel-gmm');
       createEngine({ threads: 2 }).fit([[1], [2], [3]], { nComponents: 1 }).then(() => console.log('fitted'));`,
    );
    expect(await project.run('idle.cjs')).toEqual({ code: 0, output: 'fitted\n' });
  });
});
