import { describe, expect, it } from 'vitest';
import { svg } from '../../../src/report/chart/svg-node.js';
import { html, jsonHtml, nameOf, svgHtml } from '../../../src/report/page/html.js';
import {
  formatAlike,
  formatMargin,
  formatNumber,
  formatProbability,
  formatTotal,
} from '../../../src/report/page/numbers.js';
import { parseHtml } from '../samples.js';

const NASTY = ['<b>', '"', "'", '&amp;', '</script>', '-->', '<!--', ']]>', '\u2028', '{{x}}'].join(' ');

describe('html', () => {
  it('puts text in as text, in content and in attributes', () => {
    const document = parseHtml(
      `<!doctype html><html><body>${html`<p title="${NASTY}">${NASTY}</p>`.markup}</body></html>`,
    );
    const paragraph = document.querySelector('p');
    expect(paragraph?.textContent).toBe(NASTY);
    expect(paragraph?.getAttribute('title')).toBe(NASTY);
    expect(document.querySelectorAll('body *')).toHaveLength(1);
  });

  it('puts markup in as markup, and nothing for what is absent', () => {
    const inner = html`<i>${1}</i>`;
    expect(html`<p>${[inner, inner]}${undefined}${false}</p>`.markup).toBe('<p><i>1</i><i>1</i></p>');
  });

  it('takes no object for markup that merely looks like it', () => {
    const forged = { markup: '<script>' } as unknown as string;
    expect(() => html`${forged}`.markup).toThrow();
  });

  it('replaces what HTML cannot hold', () => {
    expect(html`${'a\u0000\u001b\ud800b'}`.markup).toBe('a\ufffd\ufffd\ufffdb');
  });
});

describe('jsonHtml', () => {
  it('gives back what went in and has nothing that ends a script', () => {
    const value = { __proto__: null, names: [NASTY, '__proto__', '\u2029'], [NASTY]: 1 };
    const { markup } = jsonHtml(value);
    expect(markup).not.toMatch(/[<>&\u2028\u2029]/);
    expect(JSON.parse(markup)).toEqual({ names: value.names, [NASTY]: 1 });
  });
});

describe('nameOf', () => {
  it('is one line that can be seen', () => {
    expect(nameOf('a\n\tb')).toBe('a b');
    expect(nameOf('')).toBe('(no name)');
    expect(nameOf('\n')).toBe('(no name)');
  });
});

describe('svgHtml', () => {
  it('escapes text and attributes', () => {
    expect(svgHtml(svg('text', { x: 1, 'aria-label': '"<' }, ['<&', svg('tspan', {})])).markup).toBe(
      '<text x="1" aria-label="&quot;&lt;">&lt;&amp;<tspan/></text>',
    );
  });
});

describe('numbers', () => {
  it('stand in line, with no more decimals than they have', () => {
    expect(formatAlike([4, 4.033, 71])).toEqual(['4.000', '4.033', '71.000']);
    expect(formatAlike([71, -54])).toEqual(['71', '−54']);
    expect(formatAlike([1 / 3, 36.0449])).toEqual(['0.3333', '36.0449']);
    expect(formatAlike([1e-9, 2])).toEqual(['0', '2']);
    expect(formatAlike([1e-9, 2e-9])).toEqual(['1.000e−9', '2.000e−9']);
    expect(formatAlike([0, 0])).toEqual(['0', '0']);
  });

  it('have six digits at most', () => {
    expect([0, -1 / 3, 123456.789, 1e12, 1.23456789e-7].map(formatNumber)).toEqual([
      '0',
      '−0.333333',
      '123457',
      '1000000000000',
      '1.235e−7',
    ]);
  });

  it('never say 0 or 1 of a probability that is neither', () => {
    expect([0, 1e-12, 0.0004, 0.5, 0.9996, 1].map(formatProbability)).toEqual([
      '0.000',
      '<0.001',
      '<0.001',
      '0.500',
      '>0.999',
      '1.000',
    ]);
    expect([0, 2.4e-6, 0.25].map(formatMargin)).toEqual(['0.000', '2e−6', '0.250']);
  });

  it('have separators where they are long', () => {
    expect([-1130.264, 8294443.36].map(formatTotal)).toEqual(['−1,130.26', '8,294,443']);
  });
});
