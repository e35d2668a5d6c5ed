import { describe, expect, it } from 'vitest';
import { histogramSvg } from '../../../src/report/picture/histogram.js';
import type { ScatterInput } from '../../../src/report/picture/input.js';
import { scatterSvg } from '../../../src/report/picture/scatter.js';
import { all, createParameters, type Drawn, parseSvg, texts, tickLabels } from '../samples.js';

/** Numbers in the SVG have two decimals, and lengths about 400 pixels. */
const ROUNDED = 1e-3;

/** Whole numbers 0 … 99, two components at 25 and 75, rows 49 and 50 between them. */
function createHundred(): ScatterInput {
  const rows = Float64Array.from({ length: 100 }, (_, i) => i);
  const responsibilities = new Float64Array(200);
  for (let i = 0; i < 100; i++) {
    const first = i < 49 ? 1 : i > 50 ? 0 : 0.5;
    responsibilities[2 * i] = first;
    responsibilities[2 * i + 1] = 1 - first;
  }
  const parameters = createParameters('diag', [0.5, 0.5], [25, 75], [100, 100]);
  return { parameters, rows, responsibilities, columns: ['minutes'] };
}

/** The bars: one path holds all of them. */
function bars(root: Drawn): { left: number; right: number; zero: number; height: number }[] {
  const d = root.querySelector('.bars')?.getAttribute('d') ?? '';
  return Array.from(
    d.matchAll(/M([-\d.]+),([-\d.]+)V([-\d.]+)H([-\d.]+)V/g),
    ([, left, zero, top, right]) => ({
      ...{ left: Number(left), right: Number(right), zero: Number(zero) },
      height: Number(zero) - Number(top),
    }),
  );
}

describe('histogramSvg', () => {
  it('is what scatterSvg draws for one column', async () => {
    const svg = await scatterSvg(createHundred());
    expect(svg).toBe(await histogramSvg(createHundred()));
    expect(parseSvg(svg).querySelector('.x-name')?.textContent).toBe('minutes');
  });

  it('draws bars of equal height for evenly spread rows, a curve per component and their sum', async () => {
    const root = parseSvg(await histogramSvg(createHundred()));
    const heights = bars(root).map(({ height }) => height);
    expect(heights.length).toBeGreaterThanOrEqual(5);
    expect(Math.max(...heights) - Math.min(...heights)).toBeLessThan(0.02);
    expect(all(root, '.curves path')).toHaveLength(3);
  });

  it('puts the peak of a component at weight / (deviation * sqrt(2 pi))', async () => {
    const root = parseSvg(await histogramSvg(createHundred()));
    const path = root.querySelector('.curve');
    const heights = [...(path?.getAttribute('d') ?? '').matchAll(/[ML]?[\d.]+,([\d.]+)/g)].map((m) =>
      Number(m[1]),
    );
    const [{ zero, height }] = bars(root);
    // There is one of 100 rows per unit, so a bar has the density 0.01.
    const perPixel = 0.01 / height;
    const peak = (zero - Math.min(...heights)) * perPixel;
    expect(Math.abs(peak / (0.5 / (10 * Math.sqrt(2 * Math.PI))) - 1)).toBeLessThan(ROUNDED);
  });

  it('marks every value of the fringe by a tick and counts its rows', async () => {
    const root = parseSvg(await histogramSvg(createHundred()));
    const d = root.querySelector('path.fringe')?.getAttribute('d') as string;
    expect(d.match(/M/g)).toHaveLength(2);
    expect(texts(root)).toContain('fringe (2, top two probabilities within 0.5)');
  });

  it('marks every part of a large fringe', async () => {
    const nSamples = 60_000;
    const rows = Float64Array.from({ length: nSamples }, (_, i) => (100 * i) / nSamples);
    const responsibilities = new Float64Array(2 * nSamples);
    for (let i = 0; i < nSamples; i++) {
      const first = 0.5 + (0.5 * i) / nSamples;
      responsibilities.set([first, 1 - first], 2 * i);
    }
    const root = parseSvg(await histogramSvg({ ...createHundred(), rows, responsibilities }));
    const d = root.querySelector('path.fringe')?.getAttribute('d') as string;
    const places = [...d.matchAll(/M([\d.]+)/g)].map(([, x]) => Number(x)).sort((a, b) => a - b);
    expect(places.length).toBeLessThanOrEqual(1_000);
    // The fringe is the left half of the rows: a tick at least at every second pixel.
    const gaps = places.slice(1).map((x, i) => x - places[i]);
    expect(Math.max(...gaps)).toBeLessThan(2);
    const left = Math.min(...bars(root).map((bar) => bar.left));
    const right = Math.max(...bars(root).map((bar) => bar.right));
    expect(Math.abs(places[places.length - 1] - (left + right) / 2)).toBeLessThan(0.1 * (right - left));
    expect(texts(root)).toContain('fringe (30,000, top two probabilities within 0.5)');
  });

  it('tells the curves apart by colour and by the number above each', async () => {
    const root = parseSvg(await histogramSvg(createHundred()));
    const strokes = all(root, '.curves path').map((line) => line.getAttribute('stroke'));
    expect(new Set(strokes).size).toBe(3);
    const numbers = all(root, '.numbers text').map((text) => text.textContent);
    expect(new Set(numbers)).toEqual(new Set(['0', '1']));
  });

  it('draws any column of a wider mixture by its marginal', async () => {
    const rows = Float64Array.from({ length: 60 }, (_, i) => (i % 3 === 2 ? 500 + i : i));
    const parameters = createParameters('tied', [1], [0, 0, 530], [9, 1, 1, 1, 9, 1, 1, 1, 400]);
    const responsibilities = new Float64Array(20).fill(1);
    const svg = await histogramSvg({ parameters, rows, responsibilities, columns: ['a', 'b', 'c'], x: 2 });
    expect(tickLabels(parseSvg(svg), 'x').map(({ value }) => value)).toContain(520);
  });

  it('draws rows of one value, no rows, and a component much narrower than a bar', async () => {
    const input = createHundred();
    const spike = createParameters('spherical', [0.5, 0.5], [25, 75], [1e-12, 100]);
    const one = { ...input, rows: new Float64Array(100).fill(3) };
    const none = { ...input, rows: new Float64Array(0), responsibilities: new Float64Array(0) };
    for (const changed of [one, none, { ...input, parameters: spike }]) {
      const svg = await histogramSvg(changed);
      parseSvg(svg);
      expect(svg).not.toMatch(/NaN|Infinity/);
    }
    const root = parseSvg(await histogramSvg({ ...input, parameters: spike }));
    expect(Math.max(...bars(root).map(({ height }) => height))).toBeGreaterThan(50);
  });
});
