/**
 * Any file, pipe or device as a stream whose reading can be given up. Node reads files on threads of its own; one that
 * waits for the writer of a named pipe, or for a key, cannot be stopped, and keeps even `process.exit` waiting. So
 * named pipes and terminals are opened without waiting, and read by the event loop.
 */

import { close, constants, createReadStream, open } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { isatty, ReadStream as TerminalStream } from 'node:tty';
import { promisify } from 'node:util';

/**
 * @param path - of a file, a named pipe or a device
 * @returns its bytes, from the beginning; destroy it if it is not read to its end
 * @throws errors of the operating system, from here or while reading
 */
export async function openStream(path: string): Promise<Readable> {
  const status = await stat(path);
  if (!status.isFIFO() && !status.isCharacterDevice()) return createReadStream(path);
  const fd = await promisify(open)(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (status.isFIFO()) return new Socket({ fd, readable: true, writable: false });
  if (isatty(fd)) return new TerminalStream(fd);
  // Devices such as /dev/zero never wait, and some cannot be watched by an event loop.
  await promisify(close)(fd);
  return createReadStream(path);
}
