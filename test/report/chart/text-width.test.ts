import { describe, expect, it } from 'vitest';
import { fitName, fitText, textWidth } from '../../../src/report/chart/text-width.js';

describe('text width', () => {
  it('leaves what fits, and cuts a text at its end and a name in its middle', () => {
    expect(fitText('mean', 100, 12)).toBe('mean');
    expect(fitName('mean', 100, 12)).toBe('mean');
    const name = 'a long name of column 17';
    for (const room of [60, 80, 100]) {
      expect(textWidth(fitText(name, room, 12), 12)).toBeLessThanOrEqual(room);
      expect(textWidth(fitName(name, room, 12), 12)).toBeLessThanOrEqual(room);
    }
    expect(fitText(name, 100, 12)).toMatch(/^a long.*…$/);
    expect(fitName(name, 100, 12)).toMatch(/^a long.*….*17$/);
  });
});
