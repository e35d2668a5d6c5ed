/**
 * A stream → a temporary file, for readers that must look at the beginning twice.
 *
 * On Linux the file has no name while it is in use: it is reached by a link to the open file in /proc, and its space is
 * free again however the process ends. Elsewhere it is removed when the process exits.
 */

import { mkdtemp, open, rm, stat, statfs, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GmmError } from '../../errors.js';
import { removeAtExit } from './leftovers.js';
import { describePath, explainSystemError } from './system-errors.js';

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
 * @throws {GmmError} `IO`, also where the file would take the last space; `INVALID_DATA` for a stream of binary
 *   zeros; the signal's reason
 */
export async function spoolStream(
  stream: Readable,
  name: string,
  path: string,
  signal?: AbortSignal,
): Promise<Spool> {
  try {
    const spool = await createSpool(name);
    try {
      await pipeline(
        stream,
        (chunks: AsyncIterable<Buffer>) => refuseZeros(chunks, path),
        (chunks: AsyncIterable<Buffer>) => leaveSpace(chunks, path),
        async (chunks: AsyncIterable<Buffer>) => {
          for await (const chunk of chunks) await spool.handle.appendFile(chunk);
        },
        { signal },
      );
      return { path: spool.path, remove: spool.remove };
    } catch (error) {
      await spool.remove();
      throw error;
    }
  } catch (error) {
    stream.destroy();
    signal?.throwIfAborted();
    const reading = (error as NodeJS.ErrnoException).syscall === 'read';
    throw reading ? explainSystemError('read', path, error) : explainSystemError('write', tmpdir(), error);
  }
}

async function createSpool(name: string) {
  const folder = await mkdtemp(join(tmpdir(), 'parallel-gmm-'));
  const forget = removeAtExit(folder);
  const file = join(folder, name);
  const handle = await open(file, 'wx+', 0o600);
  const remove = async () => {
    await handle.close();
    await rm(folder, { recursive: true, force: true });
    forget();
  };
  const byDescriptor = `/proc/self/fd/${handle.fd}`;
  const [itself, found] = await Promise.all([handle.stat(), stat(byDescriptor).catch(() => undefined)]);
  if (found && found.ino === itself.ino && found.dev === itself.dev) {
    await unlink(file);
    await symlink(byDescriptor, file);
  }
  return { path: file, handle, remove };
}

/** Bytes at the beginning in which text has no zero. */
const LOOKED_AT = 1 << 16;

/** What files that hold zeros and can be read begin with: .npy, Parquet, gzip, zstd, UTF-16. */
const BINARY = ['\x93NUMPY', 'PAR1', '\x1f\x8b', '\x28\xb5\x2f\xfd', '\xff\xfe', '\xfe\xff'];

/** Passes bytes on, unless they are the zeros of a device like /dev/zero, which never end. */
async function* refuseZeros(chunks: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  let beginning = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (beginning.length < LOOKED_AT) {
      beginning = Buffer.concat([beginning, chunk.subarray(0, LOOKED_AT)]);
      const text = beginning.toString('latin1', 0, 16);
      if (beginning.includes(0) && !BINARY.some((magic) => text.startsWith(magic))) {
        const message = `cannot read ${describePath(path)}: it holds binary zeros, and is no .npy, Parquet or gzip file`;
        throw new GmmError('INVALID_DATA', message, { path });
      }
    }
    yield chunk;
  }
}

/** Bytes between two looks at the space that is free. */
const LOOK_EVERY = 1 << 24;

/** Space that is left to others: 5 % of the file system, at most 1 GiB. */
const LEFT_SHARE = 0.05;
const MOST_LEFT = 1 << 30;

/** Passes bytes on as long as there is space for more. */
async function* leaveSpace(chunks: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  let copied = 0;
  let nextLook = 0;
  for await (const chunk of chunks) {
    copied += chunk.length;
    if (copied >= nextLook) {
      nextLook = copied + LOOK_EVERY;
      const { bavail, blocks, bsize } = await statfs(tmpdir());
      if (bavail * bsize < Math.min(MOST_LEFT, LEFT_SHARE * blocks * bsize)) {
        const megabytes = Math.round(copied / 1e6);
        const message = `cannot read ${describePath(path)}: its copy in ${describePath(tmpdir())} has ${megabytes} MB, and that disk is almost full; free some space, or set TMPDIR to a folder with more`;
        throw new GmmError('IO', message, { path });
      }
    }
    yield chunk;
  }
}
