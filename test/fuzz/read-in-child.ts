/** Reads files in a process of its own, and names the file that crashes it or that it never finishes. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./read-files.mjs', import.meta.url));

/** Far longer than any of these files takes, even on a busy machine. */
const HANGS_AFTER_MS = 60_000;

/** Files of one process: starting one takes as long as reading ten. */
const FILES_AT_ONCE = 50;

export type ReadOutcome = { readonly file: string } & Record<string, unknown>;

/** @returns the outcome of each file, in order; a file that crashed its process has the reason in `crash` */
export async function readInChild(files: readonly string[]): Promise<ReadOutcome[]> {
  const outcomes: ReadOutcome[] = [];
  while (outcomes.length < files.length) {
    const next = files.slice(outcomes.length, outcomes.length + FILES_AT_ONCE);
    const { done, crash } = await runChild(next);
    outcomes.push(...done);
    if (crash !== undefined) outcomes.push({ file: next[done.length] ?? next[next.length - 1], crash });
  }
  return outcomes.slice(0, files.length);
}

async function runChild(files: readonly string[]): Promise<{ done: ReadOutcome[]; crash?: string }> {
  const child = spawn(process.execPath, [program, ...files], { stdio: ['ignore', 'pipe', 'inherit'] });
  const done: ReadOutcome[] = [];
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => child.kill('SIGKILL'), HANGS_AFTER_MS);
  };
  wait();
  createInterface({ input: child.stdout }).on('line', (line) => {
    done.push(JSON.parse(line));
    wait();
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.on('close', (...ended) => resolve(ended));
  });
  clearTimeout(timer);
  if (done.length === files.length && code === 0) return { done };
  return { done, crash: `the process ended with ${signal ?? code}` };
}
