/** The bytes of a file, unpacked. */

import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { explainGzipError } from './gzip.js';

/** A file to be read. */
export interface InputFile {
  /** Absolute. */
  file: string;
  /** The same file as messages name it. */
  path: string;
  isPacked: boolean;
}

/**
 * Reads the bytes, unpacked.
 *
 * @throws {GmmError} `IO`, `INVALID_DATA`; the signal's reason
 */
export async function* readBytes(
  { file, path, isPacked }: InputFile,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const stream = createReadStream(file, { highWaterMark: 1 << 20, signal });
  const bytes = isPacked ? stream.pipe(createGunzip({ chunkSize: 1 << 18 })) : stream;
  stream.on('error', (error) => bytes.destroy(error));
  try {
    for await (const chunk of bytes) yield chunk;
  } catch (error) {
    signal?.throwIfAborted();
    throw explainGzipError(path, error);
  } finally {
    stream.destroy();
    bytes.destroy();
  }
}
