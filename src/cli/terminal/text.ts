/** Numbers, names and tables as text: six significant digits, aligned columns, no colours. */

import { escapeControls, hasControls } from '../../io/write/escape-controls.js';

export { escapeControls };

/** So many characters of a name or path are shown. */
const LONGEST_NAME = 60;

/** Cells are aligned left, or right with their decimal points in line. */
export type Alignment = 'left' | 'right';

/** @returns six significant digits, `-0.940609`, `79.9685`, `1.23457e-9` */
export function formatNumber(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  if (magnitude < -4 || magnitude > 8) return value.toExponential(5);
  return value.toFixed(Math.max(1, 5 - magnitude));
}

/** `1 row`, `272 rows` */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** A name, quoted if it has control characters or is empty; a long name is cut. */
export function formatName(name: string): string {
  return quoteIfNeeded(name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name);
}

/** The same for a path, whose beginning is cut: `…/tail/of/path.csv`. */
export function formatPath(path: string): string {
  if (path.length <= LONGEST_NAME) return quoteIfNeeded(path);
  const tail = path.slice(-LONGEST_NAME);
  const folder = tail.search(/[/\\]/);
  return quoteIfNeeded(`…${folder >= 0 ? tail.slice(folder) : tail}`);
}

function quoteIfNeeded(text: string): string {
  return hasControls(text) || text === '' ? escapeControls(JSON.stringify(text)) : text;
}

/** Names separated by commas, as `--columns` takes them: a name with a comma, a quote or outer spaces is quoted. */
export function formatList(names: readonly string[], separator = ','): string {
  return names
    .map((name) => (/[",]|^\s|\s$|^$/.test(name) ? `"${name.replaceAll('"', '""')}"` : name))
    .join(separator);
}

/** A word for a POSIX shell, in single quotes if needed. */
export function shellWord(word: string): string {
  return /^[\w./,:=+@%-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * @param rows - cells; every row has the same number; the first row may be a header
 * @param alignments - one per column; the last one also applies to further columns
 * @returns lines, with two spaces between columns
 */
export function formatTable(
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[],
  indent = '',
): string[] {
  const columns = rows[0].map((_, j) => {
    const cells = rows.map((row) => row[j]);
    const isRight = (alignments[j] ?? alignments.at(-1)) === 'right';
    const level = isRight ? alignPoints(cells) : cells;
    const width = Math.max(...level.map((cell) => cell.length));
    return level.map((cell) => (isRight ? cell.padStart(width) : cell.padEnd(width)));
  });
  return rows.map((_, i) => (indent + columns.map((cells) => cells[i]).join('  ')).trimEnd());
}

/** Pads numbers with blanks at the end, so that their decimal points are in line. */
function alignPoints(cells: readonly string[]): string[] {
  const fractions = cells.map((cell) => /^-?\d+(\.\S*|e\S*)?$/.exec(cell)?.[1]?.length ?? 0);
  const longest = Math.max(...fractions);
  return cells.map((cell, i) => (/^-?\d/.test(cell) ? cell + ' '.repeat(longest - fractions[i]) : cell));
}
