/** The number of rows written so far, on standard error: a line that counts up on a terminal, otherwise a line every few seconds. */

import type { Screen } from './progress.js';

/** Before this time, and between two counts on a terminal and elsewhere. */
const FIRST_AFTER_MS = 300;
const COUNT_EVERY_MS = 100;
const LINE_EVERY_MS = 5000;

const CLEAR_LINE = '\x1b[K';

/** Counts the rows written so far; their total is not known before the end. */
export interface RowCounter {
  count(nRows: number): void;
  /** Removes the count; may be called again. */
  stop(): void;
}

export function createRowCounter(quiet: boolean | undefined): RowCounter {
  if (quiet) return { count: () => {}, stop: () => {} };
  const counter = createRowCounterOn(process.stderr);
  process.once('exit', counter.stop);
  return counter;
}

export function createRowCounterOn(screen: Screen): RowCounter {
  const isTerminal = screen.isTTY && process.env.TERM !== 'dumb';
  let total = 0;
  let next = performance.now() + (isTerminal ? FIRST_AFTER_MS : LINE_EVERY_MS);
  let shown = false;
  return {
    count(nRows) {
      total += nRows;
      const now = performance.now();
      if (now < next) return;
      next = now + (isTerminal ? COUNT_EVERY_MS : LINE_EVERY_MS);
      shown = true;
      screen.write(isTerminal ? `\r${CLEAR_LINE}${total} rows` : `${total} rows\n`);
    },
    stop() {
      if (isTerminal && shown) screen.write(`\r${CLEAR_LINE}`);
      shown = false;
    },
  };
}
