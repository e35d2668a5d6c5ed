import { describe, expect, it } from 'vitest';
import type { ScatterInput } from '../../../src/report/picture/input.js';
import { pictureSvg } from '../../../src/report/picture/picture.js';
import { scatterSvg } from '../../../src/report/picture/scatter.js';
import {
  all,
  createParameters,
  type Drawn,
  parseSvg,
  plotDots,
  plotEllipses,
  plotRings,
  texts,
} from '../samples.js';

const COLUMNS = ['</text><script>alert("1")</script>', '__proto__', 'a\n"b"\u202e&', 'd', 'e', 'f', 'g'];

/** Two components at 0 and 10 in every column, with the variances 1, 2 … of the columns. */
function createInput(nFeatures: number, nSamples = 60): ScatterInput {
  const means = Array.from({ length: 2 * nFeatures }, (_, i) => (i < nFeatures ? 0 : 10));
  const variances = Array.from({ length: 2 * nFeatures }, (_, i) => 1 + (i % nFeatures));
  const rows = new Float64Array(nSamples * nFeatures);
  const responsibilities = new Float64Array(nSamples * 2);
  for (let i = 0; i < nSamples; i++) {
    const fringe = i % 20 === 7;
    for (let a = 0; a < nFeatures; a++) rows[i * nFeatures + a] = fringe ? 5 : (i % 2) * 10 + Math.sin(i + a);
    const first = fringe ? 0.5 : 1 - (i % 2);
    responsibilities.set([first, 1 - first], 2 * i);
  }
  const parameters = createParameters('diag', [0.5, 0.5], means, variances);
  return { parameters, rows, responsibilities, columns: COLUMNS.slice(0, nFeatures) };
}

/** Middle and half axes to the right and upwards of an ellipse that is not tilted. */
function uprightEllipse(ellipse: Drawn) {
  const [x, y, angle] = Array.from(
    (ellipse.getAttribute('transform') as string).matchAll(/[-\d.]+/g),
    Number,
  );
  const axes = [Number(ellipse.getAttribute('rx')), Number(ellipse.getAttribute('ry'))];
  const [right, up] = Math.abs(angle) % 180 === 0 ? axes : axes.reverse();
  return { x, y, right, up };
}

describe('pictureSvg', () => {
  it('draws one column as a histogram and two as a scatter plot', async () => {
    const one = parseSvg(await pictureSvg(createInput(1)));
    expect(all(one, '.bars')).toHaveLength(1);
    expect(await pictureSvg(createInput(2))).toBe(await scatterSvg(createInput(2)));
  });

  it('draws three to six columns as every pair and every histogram', async () => {
    for (const d of [3, 4, 6]) {
      const root = parseSvg(await pictureSvg(createInput(d)));
      const nPairs = (d * (d - 1)) / 2;
      expect(all(root, '.bars')).toHaveLength(d);
      expect(plotEllipses(root)).toHaveLength(4 * nPairs);
      expect(plotDots(root)).toHaveLength(60 * nPairs);
      // Every column has an axis below. Every column but the first has one to the left.
      expect(all(root, '.x-name')).toHaveLength(d);
      expect(all(root, '.y-name')).toHaveLength(d - 1);
    }
  });

  it('draws the columns that are asked for, whatever the number of columns', async () => {
    for (const [change, x, y] of [
      [{ x: 4, y: 3 }, 'e', 'd'],
      [{ x: 3 }, 'd', COLUMNS[0]],
      [{ y: 0 }, '__proto__', COLUMNS[0]],
      [{ y: 6 }, COLUMNS[0], 'g'],
    ] as const) {
      const root = parseSvg(await pictureSvg({ ...createInput(7), ...change }));
      expect(root.querySelector('.x-name')?.textContent).toBe(x);
      expect(root.querySelector('.y-name')?.textContent).toBe(y);
    }
  });

  it('shows more columns over their principal axes', async () => {
    const root = parseSvg(await pictureSvg(createInput(7)));
    const label = root.querySelector('.x-name')?.textContent as string;
    expect(label).toMatch(/^principal axis 1: \d+ % of the variance, most of all /);
    expect(plotEllipses(root)).toHaveLength(4);
  });

  it('takes the marginal covariance of each pair, on one scale a column', async () => {
    const root = parseSvg(await pictureSvg(createInput(3)));
    const ellipses = plotEllipses(root).map(uprightEllipse);
    // Pairs from above: (0, 1), (0, 2), (1, 2). Each has two components, the outer ellipse first.
    for (const [pair, [a, b]] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ].entries()) {
      const [outer, inner, other] = ellipses.slice(4 * pair);
      // The means are 10 units apart.
      const perX = (other.x - outer.x) / 10;
      const perY = (outer.y - other.y) / 10;
      for (const [ellipse, p] of [
        [outer, 0.95],
        [inner, 0.5],
      ] as const) {
        const radius = Math.sqrt(-2 * Math.log(1 - p));
        // Places have two decimals; the means are at least a hundred pixels apart.
        expect(Math.abs(ellipse.right / (perX * Math.sqrt(1 + a) * radius) - 1)).toBeLessThan(2e-3);
        expect(Math.abs(ellipse.up / (perY * Math.sqrt(1 + b) * radius) - 1)).toBeLessThan(2e-3);
      }
    }
  });

  it('marks the fringe in every pair and on every histogram', async () => {
    const root = parseSvg(await pictureSvg(createInput(4)));
    // Six pairs with a ring for each of the three rows; four histograms with a tick for their one value.
    expect(all(root, '.rings')).toHaveLength(6);
    expect(plotRings(root)).toHaveLength(18);
    const ticks = all(root, 'path.fringe').map((path) => path.getAttribute('d')?.match(/M/g)?.length);
    expect(ticks).toEqual([1, 1, 1, 1]);
    expect(texts(root)).toContain('fringe (3, top two probabilities within 0.5)');
  });

  it('keeps panels apart and everything inside the picture', async () => {
    const root = parseSvg(await pictureSvg({ ...createInput(6), width: 500, height: 400 }));
    for (const { x, y, right, up } of plotEllipses(root).map(uprightEllipse)) {
      expect(Math.min(x - right, y - up)).toBeGreaterThan(0);
      expect(x + right).toBeLessThan(500);
      expect(y + up).toBeLessThan(400);
    }
  });

  it('shows hostile names as text, in every kind of picture', async () => {
    for (const d of [1, 2, 3, 7]) {
      const svg = await pictureSvg(createInput(d));
      const root = parseSvg(svg);
      expect(all(root, 'script')).toHaveLength(0);
      expect(texts(root).some((text) => text.includes('</text><sc'))).toBe(true);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is the point
      expect(svg.trimEnd()).not.toMatch(/[\u0000-\u001f\u202e]|NaN|Infinity|undefined|href|url\(/u);
    }
    expect(texts(parseSvg(await pictureSvg(createInput(3))))).toContain('a "b" &');
  });

  it('draws no more than 20,000 points over all pairs, and says how many rows', async () => {
    const svg = await pictureSvg(createInput(4, 30_000));
    expect(plotDots(parseSvg(svg))).toHaveLength(6 * 3_333);
    expect(svg).toContain('3,333 of 30,000 rows drawn');
  });

  it('gives the same text for the same input', async () => {
    for (const d of [4, 7]) expect(await pictureSvg(createInput(d))).toBe(await pictureSvg(createInput(d)));
  });
});
