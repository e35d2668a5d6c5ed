/** Lines for standard error: a level and a message, without control characters. */

import { escapeControls } from './text.js';

/**
 * @param level - the word before the message
 * @param message - its further lines say what to do
 * @returns lines; the further ones are indented
 */
export function formatMessage(level: string, message: string): string {
  const [first, ...more] = message.trim().split(/\s*\n/).map(escapeControls);
  return [`${level}: ${first}`, ...more.map((line) => `  ${line}`)].map((line) => `${line}\n`).join('');
}
