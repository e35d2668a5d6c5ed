import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgressOn, type Screen } from '../../../src/cli/terminal/progress.js';
import { createRowCounterOn } from '../../../src/cli/terminal/row-counter.js';
import type { FitMethod, ProgressEvent } from '../../../src/index.js';

/** Bars come after 300 ms. */
const shown = () => vi.advanceTimersByTimeAsync(350);

/** Bars are drawn ten times a second. */
const drawn = () => vi.advanceTimersByTimeAsync(150);

function createScreen(screen: Partial<Screen>) {
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  return { screen: { isTTY: true, rows: 24, ...screen, write } as unknown as Screen, written };
}

/**
 * What stands on a terminal that got this, line by line: it knows the sequences that bars use.
 */
function display(text: string): string[] {
  const lines: string[] = [''];
  let [x, y] = [0, 0];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal reads
  for (const [, count, code, character] of text.matchAll(/\x1b\[\??(\d*)([A-Za-z])|([\s\S])/g)) {
    if (code === 'G') x = Number(count || 1) - 1;
    else if (code === 'A') y -= Number(count || 1);
    else if (code === 'K') lines[y] = lines[y].slice(0, x);
    else if (code === 'J') lines.splice(y, lines.length, lines[y].slice(0, x));
    else if (code !== undefined) continue;
    else if (character === '\n') {
      y++;
      x = 0;
      while (lines.length <= y) lines.push('');
    } else {
      lines[y] = lines[y].padEnd(x).slice(0, x) + character + lines[y].slice(x + 1);
      x++;
    }
  }
  return lines.filter((line) => line !== '');
}

const modelOf = (k: number, hasNoise = false) =>
  ({ nComponents: k, covarianceType: 'full', hasNoise }) as const;

const fitStart = (k: number, costShare: number, method: FitMethod = 'em'): ProgressEvent => ({
  type: 'fit-start',
  ...modelOf(k),
  method,
  nInit: 1,
  nSamples: 100,
  costShare,
});

const iteration = (k: number, share: number, hasNoise = false): ProgressEvent => ({
  type: 'iteration',
  ...modelOf(k, hasNoise),
  phase: 'final',
  start: 0,
  nSamples: 100,
  iteration: 7,
  maxIter: 1000,
  meanLogLikelihood: -4.25,
  share,
});

const fitEnd = (k: number, hasNoise = false): ProgressEvent => ({
  type: 'fit-end',
  ...modelOf(k, hasNoise),
  status: 'converged',
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubEnv('TERM', 'xterm');
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe('on a terminal', () => {
  it('a fit is one bar, as long as its share', async () => {
    const { screen, written } = createScreen({});
    const { onProgress, stop } = await createProgressOn(screen);
    onProgress?.(fitStart(3, 1));
    onProgress?.(iteration(3, 0.2));
    expect(written).toEqual([]);
    await shown();
    onProgress?.(iteration(3, 0.5));
    await drawn();
    const bar = `[${'='.repeat(12).padEnd(24)}] k = 3 full, iteration 7, mean log-likelihood -4.250000`;
    expect(display(written.join(''))).toEqual([bar]);
    stop();
    expect(display(written.join(''))).toEqual([]);
  });

  it('a sweep has a bar for the whole and one for each running fit; those of ended fits go', async () => {
    const { screen, written } = createScreen({});
    const { onProgress, stop } = await createProgressOn(screen);
    onProgress?.({ type: 'sweep', done: 0, total: 3, share: 0 });
    for (const k of [1, 2, 3]) onProgress?.(fitStart(k, k / 6));
    await shown();
    for (const k of [1, 2, 3]) onProgress?.(iteration(k, 0.5));
    await drawn();
    const names = () => display(written.join('')).map((line) => line.replace(/^\[=* *\] /, '').slice(0, 11));
    expect(names()).toEqual(['0 of 3 mode', 'k = 1 full,', 'k = 2 full,', 'k = 3 full,']);
    onProgress?.(fitEnd(2));
    onProgress?.({ type: 'sweep', done: 1, total: 3, share: 2 / 6 });
    await drawn();
    expect(names()).toEqual(['1 of 3 mode', 'k = 1 full,', 'k = 3 full,']);
    // 2/6 are done, and half of 1/6 and 3/6.
    expect(display(written.join(''))[0]).toContain(`[${'='.repeat(16)}        ]`);
    stop();
    expect(display(written.join(''))).toEqual([]);
  });

  it('the same model with and without noise has two bars', async () => {
    const { screen, written } = createScreen({});
    const { onProgress, stop } = await createProgressOn(screen);
    onProgress?.({ type: 'sweep', done: 0, total: 2, share: 0 });
    await shown();
    for (const hasNoise of [false, true]) onProgress?.(iteration(2, 0.5, hasNoise));
    await drawn();
    const names = () => display(written.join('')).map((line) => /\] (.*), iter/.exec(line)?.[1]);
    expect(names().slice(1)).toEqual(['k = 2 full', 'k = 2 full with noise']);
    onProgress?.(fitEnd(2));
    onProgress?.({ type: 'sweep', done: 1, total: 2, share: 0.5 });
    await drawn();
    expect(names().slice(1)).toEqual(['k = 2 full with noise']);
    stop();
  });

  it('a variational fit tells its lower bound', async () => {
    const { screen, written } = createScreen({});
    const { onProgress, stop } = await createProgressOn(screen);
    onProgress?.(fitStart(3, 1, 'variational'));
    await shown();
    onProgress?.(iteration(3, 0.5));
    await drawn();
    expect(display(written.join(''))).toEqual([
      expect.stringContaining('iteration 7, lower bound per row -4.250000'),
    ]);
    stop();
  });

  it('there are never more bars than lines', async () => {
    const { screen, written } = createScreen({ rows: 6 });
    const { onProgress, stop } = await createProgressOn(screen);
    onProgress?.({ type: 'sweep', done: 0, total: 30, share: 0 });
    await shown();
    for (let k = 1; k <= 30; k++) onProgress?.(iteration(k, 0.5));
    await drawn();
    expect(display(written.join(''))).toHaveLength(4);
    stop();
  });
});

describe('rows', () => {
  it.each([
    [true, ['\r\x1b[K20 rows', '\r\x1b[K30 rows', '\r\x1b[K']],
    [false, []],
  ])('are counted on one line of a terminal (is one: %s)', (isTTY, expected) => {
    const { screen, written } = createScreen({ isTTY: isTTY as never });
    const now = vi.spyOn(performance, 'now').mockReturnValue(0);
    const { count, stop } = createRowCounterOn(screen);
    for (const ms of [100, 400, 600]) {
      now.mockReturnValue(ms);
      count(10);
    }
    stop();
    stop();
    now.mockRestore();
    expect(written).toEqual(expected);
  });

  it('are counted every five seconds in a pipe', () => {
    const { screen, written } = createScreen({ isTTY: false as never });
    const now = vi.spyOn(performance, 'now').mockReturnValue(0);
    const { count, stop } = createRowCounterOn(screen);
    for (let ms = 1000; ms <= 11_000; ms += 1000) {
      now.mockReturnValue(ms);
      count(10);
    }
    stop();
    now.mockRestore();
    expect(written).toEqual(['50 rows\n', '100 rows\n']);
  });
});

describe('elsewhere', () => {
  it('a dumb terminal gets no bar', async () => {
    vi.stubEnv('TERM', 'dumb');
    const { screen, written } = createScreen({});
    const { onProgress } = await createProgressOn(screen);
    await shown();
    onProgress?.(iteration(1, 0.5));
    await drawn();
    expect(written).toEqual([]);
  });

  it('a pipe gets no line before there is something to say', async () => {
    const { screen, written } = createScreen({ isTTY: false as never });
    const { onProgress } = await createProgressOn(screen);
    await vi.advanceTimersByTimeAsync(6000);
    onProgress?.(fitStart(2, 1));
    expect(written).toEqual([]);
    onProgress?.(iteration(2, 0.5));
    expect(written).toEqual([
      expect.stringMatching(/^.*k = 2 full, iteration 7, mean log-likelihood -4\.250000\n$/),
    ]);
  });

  it('a pipe gets a plain line every five seconds', async () => {
    const { screen, written } = createScreen({ isTTY: false as never });
    const now = vi.spyOn(performance, 'now').mockReturnValue(0);
    const { onProgress } = await createProgressOn(screen);
    onProgress?.({ type: 'sweep', done: 1, total: 4, share: 0.25 });
    onProgress?.(fitStart(2, 0.5));
    for (let ms = 0; ms <= 12_000; ms += 100) {
      now.mockReturnValue(ms);
      onProgress?.(iteration(2, ms / 24_000));
    }
    now.mockRestore();
    expect(written).toEqual([
      '1 of 4 models, about 10 s left, k = 2 full, iteration 7, mean log-likelihood -4.250000\n',
      '1 of 4 models, about 10 s left, k = 2 full, iteration 7, mean log-likelihood -4.250000\n',
    ]);
  });
});
