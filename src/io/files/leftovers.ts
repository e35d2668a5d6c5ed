/** Removes temporary files and folders even if the process exits while they are in use. */

import { rmSync } from 'node:fs';

const inUse = new Set<string>();

/** A path that cannot be removed does not prevent the removal of the others. */
function removeAll(): void {
  for (const path of inUse) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {}
  }
}

/**
 * Removes a path when the process exits: at its end, by `process.exit`, or after an uncaught error. If a signal kills the
 * process, nothing is removed. The command therefore turns signals into an exit (src/cli/terminal/interrupt.ts); a library
 * must leave signals to its host.
 *
 * @returns a function to call once the path is removed or must stay
 */
export function removeAtExit(path: string): () => void {
  if (inUse.size === 0) process.on('exit', removeAll);
  inUse.add(path);
  return () => {
    inUse.delete(path);
    if (inUse.size === 0) process.off('exit', removeAll);
  };
}
