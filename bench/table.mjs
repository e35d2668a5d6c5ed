/** Figures as readable tables. */

/** A number with three significant digits, without an exponent. */
export function short(value, digits = 3) {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(decimals, 12));
}

export const percent = (share) => `${(100 * share).toFixed(0)} %`;
export const times = (ratio) => (Number.isFinite(ratio) ? `${short(ratio)}×` : '–');
export const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;

/** 1000000 → 1e6, 500000 → 5e5; a number without four final zeros stays as it is. */
export function count(n) {
  const zeros = /0*$/.exec(String(n))[0].length;
  return zeros >= 4 ? `${n / 10 ** zeros}e${zeros}` : String(n);
}

/**
 * @param header - names of the columns
 * @param rows - strings; the first column is aligned left, all further columns right
 */
export function formatTable(title, header, rows) {
  const lines = [header, ...rows];
  const widths = header.map((_, c) => Math.max(...lines.map((line) => line[c].length)));
  const format = (line) =>
    line
      .map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [`${title}\n`, format(header), rule, ...rows.map(format), ''].join('\n');
}
