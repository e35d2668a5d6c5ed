/** Reads small text files, such as models, as a whole. */

import { constants } from 'node:buffer';
import { GmmError } from '../../errors.js';
import { openStream } from './open-stream.js';
import { describePath, explainSystemError } from './system-errors.js';

/** A string holds no more. */
const MOST_BYTES = constants.MAX_STRING_LENGTH;

/**
 * @param path - of a file or a named pipe
 * @returns its text, decoded from UTF-8
 * @throws {GmmError} `IO`
 */
export async function readTextFile(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of await openStream(path)) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MOST_BYTES) {
        throw new GmmError('IO', `cannot read ${describePath(path)}: it has more than ${MOST_BYTES} bytes`, {
          path,
        });
      }
    }
  } catch (error) {
    throw explainSystemError('read', path, error);
  }
  return Buffer.concat(chunks).toString('utf8');
}
