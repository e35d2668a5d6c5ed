/**
 * A checkpoint as text. Its numbers come back to the last bit, and a checksum detects damage.
 *
 *   line        | content
 *   1           | {"format", "version", "sha256": checksum of all later lines}
 *   2           | identity: the call, its options and its data
 *   3, 4, …     | ["name", value kept under it]
 *
 * JSON has no Float64Arrays, NaN, infinities or −0. They are {"$float64": base64, little endian} and {"$number": "NaN"}.
 */

import { createHash } from 'node:crypto';

const FORMAT = 'parallel-gmm checkpoint';

/** Raise it with every change after which old files could be read wrongly. */
const VERSION = 2;

/** @returns one line of JSON */
export function encodeValue(value: unknown): string {
  return JSON.stringify(value, (_, part) => {
    if (part instanceof Float64Array) {
      return { $float64: Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('base64') };
    }
    if (typeof part === 'number' && (!Number.isFinite(part) || Object.is(part, -0))) {
      return { $number: Object.is(part, -0) ? '-0' : String(part) };
    }
    return part;
  });
}

export function decodeValue(text: string): unknown {
  return JSON.parse(text, (_, part) => {
    if (typeof part?.$float64 === 'string') {
      return new Float64Array(new Uint8Array(Buffer.from(part.$float64, 'base64')).buffer);
    }
    if (typeof part?.$number === 'string') return Number(part.$number);
    return part;
  });
}

function headerOf(body: string): string {
  const sha256 = createHash('sha256').update(body).digest('hex');
  return JSON.stringify({ format: FORMAT, version: VERSION, sha256 });
}

/** @param lines - identity, then entries, each encoded */
export function composeCheckpoint(lines: readonly string[]): string {
  const body = `${lines.join('\n')}\n`;
  return `${headerOf(body)}\n${body}`;
}

/** @returns identity, then entries, each encoded; undefined if the text is damaged, of another version or no checkpoint */
export function parseCheckpoint(text: string): string[] | undefined {
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  if (end < 0 || text.slice(0, end) !== headerOf(body)) return undefined;
  return body.trimEnd().split('\n');
}
