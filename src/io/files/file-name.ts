/** A path as the caller wrote it → the name of a file. */

import { fileURLToPath } from 'node:url';
import { compose, describe, GmmError, invalidOption, subject } from '../../errors.js';

/** URLs of anything but local files. */
const REMOTE = /^(https?|ftps?|s3|gs|data|blob):/i;

/**
 * @param path - a name, or a `file:` URL
 * @returns the name of a file for the file system
 * @throws GmmError INVALID_OPTION
 */
export function resolveFile(path: unknown): string {
  const text = path instanceof URL ? path.href : path;
  const file = path instanceof URL ? toFileName(path) : path;
  if (typeof file === 'string' && !REMOTE.test(file)) {
    if (file !== '' && !file.includes('\0')) return file;
  } else if (typeof text === 'string') {
    const message = compose`${subject('path')} must be a file of this machine, got ${describe(text)}; download it first`;
    throw new GmmError('INVALID_OPTION', message, { option: 'path', path: text });
  }
  throw invalidOption('path', 'the name of a file or a file: URL', text);
}

/** @returns undefined if the URL is not that of a local file */
function toFileName(url: URL): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}
