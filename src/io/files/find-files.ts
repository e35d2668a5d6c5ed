/** Paths and globs → files, and the format of the files, known by the extension or by the first bytes. */

import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { GmmError } from '../../errors.js';
import { type Content, type InputFormat, recogniseContent } from './content.js';
import { matchFiles } from './glob.js';
import { describePath, explainSystemError, type InputPath, onePath } from './system-errors.js';

/** A format is recognised by so many bytes; text may begin with blanks. */
const FIRST_BYTES = 1024;

/**
 * @param path - a file name
 * @returns the format by the extension, without `.gz`; undefined for an unknown extension
 */
export function formatOf(path: string): InputFormat | undefined {
  const name = path.toLowerCase().replace(/\.gz$/, '');
  if (/\.(parquet|pq)$/.test(name)) return 'parquet';
  if (/\.(json|jsonl|ndjson)$/.test(name)) return 'json';
  if (/\.(csv|tsv|tab)$/.test(name)) return 'csv';
  return name.endsWith('.npy') ? 'npy' : undefined;
}

/**
 * Finds the files of an input. A file with exactly this name takes precedence over the glob: `a[1].csv` is itself if it exists.
 *
 * @param path - a file, or a glob with `*`, `?`, `[…]` or `**`; or several of these, whose files keep that order
 * @returns `files`: absolute paths of readable files, at least one, the files of a glob sorted by name; their common `format`;
 *   `isStream`: whether the input is a single pipe or device, which can be read only once
 * @throws {GmmError} `IO` if there is no file or it can't be read, `INVALID_OPTION` if the formats differ
 */
export async function findFiles(
  path: InputPath,
): Promise<{ files: string[]; format: InputFormat; isStream: boolean }> {
  const found: { files: string[]; streams: boolean[] }[] = [];
  for (const each of typeof path === 'string' ? [path] : path) found.push(await findPath(each));
  const files = found.flatMap((each) => each.files);
  const isStream = found.some(({ streams }) => streams.includes(true));
  if (isStream && files.length > 1) {
    const stream = files[found.flatMap(({ streams }) => streams).indexOf(true)];
    throw new GmmError(
      'INVALID_OPTION',
      `${describePath(stream)} is a pipe or a device, which can't be one of several inputs`,
      { option: 'path', path: stream },
    );
  }
  if (isStream) return { files, format: formatOf(files[0]) ?? 'csv', isStream };
  const formats = new Set<InputFormat>();
  for (const file of files) formats.add(formatOf(file) ?? (await recogniseFile(file)).format);
  if (formats.size > 1) {
    const kinds = [...formats].join(', ');
    throw new GmmError(
      'INVALID_OPTION',
      typeof path === 'string'
        ? `${describePath(path)} matches files of several formats (${kinds}); name one kind, like "*.csv"`
        : `the inputs are of several formats (${kinds}); give files of one format`,
      { option: 'path', path: onePath(path) },
    );
  }
  return { files, format: [...formats][0], isStream };
}

async function findPath(path: string): Promise<{ files: string[]; streams: boolean[] }> {
  const files = await matchFiles(path);
  if (files.length === 0)
    throw new GmmError('IO', `cannot read ${describePath(path)}: no file matches`, { path });
  const streams: boolean[] = [];
  for (const file of files) {
    const name = files.length === 1 ? path : file;
    const status = await checkReadable(file).catch((error) => {
      throw explainSystemError('read', name, error);
    });
    if (status.isDirectory())
      throw new GmmError('IO', `cannot read ${describePath(name)}: it is a directory`, { path: name });
    streams.push(!status.isFile());
  }
  return { files, streams };
}

/** @returns the format of a file by its first bytes, and whether it is packed */
export async function recogniseFile(file: string): Promise<Content> {
  const handle = await open(file).catch((error) => {
    throw explainSystemError('read', file, error);
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(FIRST_BYTES), 0, FIRST_BYTES, 0);
    return recogniseContent(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

async function checkReadable(file: string) {
  const status = await stat(file);
  await access(file, constants.R_OK);
  return status;
}
