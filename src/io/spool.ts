/** A stream → a temporary file, for readers that must look at the beginning twice. */

import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { removeAtExit } from './leftovers.js';
import { explainSystemError } from './system-errors.js';

/** A temporary file, alone in its folder. */
export interface Spool {
  path: string;
  /** Deletes the file and its folder. */
  remove(): Promise<void>;
}

/**
 * @param stream - read to its end
 * @param name - the file's name, which tells its format
 * @param path - the stream as the caller wrote it, for messages
 * @param signal - ends it
 * @returns the file; nothing is left behind when the stream fails
 * @throws {GmmError} `IO`; the signal's reason
 */
export async function spoolStream(
  stream: Readable,
  name: string,
  path: string,
  signal?: AbortSignal,
): Promise<Spool> {
  try {
    const folder = await mkdtemp(join(tmpdir(), 'parallel-gmm-'));
    const forget = removeAtExit(folder);
    const remove = async () => {
      await rm(folder, { recursive: true, force: true });
      forget();
    };
    try {
      const file = join(folder, name);
      await pipeline(stream, createWriteStream(file), { signal });
      return { path: file, remove };
    } catch (error) {
      await remove();
      throw error;
    }
  } catch (error) {
    signal?.throwIfAborted();
    const reading = (error as NodeJS.ErrnoException).syscall === 'read';
    throw reading ? explainSystemError('read', path, error) : explainSystemError('write', tmpdir(), error);
  }
}
