/**
 * A lock: only one process at a time may use a file.
 *
 * The process that holds the lock listens on a local socket, whose name is derived from the file. On Linux and Windows the
 * system drops the name when the process ends, so nothing is left behind, however it ends. On other systems the name is a file
 * in the temporary folder; if its process is dead, nobody answers there.
 *
 * The lock does not exclude processes in other containers or on other machines.
 */

import { createHash } from 'node:crypto';
import { stat, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/**
 * @param file - an absolute path without links; the file need not exist
 * @returns a function that releases the lock; undefined if another call holds it
 */
export async function lockFile(file: string): Promise<(() => Promise<void>) | undefined> {
  const name = await socketNameOf(file);
  const server = await listen(name);
  if (server !== 'taken') return () => close(server);
  if (name.startsWith('\0') || process.platform === 'win32' || (await answers(name))) return undefined;
  await unlink(name).catch(() => undefined);
  const second = await listen(name);
  return second === 'taken' ? undefined : () => close(second);
}

/** Identifies the folder by device and inode: containers may have different folders with the same name. */
async function socketNameOf(file: string): Promise<string> {
  const folder = await stat(dirname(file), { bigint: true });
  const hash = createHash('sha256')
    .update(`${folder.dev}:${folder.ino}/${basename(file)}`)
    .digest('hex');
  const name = `parallel-gmm-${hash.slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

/** @returns the server; undefined if sockets are forbidden, as in some sandboxes; then there is no lock */
function listen(path: string): Promise<Server | undefined | 'taken'> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code === 'EADDRINUSE' ? 'taken' : undefined),
    );
    // Without `exclusive`, the processes of a cluster would share it. `unref`: it keeps no process alive.
    server.listen({ path, exclusive: true }, () => resolve(server)).unref();
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function close(server: Server | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (server) server.close(() => resolve());
    else resolve();
  });
}
