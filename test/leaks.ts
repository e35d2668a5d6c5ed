/** What a process holds after many fits: run in one of its own, as a test runner holds things, too. */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What the process holds. */
export interface Held {
  /** Bytes of memory: heap in use, and array buffers. */
  readonly bytes: number;
  /** Bytes that the system has given it. */
  readonly resident: number;
  /** Things that keep the event loop alive, and open files (Linux). */
  readonly handles: number;
  readonly files: number;
}

/**
 * Small fits, calls with and without an engine, with and without an end.
 *
 * @returns what is held after `first` rounds, and after `last`
 */
export async function holdAfter(first: number, last: number): Promise<{ before: Held; after: Held }> {
  const program = fileURLToPath(new URL('many-fits.mjs', import.meta.url));
  const args = ['--expose-gc', program, String(first), String(last)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}
