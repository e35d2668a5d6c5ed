/**
 * Doubts about columns, from the rows in memory: a mixture of Gaussians says little about a running number, a constant, a
 * yes or no, or about labels and scores that a mixture gave to the rows.
 *
 * A column is read until its values refute each doubt: most take a few rows, and only one that is doubtful indeed is read whole
 * (10⁷ rows of 8 columns: 0.1 ms; 0.1 to 0.2 s where two are doubtful).
 */

import { compose, createNote, describe, setting } from '../errors.js';
import type { DataNote } from '../io/table/data-note.js';
import { isScoreName } from '../io/table/score-columns.js';
import type { SharedRows } from '../rows/shared-rows.js';

/** Of fewer rows, two values or equal steps are nothing strange. */
const FEWEST_ROWS = 5;

/** Steps are equal if they differ by less than this share of the first: times are often rounded. */
const STEP_TOLERANCE = 0.05;

/** Names listed before the rest is counted. */
const MOST_NAMES = 10;

type Doubt = 'counts' | 'steps' | 'constant' | 'two values' | 'score';

/** A column, and what is doubtful about it. */
interface DoubtfulColumn {
  readonly name: string;
  readonly doubt: Doubt;
  /** The values or the step that the doubt is about. */
  readonly detail: string;
}

/**
 * @param rows - all of them
 * @param columns - (d) their names
 * @param areChosen - whether the caller named them as features, so that their names raise no doubt
 * @returns one warning, or nothing
 */
export function noteColumns(rows: SharedRows, columns: readonly string[], areChosen: boolean): DataNote[] {
  const doubtful = columns.flatMap((name, a): DoubtfulColumn[] => {
    const found = examineColumn(rows, a);
    if (found) return [{ name, ...found }];
    return !areChosen && isScoreName(name) ? [{ name, doubt: 'score', detail: '' }] : [];
  });
  if (doubtful.length === 0) return [];
  const others = columns.filter((name) => !doubtful.some((column) => column.name === name));
  const doubts = [...new Set(doubtful.map(({ doubt }) => doubt))];
  const said = doubts.map((doubt) => describeDoubt(doubtful.filter((column) => column.doubt === doubt)));
  const them = doubtful.length === 1 ? 'it' : 'them';
  const advice =
    others.length > 0
      ? compose`leave ${them} out\n  ${setting('columns', others)}`
      : 'a mixture of Gaussians hardly describes this';
  return [createNote('warning', compose`${said.join('; ')}; ${advice}`, others)];
}

function examineColumn(rows: SharedRows, a: number): Omit<DoubtfulColumn, 'name'> | undefined {
  const { nSamples: n, nFeatures: d, chunks } = rows;
  if (n < 2) return undefined;
  const first = chunks[0][a];
  const step = (chunks[0].length > d ? chunks[0][d + a] : chunks[1][a]) - first;
  // The second value that was seen; until then the first.
  let other = first;
  let hasFewValues = true;
  let isRunning = n >= FEWEST_ROWS && step !== 0;
  let previous = first - step;
  for (const chunk of chunks) {
    for (let at = a; at < chunk.length; at += d) {
      const value = chunk[at];
      if (value !== first && value !== other) {
        if (other === first) other = value;
        else hasFewValues = false;
      }
      if (isRunning) isRunning = Math.abs(value - previous - step) <= STEP_TOLERANCE * Math.abs(step);
      if (!isRunning && !hasFewValues) return undefined;
      previous = value;
    }
  }
  if (isRunning) return describeStep(first, step);
  if (other === first) return { doubt: 'constant', detail: String(first) };
  const [low, high] = [Math.min(first, other), Math.max(first, other)];
  return n < FEWEST_ROWS ? undefined : { doubt: 'two values', detail: `${low} and ${high}` };
}

function describeStep(first: number, step: number): Omit<DoubtfulColumn, 'name'> {
  if (step === 1 && (first === 0 || first === 1)) {
    return { doubt: 'counts', detail: `${first}, ${first + 1}, ${first + 2}, …` };
  }
  const size = Number(Math.abs(step).toPrecision(3));
  return { doubt: 'steps', detail: `${step > 0 ? 'rises' : 'falls'} by ${size}` };
}

/** @param columns - at least one, all with the same doubt */
function describeDoubt(columns: readonly DoubtfulColumn[]): string {
  const [{ doubt, detail }] = columns;
  const shown = columns.slice(0, MOST_NAMES).map(({ name }) => describe(name));
  const more = columns.length > MOST_NAMES ? ` and ${columns.length - MOST_NAMES} more` : '';
  const names = shown.join(', ') + more;
  if (columns.length === 1) {
    return `column ${names} ${
      {
        counts: `counts the rows (${detail})`,
        steps: `${detail} from row to row, as a running number or a time does`,
        constant: `is ${detail} in every row`,
        'two values': `has only the values ${detail}`,
        score: 'has the name of a label or score that a mixture gives to rows',
      }[doubt]
    }`;
  }
  return `columns ${names} ${
    {
      counts: `count the rows (${detail})`,
      steps: 'change by the same step from row to row, as a running number or a time does',
      constant: 'have the same value in every row',
      'two values': 'have only two values each',
      score: 'have names of labels or scores that a mixture gives to rows',
    }[doubt]
  }`;
}
