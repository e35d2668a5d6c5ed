/** A file is there whole or not at all: it is written beside its place and moved there at the end. */

import { randomBytes } from 'node:crypto';
import { realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeAtExit } from './leftovers.js';
import { explainSystemError } from './system-errors.js';

/**
 * @param path - where the file is to be; a link stays one, and what is no file (`/dev/stdout`) is written in place
 * @param write - writes everything to the path it gets
 * @throws {GmmError} `IO`; other errors of `write` as they are. In either case nothing is left behind
 */
export async function writeWhole(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  try {
    const target = await realpath(path).catch(() => path);
    const status = await stat(target).catch(() => undefined);
    if (status && !status.isFile()) return await write(target);
    const temporary = join(dirname(target), `.parallel-gmm-${randomBytes(4).toString('hex')}.tmp`);
    const forget = removeAtExit(temporary);
    try {
      await write(temporary);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    } finally {
      forget();
    }
  } catch (error) {
    throw explainSystemError('write', path, error);
  }
}
