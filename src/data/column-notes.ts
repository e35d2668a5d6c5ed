/**
 * Warns of columns that are doubtful as features. A mixture of Gaussians hardly describes running numbers, constants and
 * yes-or-no values, or labels and scores that come from a mixture.
 *
 * A column is read only until its values have refuted every doubt, mostly after a few rows; a doubtful column is read to
 * its end. 10⁷ rows of 8 columns take 0.1 ms, or 0.1 to 0.2 s if two columns are doubtful.
 */

import { compose, createNote, describe, setting } from '../errors.js';
import type { DataNote } from '../io/table/data-note.js';
import { isScoreName } from '../io/table/score-columns.js';
import type { SharedRows } from '../rows/shared-rows.js';

/** In fewer rows, two values or equal steps are no reason for doubt. */
const FEWEST_ROWS = 5;

/** Steps count as equal if they differ from the first by less than this fraction: times are often rounded. */
const STEP_TOLERANCE = 0.05;

/** Most names in a message; further names are counted. */
const MOST_NAMES = 10;

type Doubt = 'counts' | 'steps' | 'constant' | 'two values' | 'score';

/** A column and the doubt about it. */
interface DoubtfulColumn {
  readonly name: string;
  readonly doubt: Doubt;
  /** The values or the step that raise the doubt, for the message. */
  readonly detail: string;
}

/**
 * @param rows - all rows
 * @param columns - (d) names of the columns
 * @param areChosen - whether the caller named them as features, so that their names raise no doubt
 * @returns one warning about all doubtful columns; none without them
 */
export function noteColumns(rows: SharedRows, columns: readonly string[], areChosen: boolean): DataNote[] {
  const doubtful = columns.flatMap((name, a): DoubtfulColumn[] => {
    const found = examineColumn(rows, a);
    if (found) return [{ name, ...found }];
    return !areChosen && isScoreName(name) ? [{ name, doubt: 'score', detail: '' }] : [];
  });
  if (doubtful.length === 0) return [];
  const rest = columns.filter((name) => !doubtful.some((column) => column.name === name));
  const doubts = [...new Set(doubtful.map(({ doubt }) => doubt))];
  const reasons = doubts.map((doubt) => describeDoubt(doubtful.filter((column) => column.doubt === doubt)));
  const them = doubtful.length === 1 ? 'it' : 'them';
  const advice =
    rest.length > 0
      ? compose`leave ${them} out\n  ${setting('columns', rest)}`
      : 'a mixture of Gaussians hardly describes this';
  return [createNote('warning', compose`${reasons.join('; ')}; ${advice}`, rest)];
}

/** @returns the doubt about column `a`, undefined if there is none */
function examineColumn(rows: SharedRows, a: number): Omit<DoubtfulColumn, 'name'> | undefined {
  const { nSamples: n, nFeatures: d, chunks } = rows;
  if (n < 2) return undefined;
  const first = chunks[0][a];
  const step = (chunks[0].length > d ? chunks[0][d + a] : chunks[1][a]) - first;
  // The second distinct value; the first until there is a second.
  let second = first;
  let hasFewValues = true;
  let isRunning = n >= FEWEST_ROWS && step !== 0;
  let previous = first - step;
  for (const chunk of chunks) {
    for (let at = a; at < chunk.length; at += d) {
      const value = chunk[at];
      if (value !== first && value !== second) {
        if (second === first) second = value;
        else hasFewValues = false;
      }
      if (isRunning) isRunning = Math.abs(value - previous - step) <= STEP_TOLERANCE * Math.abs(step);
      if (!isRunning && !hasFewValues) return undefined;
      previous = value;
    }
  }
  if (isRunning) return describeStep(first, step);
  if (second === first) return { doubt: 'constant', detail: String(first) };
  const [low, high] = [Math.min(first, second), Math.max(first, second)];
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
