/** What is said besides the result: notes and warnings on standard error, unless `--quiet`. */

import type { DataNote } from '../index.js';
import { formatMessage } from './message.js';

export interface Voice {
  note(text: string): void;
  warn(text: string): void;
  /** Remarks about data; losses are told even if quiet. */
  tell(notes: readonly DataNote[]): void;
}

export function createVoice(quiet: boolean | undefined): Voice {
  const say = (level: 'note' | 'warning', text: string) => process.stderr.write(formatMessage(level, text));
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

/** Tells how data were read. */
export function noteData(voice: Voice, { notes }: { notes: readonly DataNote[] }): void {
  voice.tell(notes);
}

export function warnUnconverged(voice: Voice, nIterations: number): void {
  voice.warn(`not converged after ${nIterations} iterations; raise --max-iter or --tol`);
}
