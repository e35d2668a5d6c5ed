/**
 * Progress of a fit or a sweep on standard error: a bar for every running fit on a terminal, otherwise a line every few seconds.
 * Short runs show nothing. There are no colours.
 */

import type { MultiBar, Options, SingleBar } from 'cli-progress';
import type { ProgressEvent } from '../../index.js';
import { createRunningFits, type RunningFit } from './running-fits.js';
import { createTimeLeft } from './time-left.js';

/** Bars of shorter runs would only flicker. */
const BAR_AFTER_MS = 300;
const LINE_EVERY_MS = 5000;

/** Steps of a bar: more than it has characters. */
const STEPS = 1000;

/** Lines of a terminal whose size is unknown. */
const USUAL_LINES = 24;

export interface Progress {
  readonly onProgress: ((event: ProgressEvent) => void) | undefined;
  /** Removes the bars; may be called again. */
  stop(): void;
}

/** Where progress is shown. */
export type Screen = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'rows'>;

export async function createProgress(quiet: boolean | undefined): Promise<Progress> {
  if (quiet) return { onProgress: undefined, stop: () => {} };
  const progress = await createProgressOn(process.stderr);
  // A second Ctrl-C ends the process at once; the bars are removed all the same.
  process.once('exit', progress.stop);
  return progress;
}

/** @param screen - gets bars if it is a terminal that can move its cursor, otherwise lines */
export async function createProgressOn(screen: Screen): Promise<Progress> {
  return screen.isTTY && process.env.TERM !== 'dumb' ? createBars(screen) : createLines(screen);
}

async function createBars(screen: Screen): Promise<Progress> {
  const { default: cliProgress } = await import('cli-progress');
  const begin = performance.now();
  const fits = createRunningFits();
  const timeLeft = createTimeLeft(begin);
  let bars: Bars | undefined;
  let stopped = false;

  const draw = () => {
    bars ??= new Bars(new cliProgress.MultiBar(barOptions(screen)), screen);
    const { running, counted } = fits;
    const left = timeLeft.tell(fits.share(), performance.now());
    const alone = counted === '' ? running[0] : undefined;
    const text = [alone?.name ?? counted, left, alone?.text ?? ''].filter(Boolean).join(', ');
    bars.drawWhole(fits.share(), text);
    if (counted !== '') bars.drawFits(running);
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

function barOptions(screen: Screen): Options {
  return {
    format: '[{bar}] {text}',
    stream: screen as NodeJS.WriteStream,
    barsize: 24,
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    clearOnComplete: true,
    // Without it, a bar that moves up when another goes is not drawn in its new place.
    forceRedraw: true,
    // The command handles Ctrl-C itself: it ends the fit, which removes the bars.
    gracefulExit: false,
  };
}

/** The bars on a screen: the first shows the whole call, the others show one running fit each. */
class Bars {
  readonly #bars: MultiBar;
  readonly #screen: Screen;
  readonly #ofFits = new Map<string, SingleBar>();
  #whole: SingleBar | undefined;

  constructor(bars: MultiBar, screen: Screen) {
    this.#bars = bars;
    this.#screen = screen;
  }

  drawWhole(share: number, text: string): void {
    const done = Math.round(STEPS * share);
    this.#whole ??= this.#bars.create(STEPS, done, { text });
    this.#whole.update(done, { text });
  }

  drawFits(running: readonly RunningFit[]): void {
    for (const [name, bar] of this.#ofFits) {
      if (running.some((fit) => fit.name === name)) continue;
      this.#bars.remove(bar);
      this.#ofFits.delete(name);
    }
    // The line of the cursor stays free, so that the bars never scroll away.
    const most = Math.max(1, (this.#screen.rows || USUAL_LINES) - 2);
    for (const { name, share, text } of running) {
      const payload = { text: `${name}, ${text}` };
      const at = Math.round(STEPS * share);
      const bar = this.#ofFits.get(name);
      if (bar) bar.update(at, payload);
      else if (this.#ofFits.size + 1 < most) this.#ofFits.set(name, this.#bars.create(STEPS, at, payload));
    }
  }

  stop(): void {
    this.#bars.stop();
  }
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
