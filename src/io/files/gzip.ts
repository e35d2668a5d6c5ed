/** Whether a gzip file is whole. DuckDB takes one that was cut off for a shorter one, its last number cut off too. */

import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { GmmError } from '../../errors.js';
import { describePath, explainSystemError } from './system-errors.js';

/**
 * Unpacks the file to nowhere, off the main thread: some 0.8 s for 100 MB of text.
 *
 * @param file - what is read
 * @param path - the same as the caller wrote it, for messages
 * @param signal - ends it
 * @throws {GmmError} `INVALID_DATA` for a damaged file, `IO`; the signal's reason
 */
export async function checkGzip(file: string, path: string, signal?: AbortSignal): Promise<void> {
  const nowhere = new Writable({ highWaterMark: 1 << 20, write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(file), createGunzip({ chunkSize: 1 << 18 }), nowhere, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw explainGzipError(path, error);
  }
}

/** @returns a `GmmError` for a damaged file and for an error of the operating system; any other error as it came */
export function explainGzipError(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  if (!code.startsWith('Z_')) return explainSystemError('read', path, error);
  const reason = code === 'Z_BUF_ERROR' ? 'its end is missing' : 'it is no intact gzip file';
  return new GmmError('INVALID_DATA', `cannot read ${describePath(path)}: ${reason}`, { cause: error, path });
}
