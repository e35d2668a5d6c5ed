/** Temporary files and folders that go even if the process ends while they are in use. */

import { rmSync } from 'node:fs';

const inUse = new Set<string>();

function removeAll(): void {
  for (const path of inUse) rmSync(path, { recursive: true, force: true });
}

/** @returns to be called when the path is gone or is to stay */
export function removeAtExit(path: string): () => void {
  if (inUse.size === 0) process.on('exit', removeAll);
  inUse.add(path);
  return () => {
    inUse.delete(path);
    if (inUse.size === 0) process.off('exit', removeAll);
  };
}
