/** Where a path leads. */

import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** Linux follows as many links in a row. */
const MOST_LINKS = 40;

/**
 * @param path - of a file that may not exist yet
 * @returns its absolute path without links; for a dangling link, the path that it points to
 */
export async function resolveLinks(path: string): Promise<string> {
  let target = resolve(path);
  for (let followed = 0; followed < MOST_LINKS; followed++) {
    const found = await realpath(target).catch(() => undefined);
    if (found !== undefined) return found;
    const folder = await realpath(dirname(target)).catch(() => dirname(target));
    target = join(folder, basename(target));
    const link = await readlink(target).catch(() => undefined);
    if (link === undefined) return target;
    target = resolve(folder, link);
  }
  return target;
}
