/** Runs the built command as a shell would. */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export const FAITHFUL = fileURLToPath(new URL('../../data/faithful.csv', import.meta.url));
export const IRIS = fileURLToPath(new URL('../../data/iris.csv', import.meta.url));

/** How a run ended. */
export interface Ended {
  /** Null when a signal killed it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A run that goes on. */
export interface Running {
  interrupt(): void;
  closeOutput(): void;
  /** All of standard input, which then ends; for runs with `stdin: 'open'`. */
  input(text: string): void;
  ended: Promise<Ended>;
}

export function start(args: readonly string[], options: { cwd?: string; stdin?: 'open' } = {}): Running {
  const child = spawn(process.execPath, [CLI, ...args], { cwd: options.cwd, stdio: 'pipe' });
  if (options.stdin !== 'open') child.stdin.end();
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return {
    interrupt: () => child.kill('SIGINT'),
    closeOutput: () => child.stdout.destroy(),
    input: (text) => child.stdin.end(text),
    ended: new Promise((resolve, reject) => {
      child
        .on('error', reject)
        .on('close', (code) => resolve({ code, stdout, stderr: withoutProgress(stderr) }));
    }),
  };
}

/** Lines of progress come every five seconds: on a slow machine only, and not what these tests are about. */
function withoutProgress(text: string): string {
  return text.replace(
    /^\d+ (rows|of \d+ models.*)\n|^(about .+ left|a few seconds left|k = \d+ \w+( with noise)?), .*\n/gm,
    '',
  );
}

export function run(args: readonly string[], options: { cwd?: string } = {}): Promise<Ended> {
  return start(args, options).ended;
}

/** Notes, warnings and errors, without the progress that a busy machine has time for. */
export function remarksOf({ stderr }: Pick<Ended, 'stderr'>): string[] {
  return stderr.split('\n').filter((line) => /^(note|warning|error): /.test(line));
}

/** A folder that goes when the tests of the file are done. */
export function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parallel-gmm-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
