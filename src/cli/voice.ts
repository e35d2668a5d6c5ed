/** What is said besides the result: notes and warnings on standard error, unless `--quiet`. */

import { escapeControls } from './text.js';

/** Names listed before the rest is counted. */
const MOST_NAMES = 20;

export interface Voice {
  note(text: string): void;
  warn(text: string): void;
}

export function createVoice(quiet: boolean | undefined): Voice {
  const say = (text: string) => {
    if (!quiet) process.stderr.write(`${escapeControls(text)}\n`);
  };
  return { note: (text) => say(`note: ${text}`), warn: (text) => say(`warning: ${text}`) };
}

/** Names the columns that were left out because nobody asked for them and they hold no numbers. */
export function noteSkipped(
  voice: Voice,
  { skipped }: { skipped: readonly { name: string; type: string }[] },
): void {
  if (skipped.length === 0) return;
  const names = skipped.slice(0, MOST_NAMES).map(({ name, type }) => `${JSON.stringify(name)} (${type})`);
  const more = skipped.length > MOST_NAMES ? ` and ${skipped.length - MOST_NAMES} more` : '';
  voice.note(`only numeric columns are used; left out: ${names.join(', ')}${more}`);
}

export function warnUnconverged(voice: Voice, nIterations: number): void {
  voice.warn(`not converged after ${nIterations} iterations; raise --max-iter or --tol`);
}
