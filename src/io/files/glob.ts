/** A path or a glob → the files that it stands for. */

import { readdir, stat } from 'node:fs/promises';
import { join, parse, resolve, sep } from 'node:path';

/**
 * @param path - a file, or a glob
 * @returns absolute paths: the file, whether it is there or not, or those that match, sorted by name
 */
export async function matchFiles(path: string): Promise<string[]> {
  const file = resolve(path);
  return /[*?[]/.test(path) && !(await exists(file)) ? expandGlob(file) : [file];
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Level by level from the root: every segment of the pattern narrows or widens the list of paths. */
async function expandGlob(pattern: string): Promise<string[]> {
  const { root } = parse(pattern);
  let found = [root];
  for (const segment of pattern.slice(root.length).split(sep)) {
    if (segment === '**') {
      const below = await Promise.all(found.map(foldersBelow));
      found = below.flat();
    } else if (/[*?[]/.test(segment)) {
      const matcher = segmentMatcher(segment);
      const below = await Promise.all(found.map((folder) => entriesOf(folder, (name) => matcher.test(name))));
      found = below.flat();
    } else {
      found = found.map((folder) => join(folder, segment));
    }
  }
  const isFile = await Promise.all(
    found.map((path) =>
      stat(path).then(
        (s) => !s.isDirectory(),
        () => false,
      ),
    ),
  );
  return [...new Set(found.filter((_, i) => isFile[i]))].sort((a, b) => (a < b ? -1 : 1));
}

/** A folder that can't be listed has no entries: a glob finds what it may see. */
async function entriesOf(folder: string, wanted: (name: string) => boolean): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter(wanted).map((name) => join(folder, name));
}

async function foldersBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const below = await Promise.all(folders.map((entry) => foldersBelow(join(folder, entry.name))));
  return [folder, ...below.flat()];
}

/** As in a shell, `*` does not match the hidden files, whose names begin with a dot. */
function segmentMatcher(segment: string): RegExp {
  const source = segment.replace(/\[(!?)([^\]]+)\]|[*?]|[\\^$+.()|{}[\]]/g, (match, negated, members) => {
    if (members !== undefined) return `[${negated ? '^' : ''}${members.replace(/[\\^[]/g, '\\$&')}]`;
    if (match === '*') return '.*';
    return match === '?' ? '.' : `\\${match}`;
  });
  return new RegExp(`^${segment.startsWith('.') ? '' : '(?!\\.)'}${source}$`, 's');
}
