/**
 * A path or a glob → the files that it stands for.
 *
 * tinyglobby does the matching. Only `*`, `?`, `[…]` and `**` are special, and `**` enters no linked folder. Braces, parentheses
 * and a leading `!` stand for themselves.
 */

import { realpath, stat } from 'node:fs/promises';
import { dirname, join, parse, relative, resolve, sep } from 'node:path';
import { glob } from 'tinyglobby';

/** Characters that make a path a glob. */
const WILDCARD = /[*?[]/;

/**
 * @param path - a file, or a glob
 * @returns absolute paths: the file, whether it exists or not, or the files that match, sorted by name
 */
export async function matchFiles(path: string): Promise<string[]> {
  const file = resolve(path);
  return WILDCARD.test(path) && !(await exists(file)) ? expandGlob(file) : [file];
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function expandGlob(path: string): Promise<string[]> {
  const { folder, segments } = await splitGlob(path);
  const found = await glob(toPattern(segments), {
    cwd: folder,
    absolute: true,
    expandDirectories: false,
    braceExpansion: false,
    extglob: false,
  });
  const files = found.map((file) => resolve(file)).sort((a, b) => (a < b ? -1 : 1));
  return segments.includes('**') ? withoutLinkedFolders(files, folder) : files;
}

/** Through linked folders, `**` would find files twice, and their rows would count twice. Links to files stay. */
async function withoutLinkedFolders(files: readonly string[], folder: string): Promise<string[]> {
  const real = await realpath(folder).catch(() => folder);
  const direct = new Set<string>();
  for (const parent of new Set(files.map((file) => dirname(file)))) {
    if ((await realpath(parent)) === resolve(real, relative(folder, parent))) direct.add(parent);
  }
  return files.filter((file) => direct.has(dirname(file)));
}

/** Splits off the folder to search: leading segments without wildcards, and those that exist under exactly this name. */
async function splitGlob(path: string): Promise<{ folder: string; segments: string[] }> {
  const { root } = parse(path);
  const segments = path.slice(root.length).split(sep);
  let folder = root;
  while (segments.length > 1) {
    const next = join(folder, segments[0]);
    if (WILDCARD.test(segments[0]) && !(await exists(next))) break;
    folder = next;
    segments.shift();
  }
  return { folder, segments };
}

/** @returns a pattern for tinyglobby, in which every other special character is escaped */
export function toPattern(segments: readonly string[]): string {
  return segments.map(escapeSegment).join('/');
}

/**
 * A `[` without a `]` is an ordinary character, and so is everything inside brackets but `!` and `-`. A negated list at the
 * beginning of a name does not match the dot of a hidden file.
 */
function escapeSegment(segment: string): string {
  return segment.replace(/\[(!?)([^\]]+)\]|[^*?\w.\- ]/gu, (match, negated, members, at) => {
    if (members === undefined) return `\\${match}`;
    const list = members.replace(/[\\^[]/g, '\\$&');
    return negated ? `[^${at === 0 ? '.' : ''}${list}]` : `[${list}]`;
  });
}
