import { describe, expect, it } from 'vitest';
import { cleanText } from '../../../src/report/chart/clean-text.js';
import { linePath, moveTo, svg } from '../../../src/report/chart/svg-node.js';
import { writeSvg } from '../../../src/report/chart/write-svg.js';

describe('path data', () => {
  it('has two decimals and no negative zero', () => {
    expect(
      linePath([
        [0.12345, -7.999],
        [-1e-9, 2.5],
      ]),
    ).toBe('M0.12,-8L0,2.5');
    expect(linePath([])).toBe('');
    expect(moveTo(69.99999999999999, -0.001)).toBe('translate(70,0)');
  });
});

describe('writeSvg', () => {
  it('escapes text and attributes, and closes empty elements', () => {
    const node = svg('text', { x: 1, 'aria-label': '"<' }, ['<&', svg('tspan', {}), '>']);
    expect(writeSvg(node)).toBe('<text x="1" aria-label="&quot;&lt;">&lt;&amp;<tspan/>&gt;</text>');
  });
});

describe('cleanText', () => {
  it('keeps whole characters when it cuts, and leaves one line', () => {
    expect(cleanText('😀😀😀😀', 3)).toBe('😀😀…');
    expect(cleanText(' a\r\n\tb\u2028c ')).toBe('a b c');
  });
});
