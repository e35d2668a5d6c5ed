/** Temporary files and folders that go even if the process ends while they are in use. */

import { rmSync } from 'node:fs';

const inUse = new Set<string>();

/** One that cannot be removed does not keep the others. */
function removeAll(): void {
  for (const path of inUse) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {}
  }
}

/**
 * Removes a path when the process exits: at its end, by `process.exit` and after an uncaught error. A signal that
 * kills the process removes nothing, so a command turns the signals that it can catch into an exit
 * (src/cli/terminal/interrupt.ts); a library must leave signals to its host.
 *
 * @returns to be called when the path is gone or is to stay
 */
export function removeAtExit(path: string): () => void {
  if (inUse.size === 0) process.on('exit', removeAll);
  inUse.add(path);
  return () => {
    inUse.delete(path);
    if (inUse.size === 0) process.off('exit', removeAll);
  };
}
