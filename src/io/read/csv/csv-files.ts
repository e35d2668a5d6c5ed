/** Several CSV files as one table: columns are matched by name, and each file has its own dialect. */

import { describe, GmmError } from '../../../errors.js';
import type { InputFile } from '../../files/read-bytes.js';
import { describePath, type InputPath } from '../../files/system-errors.js';
import { namedFeatures } from '../../table/columns.js';
import type { DataNote } from '../../table/data-note.js';
import type { ReadOptions } from '../../table/table.js';
import { type CsvColumn, type CsvFile, type FileNote, openCsv } from './csv-file.js';

/** Files that are read as one table. */
export interface CsvFiles {
  files: readonly CsvFile[];
  /** Columns of the table, in the order of the first file. */
  columns: readonly CsvColumn[];
  notes: readonly DataNote[];
}

/**
 * @param path - the input as the caller wrote it, for messages
 * @throws {GmmError} `IO`, `INVALID_DATA`; the signal's reason
 */
export async function openCsvFiles(
  sources: readonly InputFile[],
  options: ReadOptions,
  path: InputPath,
): Promise<CsvFiles> {
  const all: CsvFile[] = [];
  for (const source of sources) all.push(await openCsv(source, options, options.signal));
  const files = all.filter(({ nSampled }) => nSampled > 0);
  if (files.length === 0) {
    // A missing column is reported before the missing rows.
    return { files: all.slice(0, 1), columns: all[0].columns, notes: [] };
  }
  const empty = all.filter(({ nSampled }) => nSampled === 0);
  const wanted = wantedNames(options);
  const names = files[0].columns.map(({ name }) => name);
  for (const file of files) {
    const there = new Set(file.columns.map(({ name }) => name));
    const missing = names.find((name) => !there.has(name) && (wanted?.includes(name) ?? true));
    if (missing === undefined) continue;
    const reason = `column ${describe(missing)} is not in every file; ${describePath(file.path)} lacks it`;
    throw new GmmError('INVALID_DATA', `cannot read ${describePath(path)}: ${reason}`, {
      column: missing,
      path: file.path,
    });
  }
  const common = names.filter((name) =>
    files.every((file) => file.columns.some((column) => column.name === name)),
  );
  const notes = [
    ...files.flatMap(({ path, notes }) => notes.map((note) => ({ path, note }))),
    ...files.flatMap((file) => noteExtra(file, files[0]).map((note) => ({ path: file.path, note }))),
    ...empty.map(({ path }) => ({ path, note: { level: 'loss', text: ' has no rows' } as const })),
  ];
  return { files, columns: common.map((name) => merge(files, name)), notes: joinNotes(notes) };
}

/** @returns names of the columns that are needed; undefined if all columns are needed */
function wantedNames(options: ReadOptions): string[] | undefined {
  const { sampleWeight, keep, sql } = options;
  const columns = namedFeatures(options);
  if (columns === undefined || sql !== undefined) return undefined;
  return [...columns, ...(sampleWeight === undefined ? [] : [sampleWeight]), ...(keep?.columns ?? [])];
}

function noteExtra(file: CsvFile, first: CsvFile): FileNote[] {
  const extra = file.columns.filter(({ name }) => first.columns.every((column) => column.name !== name));
  if (extra.length === 0) return [];
  const names = extra.map(({ name }) => describe(name)).join(', ');
  const text = ` has columns that ${describePath(first.path)} lacks, which are left out: ${names}`;
  return [{ level: 'loss', text }];
}

/** A column is numeric if it is numeric in every file. */
function merge(files: readonly CsvFile[], name: string): CsvColumn {
  const all = files.flatMap((file) => file.columns.filter((column) => column.name === name));
  const odd = all.find(({ numeric, reason }) => !numeric && reason !== 'empty');
  const values = all.filter(({ reason }) => reason !== 'empty');
  const types = new Set(values.map(({ type }) => type));
  const isNumber = [...types].every((type) => type === 'BIGINT' || type === 'DOUBLE');
  const type = types.size === 1 ? [...types][0] : types.size > 1 && isNumber ? 'DOUBLE' : 'VARCHAR';
  return {
    ...(odd ?? values[0] ?? all[0]),
    type,
    numeric: values.length > 0 && odd === undefined,
    pure: values.length > 0 && values.every(({ pure }) => pure),
  };
}

/** Joins equal notes: a hundred files with the same dialect need one note, not a hundred. */
function joinNotes(notes: readonly { path: string; note: FileNote }[]): DataNote[] {
  const groups = new Map<string, { path: string; note: FileNote; count: number }>();
  for (const { path, note } of notes) {
    const group = groups.get(note.text);
    if (group) group.count++;
    else groups.set(note.text, { path, note, count: 1 });
  }
  return Array.from(groups.values(), ({ path, note: { level, text }, count }) => {
    const more = `, and ${count - 1} more ${count === 2 ? 'file' : 'files'} likewise`;
    return { level, message: describePath(path) + text + (count === 1 ? '' : more) };
  });
}
