/**
 * How far a fit or a sweep is, on standard error: a bar on a terminal, otherwise a line every few seconds.
 * Short runs show nothing.
 */

import type { ProgressEvent } from '../index.js';

/** A bar that comes and goes at once would only flicker. */
const BAR_AFTER_MS = 300;
const LINE_EVERY_MS = 5000;

export interface Progress {
  readonly onProgress: ((event: ProgressEvent) => void) | undefined;
  /** Takes the bar away; may be called again. */
  stop(): void;
}

/** What there is to show. */
interface State {
  done: number;
  total: number;
  text: string;
}

export async function createProgress(quiet: boolean | undefined): Promise<Progress> {
  if (quiet) return { onProgress: undefined, stop: () => {} };
  const follow = createFollower();
  return process.stderr.isTTY ? createBar(follow) : createLines(follow);
}

async function createBar(follow: (event: ProgressEvent) => State): Promise<Progress> {
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    format: '[{bar}] {text}',
    stream: process.stderr,
    barsize: 24,
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    clearOnComplete: true,
    // Ctrl-C is ours: it ends the fit, which takes the bar away.
    gracefulExit: false,
  });
  const begin = performance.now();
  let shown = false;
  return {
    onProgress(event) {
      const { done, total, text } = follow(event);
      if (!shown && performance.now() - begin < BAR_AFTER_MS) return;
      if (!shown) bar.start(total, done, { text });
      shown = true;
      bar.setTotal(total);
      bar.update(done, { text });
    },
    stop() {
      if (shown) bar.stop();
      shown = false;
    },
  };
}

function createLines(follow: (event: ProgressEvent) => State): Progress {
  let last = performance.now();
  return {
    onProgress(event) {
      const { text } = follow(event);
      const now = performance.now();
      if (now - last < LINE_EVERY_MS) return;
      last = now;
      process.stderr.write(`${text}\n`);
    },
    stop() {},
  };
}

/** A sweep counts its models, a fit the starts that have begun: a start is not announced when it ends. */
function createFollower(): (event: ProgressEvent) => State {
  const begun = new Set<number>();
  let sweep: { done: number; total: number } | undefined;
  let nInit = 1;
  let now = '';
  return (event) => {
    if (event.type === 'sweep') sweep = event;
    if (event.type === 'fit-start') nInit = event.nInit;
    if (event.type === 'iteration') {
      begun.add(event.start);
      const { nComponents: k, covarianceType, start, iteration, meanLogLikelihood } = event;
      const which = sweep ? `k = ${k} ${covarianceType}` : `start ${start + 1} of ${nInit}`;
      now = `${which}, iteration ${iteration}, mean log-likelihood ${meanLogLikelihood.toFixed(6)}`;
    }
    if (!sweep) return { done: Math.max(0, begun.size - 1), total: nInit, text: now || 'starting' };
    const { done, total } = sweep;
    return { done, total, text: `${done} of ${total} models${now && `, ${now}`}` };
  };
}
