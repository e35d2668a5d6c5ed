/** Numbers and tables as text: six significant digits, columns in line, no colours. */

/** A column's cells stand left, or right with their decimal points in line. */
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

/** A name as it is, or quoted if it would break the line or steer the terminal. */
export function formatName(name: string): string {
  return /\p{C}/u.test(name) || name === '' ? JSON.stringify(name) : name;
}

/**
 * @param rows - cells, as many in every row; the first row may be a head
 * @param alignments - one a column; the last one stands for those that follow
 * @returns lines, columns two spaces apart
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

/** Numbers get blanks at their end, as many as the one with the longest fraction needs none. */
function alignPoints(cells: readonly string[]): string[] {
  const fractions = cells.map((cell) => /^-?\d+(\.\S*|e\S*)?$/.exec(cell)?.[1]?.length ?? 0);
  const longest = Math.max(...fractions);
  return cells.map((cell, i) => (/^-?\d/.test(cell) ? cell + ' '.repeat(longest - fractions[i]) : cell));
}
