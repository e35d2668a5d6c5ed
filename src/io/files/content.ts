/** The format of a file by its first bytes. */

import { constants, gunzipSync } from 'node:zlib';

/** The formats that can be read. */
export type InputFormat = 'csv' | 'parquet' | 'json' | 'npy';

/** A format, and whether the file is packed with gzip. */
export interface Content {
  format: InputFormat;
  isPacked: boolean;
}

/** @param bytes - the beginning of the file: some hundred bytes, or all of it */
export function recogniseContent(bytes: Buffer): Content {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return { ...recogniseContent(unpack(bytes)), isPacked: true };
  const isMagic = (magic: string) => bytes.toString('latin1', 0, magic.length) === magic;
  if (isMagic('PAR1')) return { format: 'parquet', isPacked: false };
  if (isMagic('\x93NUMPY')) return { format: 'npy', isPacked: false };
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  // An object, or an array of objects or arrays; a name in brackets is CSV.
  const isJson = /^\s*(?:\{\s*["}]|\[\s*[[{])/.test(text);
  return { format: isJson ? 'json' : 'csv', isPacked: false };
}

/** Unpacks as many bytes as there are: the end of the file is usually missing. */
function unpack(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}
