/**
 * Files, pipes and devices as streams that can be abandoned.
 *
 * Node reads and writes files on threads of its own. A thread that waits for the other end of a named pipe, or for a key,
 * cannot be stopped, and even `process.exit` waits for it. Named pipes and terminals are therefore opened in non-blocking mode
 * and served by the event loop.
 */

import { close, constants, createReadStream, open } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { isatty, ReadStream as TerminalStream } from 'node:tty';
import { promisify } from 'node:util';

/**
 * @param path - of a file, a named pipe or a device
 * @returns its bytes from the beginning; destroy the stream if it is not read to its end
 * @throws errors of the operating system, at once or while reading
 */
export async function openStream(path: string): Promise<Readable> {
  const status = await stat(path);
  if (!status.isFIFO() && !status.isCharacterDevice()) return createReadStream(path);
  const fd = await promisify(open)(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (status.isFIFO()) return new Socket({ fd, readable: true, writable: false });
  if (isatty(fd)) return new TerminalStream(fd);
  // Devices such as /dev/zero never block, and an event loop cannot watch all of them.
  await promisify(close)(fd);
  return createReadStream(path);
}

/** Time between two attempts to open a named pipe that has no reader yet. */
const LOOK_EVERY_MS = 20;

/** @returns whether the path is that of a named pipe */
export async function isNamedPipe(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isFIFO(),
    () => false,
  );
}

/**
 * @param pipe - path of a named pipe
 * @param signal - ends the wait for its reader
 * @throws errors of the operating system; the signal's reason
 */
export async function openPipeWriter(pipe: string, signal: AbortSignal | undefined): Promise<Writable> {
  for (;;) {
    signal?.throwIfAborted();
    try {
      const fd = await promisify(open)(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
      return new Socket({ fd, readable: false, writable: true });
    } catch (error) {
      // ENXIO: the pipe has no reader yet.
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
    }
    await setTimeout(LOOK_EVERY_MS);
  }
}
