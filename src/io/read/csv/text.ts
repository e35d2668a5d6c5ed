/** The bytes of a file → text. The encoding follows from the byte order mark or from the first bytes. */

import { GmmError } from '../../../errors.js';
import { type InputFile, readBytes } from '../../files/read-bytes.js';
import { describePath } from '../../files/system-errors.js';

/** The encoding of a text; a file that is neither UTF-8 nor UTF-16 is read as windows-1252, Latin letters of Western Europe. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Dialect and kinds of columns are decided from so many bytes: some thousand rows. */
const SAMPLE_BYTES = 1 << 18;

/** The beginning of a file. */
export interface Sample {
  text: string;
  encoding: Encoding;
  /** Whether this is the whole file. */
  isWhole: boolean;
}

/** Reads the beginning of a file. */
export async function readSample(source: InputFile, signal?: AbortSignal): Promise<Sample> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of readBytes(source, signal)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > SAMPLE_BYTES) break;
  }
  const isWhole = length <= SAMPLE_BYTES;
  const bytes = Buffer.concat(chunks).subarray(0, SAMPLE_BYTES);
  const encoding = encodingOf(bytes, isWhole);
  const text = new TextDecoder(encoding).decode(bytes, { stream: !isWhole });
  if (text.includes('\0')) {
    const what = bytes.toString('latin1', 0, 2) === 'PK' ? 'a ZIP archive, maybe a spreadsheet' : 'not text';
    throw new GmmError(
      'INVALID_DATA',
      `cannot read ${describePath(source.path)}: it is ${what}; save it as CSV`,
      { path: source.path },
    );
  }
  return { text, encoding, isWhole };
}

function encodingOf(bytes: Buffer, isWhole: boolean): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  // In UTF-16, every second byte of text in Latin letters is zero.
  const zeros = [0, 1].map((odd) => {
    let n = 0;
    for (let i = odd; i < Math.min(bytes.length, 1024); i += 2) if (bytes[i] === 0) n++;
    return n;
  });
  const half = Math.min(bytes.length, 1024) / 2;
  if (half >= 2 && zeros[1] > 0.7 * half && zeros[0] === 0) return 'utf-16le';
  if (half >= 2 && zeros[0] > 0.7 * half && zeros[1] === 0) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole });
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

/** Reads a whole file, piece by piece. */
export async function* readText(
  source: InputFile,
  encoding: Encoding,
  signal?: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let lines = 0;
  for await (const chunk of readBytes(source, signal)) {
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: true });
    } catch (cause) {
      throw notDecoded(source, chunk, lines, cause);
    }
    if (encoding === 'utf-8') lines += countNewlines(chunk);
    yield text;
  }
  yield decoder.decode();
}

function countNewlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

function notDecoded({ path }: InputFile, chunk: Buffer, lines: number, cause: unknown): GmmError {
  let line = lines;
  for (let at = 0; at < chunk.length; line++) {
    const end = chunk.indexOf(10, at) < 0 ? chunk.length : chunk.indexOf(10, at) + 1;
    const text = chunk.subarray(at, end);
    at = end;
    // The chunk may begin inside a character.
    if (line > lines && text.toString('utf8').includes('\ufffd')) break;
  }
  return new GmmError(
    'INVALID_DATA',
    `cannot read ${describePath(path)}: about line ${line + 1} it is not UTF-8, although its beginning is; convert it, for example with iconv`,
    { cause, path },
  );
}
