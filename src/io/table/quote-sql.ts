/** Text, names and paths as SQL. */

/** @returns the text as an SQL string */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** @returns the name as an SQL identifier */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** @returns the path as an SQL string in which DuckDB's readers see no glob */
export function quotePath(path: string): string {
  return quoteText(path.replace(/[*?[]/g, '[$&]'));
}
