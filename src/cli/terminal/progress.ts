/**
 * How far a fit or a sweep is, on standard error: a bar for every running fit on a terminal, otherwise a line every
 * few seconds. Short runs show nothing. There are no colours to turn off.
 */

import type { MultiBar, SingleBar } from 'cli-progress';
import type { ProgressEvent } from '../../index.js';
import { createRunningFits } from './running-fits.js';
import { createTimeLeft } from './time-left.js';

/** A bar that comes and goes at once would only flicker. */
const BAR_AFTER_MS = 300;
const LINE_EVERY_MS = 5000;

const COUNT_EVERY_MS = 100;
const CLEAR_LINE = '\x1b[K';

/** Steps of a bar: more than it has characters. */
const STEPS = 1000;

/** Lines of a terminal that says nothing of its size. */
const USUAL_LINES = 24;

export interface Progress {
  readonly onProgress: ((event: ProgressEvent) => void) | undefined;
  /** Takes the bars away; may be called again. */
  stop(): void;
}

/** Where progress is shown. */
export type Screen = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'rows'>;

export async function createProgress(quiet: boolean | undefined): Promise<Progress> {
  if (quiet) return { onProgress: undefined, stop: () => {} };
  const progress = await createProgressOn(process.stderr);
  // A second Ctrl-C ends the process at once; the terminal is left as it was.
  process.once('exit', progress.stop);
  return progress;
}

/** Rows written so far: how many there will be is not known before the end. */
export interface RowCounter {
  count(nRows: number): void;
  /** Takes the count away; may be called again. */
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
  let next = performance.now() + (isTerminal ? BAR_AFTER_MS : LINE_EVERY_MS);
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

/** @param screen - bars if it is a terminal that can move its cursor */
export async function createProgressOn(screen: Screen): Promise<Progress> {
  return screen.isTTY && process.env.TERM !== 'dumb' ? createBars(screen) : createLines(screen);
}

async function createBars(screen: Screen): Promise<Progress> {
  const { default: cliProgress } = await import('cli-progress');
  const begin = performance.now();
  const fits = createRunningFits();
  const timeLeft = createTimeLeft(begin);
  let bars: MultiBar | undefined;
  let stopped = false;
  let whole: SingleBar | undefined;
  const barOf = new Map<string, SingleBar>();

  const open = () =>
    new cliProgress.MultiBar({
      format: '[{bar}] {text}',
      stream: screen as NodeJS.WriteStream,
      barsize: 24,
      barCompleteChar: '=',
      barIncompleteChar: ' ',
      clearOnComplete: true,
      // Else a bar that moves up when another goes is not drawn in its new place.
      forceRedraw: true,
      // Ctrl-C is ours: it ends the fit, which takes the bars away.
      gracefulExit: false,
    });

  /** The cursor's line stays free, so that what is shown never scrolls away; the first bar is that of the whole. */
  const mostBars = () => Math.max(1, (screen.rows || USUAL_LINES) - 2);

  const draw = () => {
    bars ??= open();
    const { running, counted } = fits;
    const left = timeLeft.tell(fits.share(), performance.now());
    const alone = counted === '' ? running[0] : undefined;
    const text = [alone?.name ?? counted, left, alone?.text ?? ''].filter(Boolean).join(', ');
    const done = Math.round(STEPS * fits.share());
    whole ??= bars.create(STEPS, done, { text });
    whole.update(done, { text });
    if (counted === '') return;
    for (const [name, bar] of barOf) {
      if (running.some((fit) => fit.name === name)) continue;
      bars.remove(bar);
      barOf.delete(name);
    }
    for (const { name, share, text } of running) {
      const payload = { text: `${name}, ${text}` };
      const at = Math.round(STEPS * share);
      const bar = barOf.get(name);
      if (bar) bar.update(at, payload);
      else if (barOf.size + 1 < mostBars()) barOf.set(name, bars.create(STEPS, at, payload));
    }
  };

  return {
    onProgress(event) {
      fits.follow(event);
      if (!stopped && performance.now() - begin >= BAR_AFTER_MS) draw();
    },
    stop() {
      if (!stopped) bars?.stop();
      stopped = true;
    },
  };
}

function createLines(screen: Screen): Progress {
  const begin = performance.now();
  const fits = createRunningFits();
  const timeLeft = createTimeLeft(begin);
  let last = begin;
  return {
    onProgress(event) {
      fits.follow(event);
      const now = performance.now();
      if (now - last < LINE_EVERY_MS) return;
      const newest = fits.running.at(-1);
      const fit = newest && `${newest.name}, ${newest.text}`;
      const line = [fits.counted, timeLeft.tell(fits.share(), now), fit].filter(Boolean).join(', ');
      if (line === '') return;
      last = now;
      screen.write(`${line}\n`);
    },
    stop() {},
  };
}
