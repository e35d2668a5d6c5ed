/** Text from files, made safe to show. */

/**
 * Control characters, line ends and the marks that reverse the reading direction become spaces. Characters that
 * XML 1.0 does not allow become U+FFFD.
 *
 * @param text - any text, e.g. a column name from a file
 * @param maxLength - longer text is cut and ends with an ellipsis
 * @returns one line, not escaped
 */
export function cleanText(text: string, maxLength = 200): string {
  const line = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(/[\p{Surrogate}\ufffe\uffff]/gu, '\ufffd')
    .trim();
  const letters = Array.from(line);
  return letters.length > maxLength ? `${letters.slice(0, maxLength - 1).join('')}…` : line;
}
