/** Notes and warnings on standard error, unless `--quiet`. */

import type { DataNote, FitMethod, FitResult, SearchEffort } from '../../index.js';
import { isDoubtful } from '../../report/page/agreement.js';
import { nameFlags } from './flag-names.js';
import { formatMessage } from './message.js';
import { formatList } from './text.js';

/** So many names are listed; the rest is counted. */
const MOST_NAMES = 20;

export interface Voice {
  note(text: string): void;
  warn(text: string): void;
  /** Notes about data; losses are shown even with `--quiet`. */
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
      for (const { level, message, parts = [message] } of notes) {
        const text = nameFlags(parts);
        if (level === 'loss') say('warning', text);
        else (level === 'note' ? note : warn)(text);
      }
    },
  };
}

/** Data that notes are shown about. */
interface ToldData {
  readonly columns: readonly string[];
  readonly notes: readonly DataNote[];
}

/** Before a fit: which columns are used and which are left out, and doubts about the data. */
export function noteFitData(voice: Voice, data: ToldData): void {
  noteUsed(voice, data.columns);
  voice.tell(data.notes);
}

/**
 * Before a model is applied to rows: how they were read. Columns are named only if they are not those of the model.
 *
 * @param wanted - names of the model's columns
 */
export function noteModelData(voice: Voice, data: ToldData, wanted: readonly string[]): void {
  if (data.columns.some((name, a) => name !== wanted[a])) noteUsed(voice, data.columns);
  voice.tell(data.notes.filter(({ columns }) => columns === undefined));
}

function noteUsed(voice: Voice, columns: readonly string[]): void {
  voice.note(`columns used: ${formatList(columns.slice(0, MOST_NAMES), ', ')}${andMore(columns.length)}`);
}

function andMore(count: number): string {
  return count > MOST_NAMES ? ` and ${count - MOST_NAMES} more` : '';
}

export function warnUnconverged(voice: Voice, nIterations: number): void {
  voice.warn(`not converged after ${nIterations} iterations; raise --max-iter or --tol`);
}

/** After a fit that converged where few other starts end: how to search longer. */
export function noteDoubt(
  voice: Voice,
  { converged, restarts }: Pick<FitResult, 'converged' | 'restarts'>,
  search: SearchEffort | undefined,
  method?: FitMethod | undefined,
): void {
  // Most starts of a variational fit are left behind after a few passes, so their ends tell nothing.
  if (!converged || search === 'thorough' || method === 'variational' || !isDoubtful(restarts)) return;
  voice.note('few starts agree; --search thorough or more starts (--n-init) may find a better solution');
}
