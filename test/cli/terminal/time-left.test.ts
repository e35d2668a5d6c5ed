import { describe, expect, it } from 'vitest';
import { createTimeLeft, formatTimeLeft } from '../../../src/cli/terminal/time-left.js';

describe('the time left', () => {
  it('is that of work at an even pace', () => {
    const { tell } = createTimeLeft(0);
    const told = [0, 10, 50, 100, 150, 190, 199].map((second) => tell(second / 200, 1000 * second));
    expect(told).toEqual([
      '',
      'about 3 min left',
      'about 3 min left',
      'about 2 min left',
      'about 50 s left',
      'about 10 s left',
      'a few seconds left',
    ]);
  });

  it('moves to a new estimate over seconds, not at once', () => {
    const { tell } = createTimeLeft(0);
    expect(tell(0.5, 100_000)).toBe('about 2 min left');
    // Ten times as much is found to be left.
    expect(tell(0.1, 100_100)).toBe('about 2 min left');
    for (let ms = 100_200; ms < 140_000; ms += 100) tell(0.1, ms);
    expect(tell(0.1, 140_000)).toBe('about 20 min left');
  });

  it('is not told before there is anything to tell it by', () => {
    const { tell } = createTimeLeft(0);
    expect(tell(0.5, 100)).toBe('');
    expect(tell(0.001, 100_000)).toBe('');
    expect(tell(0, 100_000)).toBe('');
  });

  it.each([
    [0, 'a few seconds left'],
    [8_000, 'about 10 s left'],
    [59_000, 'about 1 min left'],
    [1_234_000, 'about 20 min left'],
    [3_500_000, 'about 1 h left'],
    [5_400_000, 'about 1.5 h left'],
    [100_000_000, 'about 28 h left'],
  ])('of %i ms reads %s', (ms, words) => {
    expect(formatTimeLeft(ms)).toBe(words);
  });
});
