/**
 * Copies a stream to a temporary file, for readers that read the beginning twice.
 *
 * On Linux the file is unlinked as soon as it is open, and reached through /proc, so its space is freed however the process
 * ends. On other systems the file is removed when the process exits.
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
 * @param name - name of the file, whose extension gives the format
 * @param path - the stream as the caller wrote it, for messages
 * @param signal - ends it
 * @returns the file; nothing is left behind if the stream fails
 * @throws {GmmError} `IO`, also if the disk is nearly full; `INVALID_DATA` for a stream of binary zeros; the signal's reason
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

/** So many bytes at the beginning must have no zero, unless the format is binary. */
const LOOKED_AT = 1 << 16;

/** First bytes of the readable formats that may contain zeros: .npy, Parquet, gzip, zstd, UTF-16. */
const BINARY = ['\x93NUMPY', 'PAR1', '\x1f\x8b', '\x28\xb5\x2f\xfd', '\xff\xfe', '\xfe\xff'];

/** Passes bytes on, but refuses the endless zeros of a device like /dev/zero. */
async function* refuseZeros(chunks: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  let beginning = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (beginning.length < LOOKED_AT) {
      beginning = Buffer.concat([beginning, chunk.subarray(0, LOOKED_AT)]);
      const text = beginning.toString('latin1', 0, 16);
      if (beginning.includes(0) && !BINARY.some((magic) => text.startsWith(magic))) {
        const message = `cannot read ${describePath(path)}: it holds binary zeros but is not a .npy, Parquet or gzip file`;
        throw new GmmError('INVALID_DATA', message, { path });
      }
    }
    yield chunk;
  }
}

/** The free space is checked whenever so many bytes were copied. */
const LOOK_EVERY = 1 << 24;

/** Space that stays free for others: 5 % of the file system, at most 1 GiB. */
const LEFT_SHARE = 0.05;
const MOST_LEFT = 1 << 30;

/** Passes bytes on while there is enough free space. */
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
