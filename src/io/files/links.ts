/** Where a path leads. */

import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** As many links, one to the next, as Linux follows. */
const MOST_LINKS = 40;

/**
 * @param path - of a file that is there or is to be made
 * @returns its absolute path without links; a link to a file that is missing leads to where that file would be
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
