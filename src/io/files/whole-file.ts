/**
 * Writes files atomically: a file is written next to its destination and renamed at the end.
 *
 * The new file takes over the permissions of the file that it replaces and, where that is allowed, its owner. A symbolic link
 * to it stays. A file with several hard links is not replaced: the complete content is copied into it, so that all its names
 * still lead to one file.
 */

import { createHash, randomBytes } from 'node:crypto';
import { constants, createReadStream, type Stats } from 'node:fs';
import {
  access,
  copyFile,
  type FileHandle,
  mkdtemp,
  open,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { removeAtExit } from './leftovers.js';
import { resolveLinks } from './links.js';
import { openPipeWriter } from './open-stream.js';
import { explainSystemError } from './system-errors.js';

/** Options for writing a file. */
export interface WriteOptions {
  /** Whether to flush the file to the disk before it is renamed, so that it is complete even after a power failure. */
  durable?: boolean;
  /** Ends the wait for the reader of a named pipe. */
  signal?: AbortSignal | undefined;
}

/**
 * @param path - the destination; pipes and devices (`/dev/stdout`) are written in place
 * @param write - writes all content to the path that it gets, where there is an empty file
 * @throws {GmmError} `IO`; other errors of `write` unchanged. Nothing is left behind in either case
 */
export async function writeWhole(
  path: string,
  write: (temporary: string) => Promise<void>,
  { durable = false, signal }: WriteOptions = {},
): Promise<void> {
  try {
    const target = await resolveLinks(path);
    const before = await stat(target).catch(() => undefined);
    if (before && !before.isFile()) return await writeInPlace(target, before, write, signal);
    if (before) await access(target, constants.W_OK);
    const temporary = temporaryFor(target);
    const forget = removeAtExit(temporary);
    try {
      await createLike(temporary, before);
      await write(temporary);
      if (durable) await syncPath(temporary);
      if (before && before.nlink > 1) await copyInto(target, temporary, durable);
      else await rename(temporary, target);
      // The new name is on the disk once the folder is; some systems can't open folders.
      if (durable) await syncPath(dirname(target)).catch(() => undefined);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    } finally {
      forget();
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw explainSystemError('write', path, error);
  }
}

/**
 * @param path - any name
 * @param content - text, which is written in UTF-8, or bytes
 * @throws {GmmError} `IO`
 */
export async function writeContent(path: string, content: string | Uint8Array): Promise<void> {
  await writeWhole(path, (file) => writeFile(file, content));
}

/** Copies the temporary file into an existing file, then removes it. */
async function copyInto(target: string, temporary: string, durable: boolean): Promise<void> {
  await copyFile(temporary, target);
  if (durable) await syncPath(target);
  await rm(temporary);
}

/**
 * Finds out that a file cannot be written, before long work is done for it.
 *
 * @throws {GmmError} `IO`
 */
export async function checkWritable(path: string): Promise<void> {
  try {
    const target = await resolveLinks(path);
    const status = await stat(target).catch(() => undefined);
    if (status?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR', syscall: 'open' });
    if (status) await access(target, constants.W_OK);
    if (!status || status.isFile()) await access(dirname(target), constants.W_OK);
  } catch (error) {
    throw explainSystemError('write', path, error);
  }
}

/**
 * Removes the temporary files that killed processes left next to a file. Call it only if nobody else writes the file.
 */
export async function removeLeftBeside(target: string): Promise<void> {
  const folder = dirname(target);
  const left = (await readdir(folder)).filter((name) => name.startsWith(prefixFor(target)));
  for (const name of left) await rm(join(folder, name), { force: true });
}

function prefixFor(target: string): string {
  return `.parallel-gmm-${createHash('sha256').update(basename(target)).digest('hex').slice(0, 8)}-`;
}

/** A name that cannot be predicted, so that nobody can place a link there. */
function temporaryFor(target: string): string {
  return join(dirname(target), `${prefixFor(target)}${randomBytes(8).toString('hex')}.tmp`);
}

/** Creates an empty file with the permissions and the owner of the file that it will replace. */
async function createLike(path: string, before: Stats | undefined): Promise<void> {
  const handle = await open(path, 'wx', before ? before.mode & 0o700 : undefined);
  try {
    if (!before) return;
    const { uid, gid } = await handle.stat();
    const isOwned = (uid === before.uid && gid === before.gid) || (await own(handle, before));
    const mode = before.mode & 0o7777;
    // If the group differs, it gets the permissions of everybody.
    await handle.chmod(isOwned ? mode : (mode & 0o707) | ((mode & 0o007) << 3));
  } finally {
    await handle.close();
  }
}

async function own(handle: FileHandle, { uid, gid }: Stats): Promise<boolean> {
  return handle.chown(uid, gid).then(
    () => true,
    () => false,
  );
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * The content for a named pipe is written to a temporary file first, then copied: only the event loop can stop waiting for the
 * reader (open-stream.ts).
 */
async function writeInPlace(
  target: string,
  status: Stats,
  write: (path: string) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!status.isFIFO()) return write(target);
  const folder = await mkdtemp(join(tmpdir(), 'parallel-gmm-'));
  const forget = removeAtExit(folder);
  try {
    const whole = join(folder, 'whole');
    await write(whole);
    await pipeline(createReadStream(whole), await openPipeWriter(target, signal), { signal });
  } finally {
    await rm(folder, { recursive: true, force: true });
    forget();
  }
}
