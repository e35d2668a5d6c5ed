/**
 * A file is there whole or not at all: it is written beside its place and moved there at the end.
 *
 * A file that is replaced leaves its permissions and, where that is allowed, its owner to the new one, and a symbolic
 * link to it stays. A file of several names (hard links) is not replaced: the new content is copied into it when it is
 * complete, so that all names keep to one file.
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

/** How a file is written. */
export interface WriteOptions {
  /** Whether the file is forced to the disk before it takes its place, to be whole even if the power fails. */
  durable?: boolean;
  /** Ends the wait for whoever reads a named pipe. */
  signal?: AbortSignal | undefined;
}

/**
 * @param path - where the file is to be; what is no file (`/dev/stdout`) is written in place
 * @param write - writes everything to the path it gets, where an empty file is
 * @throws {GmmError} `IO`; other errors of `write` as they are. In either case nothing is left behind
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
      // The name is safe when its folder is; some systems can't open folders.
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

/** Copies over a file that is there, and removes what was copied. */
async function copyInto(target: string, temporary: string, durable: boolean): Promise<void> {
  await copyFile(temporary, target);
  if (durable) await syncPath(target);
  await rm(temporary);
}

/**
 * Finds out before long work that its file cannot be written.
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
 * Removes what was left beside a file by a process that was killed while it wrote it. Only for whoever knows that
 * nobody else writes it.
 */
export async function removeLeftBeside(target: string): Promise<void> {
  const folder = dirname(target);
  const left = (await readdir(folder)).filter((name) => name.startsWith(prefixFor(target)));
  for (const name of left) await rm(join(folder, name), { force: true });
}

function prefixFor(target: string): string {
  return `.parallel-gmm-${createHash('sha256').update(basename(target)).digest('hex').slice(0, 8)}-`;
}

/** A name that cannot be foreseen, so that nobody can put a link there. */
function temporaryFor(target: string): string {
  return join(dirname(target), `${prefixFor(target)}${randomBytes(8).toString('hex')}.tmp`);
}

/** Makes an empty file, with the permissions and the owner of the one that it will replace. */
async function createLike(path: string, before: Stats | undefined): Promise<void> {
  const handle = await open(path, 'wx', before ? before.mode & 0o700 : undefined);
  try {
    if (!before) return;
    const { uid, gid } = await handle.stat();
    const isOwned = (uid === before.uid && gid === before.gid) || (await own(handle, before));
    const mode = before.mode & 0o7777;
    // Of another group, that group gets what everybody has.
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
 * A named pipe gets what was written elsewhere before: only the event loop can stop waiting for its reader
 * (open-stream.ts).
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
