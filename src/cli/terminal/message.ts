/** What the library says, for a shell: options become flags that can be pasted, and every line is a line. */

import { FLAG_OF } from './flag-names.js';
import { escapeControls } from './text.js';

/** An option as one writes it in a program: `  columns: ["a", "b"]`. */
const REMEDY = /^ {2}(\w+): (.+)$/;

/**
 * @param level - the word before the message
 * @param message - further lines say what to do
 * @returns lines for standard error, the further ones indented
 */
export function formatMessage(level: string, message: string): string {
  const [first, ...more] = message.trim().split(/\s*\n/);
  const lines = more.map((line) => `  ${toFlag(line) ?? escapeControls(line)}`);
  return [`${level}: ${escapeControls(first)}`, ...lines].map((line) => `${line}\n`).join('');
}

/** @returns the flag that does what the line says, quoted for a shell; undefined for a line of another kind */
function toFlag(line: string): string | undefined {
  const [, name, json] = REMEDY.exec(line) ?? [];
  if (name === undefined || FLAG_OF[name] === undefined) return undefined;
  const value = parseJson(json);
  if (value === undefined) return undefined;
  if (value === true) return `  ${FLAG_OF[name]}`;
  if (value === false) return `  ${FLAG_OF[name].replace('--', '--no-')}`;
  const text = Array.isArray(value) ? value.map(quoteItem).join(',') : String(value);
  return `  ${FLAG_OF[name]} ${quoteForShell(text)}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A name in a list with commas between, as `parseList` reads it. */
function quoteItem(name: string): string {
  return /^[^",\s]+$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** As a POSIX shell reads it; what would steer the terminal as bash and zsh read it. */
function quoteForShell(text: string): string {
  if (/^[\w./,:=+-]+$/.test(text)) return text;
  if (escapeControls(text) === text) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = escapeControls(
    text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t'),
  );
  return `$'${escaped}'`;
}
