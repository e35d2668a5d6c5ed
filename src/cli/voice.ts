/** What is said besides the result: notes and warnings on standard error, unless `--quiet`. */

import type { DataNote } from '../index.js';
import { escapeControls } from './text.js';

/** Names listed before the rest is counted. */
const MOST_NAMES = 20;

export interface Voice {
  note(text: string): void;
  warn(text: string): void;
  /** Remarks about data; losses are told even if quiet. */
  tell(notes: readonly DataNote[]): void;
}

export function createVoice(quiet: boolean | undefined): Voice {
  const say = (level: 'note' | 'warning', text: string) =>
    process.stderr.write(`${level}: ${escapeControls(text)}\n`);
  const unlessQuiet = (level: 'note' | 'warning') => (text: string) => {
    if (!quiet) say(level, text);
  };
  const [note, warn] = [unlessQuiet('note'), unlessQuiet('warning')];
  return {
    note,
    warn,
    tell(notes) {
      for (const { level, message } of notes) {
        if (level === 'loss') say('warning', message);
        else (level === 'note' ? note : warn)(message);
      }
    },
  };
}

/** Tells how data were read, and names the columns that were left out because nobody asked for them and they hold no numbers. */
export function noteData(
  voice: Voice,
  { skipped, notes }: { skipped: readonly { name: string; type: string }[]; notes: readonly DataNote[] },
): void {
  voice.tell(notes);
  if (skipped.length === 0) return;
  const names = skipped.slice(0, MOST_NAMES).map(({ name, type }) => `${JSON.stringify(name)} (${type})`);
  const more = skipped.length > MOST_NAMES ? ` and ${skipped.length - MOST_NAMES} more` : '';
  voice.note(`only numeric columns are used; left out: ${names.join(', ')}${more}`);
}

export function warnUnconverged(voice: Voice, nIterations: number): void {
  voice.warn(`not converged after ${nIterations} iterations; raise --max-iter or --tol`);
}
