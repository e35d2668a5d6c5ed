/**
 * Limits the depth of nested JSON. DuckDB's JSON functions are recursive: a file of some kilobytes can overflow the stack of its
 * threads, which kills the process. So the depth is checked before DuckDB sees the values: JSON files are read once, and text in
 * other columns is checked inside the query that treats it as JSON.
 */

import { GmmError } from '../../../errors.js';
import type { InputFormat } from '../../files/content.js';
import { type InputFile, readBytes } from '../../files/read-bytes.js';
import { describePath } from '../../files/system-errors.js';
import { quoteName, quoteText } from '../../table/quote-sql.js';
import type { Database } from '../duckdb/database.js';

/**
 * Levels of arrays and objects. The cast to VARIANT needs most: up to 1.7 KB of stack per level. Threads have 8 MB on Linux but
 * 512 KB on macOS.
 */
const MOST_LEVELS = 256;

const [QUOTE, BACKSLASH, LINE_FEED] = [0x22, 0x5c, 0x0a];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Reads the file once, without DuckDB: 0.2 s for 100 MB.
 *
 * @param signal - stops reading
 * @throws {GmmError} `INVALID_DATA` if values are nested too deeply, `IO`; the signal's reason
 */
export async function checkJsonDepth(file: InputFile, signal?: AbortSignal): Promise<void> {
  const scanner = createDepthScanner();
  for await (const chunk of readBytes(file, signal)) {
    if (scanner.deepest(chunk) <= MOST_LEVELS) continue;
    throw new GmmError(
      'INVALID_DATA',
      `cannot read ${describePath(file.path)}: its arrays and objects are nested more than ${MOST_LEVELS} levels deep`,
      { path: file.path },
    );
  }
}

/**
 * Counts brackets outside strings. A line break ends a string, since valid JSON has none inside strings: in JSON lines, an
 * invalid line must not hide the next one. Surplus closing brackets are ignored.
 */
export function createDepthScanner() {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  let escaped = false;
  return {
    /** @returns the greatest depth so far, including this chunk */
    deepest(chunk: Uint8Array): number {
      for (let i = 0; i < chunk.length; i++) {
        const byte = chunk[i];
        if (byte === LINE_FEED) {
          inString = false;
          escaped = false;
        } else if (inString) {
          if (escaped) escaped = false;
          else if (byte === BACKSLASH) escaped = true;
          else if (byte === QUOTE) inString = false;
        } else if (byte === QUOTE) {
          inString = true;
        } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
          depth++;
          if (depth > deepest) deepest = depth;
        } else if ((byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) && depth > 0) {
          depth--;
        }
      }
      return deepest;
    },
  };
}

/** A query with one of these words may treat text as JSON, or convert it to nested values. */
const TREATS_JSON = /json|variant|->/i;

/** A query with such a function may read the input's files itself. */
const READS_FILES = /\bread_/i;

/** @returns whether the query may read the bytes of the input as JSON, bypassing the view `input` */
export function mayReadJson(format: InputFormat, sql: string | undefined): boolean {
  if (format === 'json') return true;
  return format === 'csv' && sql !== undefined && TREATS_JSON.test(sql) && READS_FILES.test(sql);
}

/** Types of columns that hold JSON as text. */
const TEXT_TYPE = /^(VARCHAR|JSON)$/;

/**
 * If the query may treat text as JSON, makes the views of the input refuse text that is nested too deeply.
 *
 * @param sql - the caller's query
 */
export async function guardJson(database: Database, sql: string): Promise<void> {
  if (!TREATS_JSON.test(sql)) return;
  const reader = await database.connection.runAndReadAll(
    'select view_name from duckdb_views() where not internal',
  );
  for (const [view] of reader.getRows()) await guardView(database, String(view));
}

async function guardView({ connection }: Database, view: string): Promise<void> {
  const reader = await connection.runAndReadAll(`describe ${quoteName(view)}`);
  const texts = reader
    .getRowsJson()
    .filter(([, type]) => TEXT_TYPE.test(String(type)))
    .map(([name]) => quoteName(String(name)));
  if (texts.length === 0) return;
  const guarded = texts.map((name) => `${guardedText(name)} as ${name}`);
  const unguarded = quoteName(`unguarded ${view}`);
  await connection.run(`alter view ${quoteName(view)} rename to ${unguarded}`);
  await connection.run(
    `create view ${quoteName(view)} as select * replace (${guarded.join(', ')}) from ${unguarded}`,
  );
}

/** Only text with many brackets is checked in detail; for other text the brackets are only counted. */
function guardedText(name: string): string {
  const text = `${name}::varchar`;
  const openings = `length(regexp_replace(${text}, '[^[{]', '', 'g'))`;
  const brackets = `regexp_replace(${text}, '"(\\\\.|[^"\\\\])*"|[^][{}]', '', 'g')`;
  // Unusual names: a column of the same name would take precedence.
  const [step, sum] = [quoteName('parallel-gmm step'), quoteName('parallel-gmm sum')];
  const steps = `list_transform(string_split(${brackets}, ''), lambda ${step}:
    {depth: if(${step} in ('[', '{'), 1, -1), deepest: 0})`;
  const depth = `${sum}.depth + ${step}.depth`;
  const deepest = `list_reduce(${steps}, lambda ${sum}, ${step}:
    {depth: ${depth}, deepest: greatest(${sum}.deepest, ${depth})}).deepest`;
  const message = quoteText(`JSON in column ${name} is nested more than ${MOST_LEVELS} levels deep`);
  const isTooDeep = `case when ${openings} > ${MOST_LEVELS} then ${deepest} > ${MOST_LEVELS} else false end`;
  return `case when ${isTooDeep} then error(${message}) else ${name} end`;
}
