import { describe, expect, it } from 'vitest';
import { textWidth } from '../../../src/report/chart/text-width.js';
import { scatterSvg } from '../../../src/report/picture/scatter.js';
import {
  all,
  createInput,
  createParameters,
  parseSvg,
  pixelsPerUnit,
  plotDots,
  plotEllipses,
  plotRings,
  texts,
  tickLabels,
} from '../samples.js';

/** Numbers in the SVG have two decimals. */
const ROUNDED = 0.0051;
/** Places of dots and rings have one decimal. */
const TENTHS = 0.051;

function lowest(rows: Float64Array): number {
  return rows.reduce((low, value, i) => (i % 2 === 0 ? Math.min(low, value) : low), Number.POSITIVE_INFINITY);
}

describe('scatterSvg', () => {
  it('draws every row once, and a ring around those of the fringe', async () => {
    const input = createInput(200, 10);
    const root = parseSvg(await scatterSvg(input));
    const dots = plotDots(root);
    expect(dots).toHaveLength(200);
    const rings = plotRings(root);
    expect(rings).toHaveLength(20);
    // Middles of rings are computed from rounded numbers.
    const isAt = (ring: { x: number; y: number }) =>
      dots.some(({ x, y }) => Math.abs(x - ring.x) < 2 * ROUNDED && Math.abs(y - ring.y) < 2 * ROUNDED);
    expect(rings.every(isAt)).toBe(true);
    expect(texts(root)).toContain('fringe (20, top two probabilities within 0.5)');
  });

  it('draws rows that are noise as crosses, and counts them', async () => {
    const input = createInput(200, 10);
    // Two components; of every tenth row nine tenths are left to noise.
    const responsibilities = Float64Array.from(input.responsibilities, (r, i) =>
      Math.floor(i / 2) % 10 === 5 ? 0.1 * r : r,
    );
    const noise = { weight: 0.1, logDensity: -3 };
    const root = parseSvg(
      await scatterSvg({ ...input, responsibilities, parameters: { ...input.parameters, noise } }),
    );
    expect(plotDots(root)).toHaveLength(180);
    expect(texts(root)).toContain('noise (20)');
    const crosses = all(root, 'path').map((path) => path.getAttribute('d') ?? '');
    // A cross has two lines, each of which begins with a move.
    expect(crosses.some((d) => d.match(/m/gi)?.length === 40)).toBe(true);
  });

  it('counts a row as fringe only below the margin', async () => {
    const input = createInput(200, 10);
    // r = (0.6, 0.4), in binary a difference a little below 0.2.
    for (const [fringeMargin, count] of [
      [0.21, 20],
      [0.19, 0],
      [0, 0],
    ]) {
      expect(plotRings(parseSvg(await scatterSvg({ ...input, fringeMargin })))).toHaveLength(count);
    }
  });

  it('puts the rings where the fringe rows are', async () => {
    const input = createInput(40, 10);
    const root = parseSvg(await scatterSvg(input));
    const [first, second] = plotRings(root);
    const expected = (input.rows[2 * 19] - input.rows[2 * 9]) * pixelsPerUnit(root, 'x');
    // Tick places are rounded too.
    expect(Math.abs(second.x - first.x - expected)).toBeLessThan(2 * TENTHS);
  });

  it('gives every component its colour, paler the less certain a row is', async () => {
    const input = createInput(100, 10);
    const certain = [0.96, 0.9, 0.7, 0.5];
    for (const [i, r] of certain.entries()) input.responsibilities.set([r, 1 - r], 2 * (2 * i));
    const root = parseSvg(await scatterSvg(input));
    const dots = plotDots(root);
    const left = Math.min(...dots.map(({ x }) => x));
    const opacityOf = (i: number) => {
      const at = left + (input.rows[2 * i] - lowest(input.rows)) * pixelsPerUnit(root, 'x');
      return dots.find(({ x }) => Math.abs(x - at) < 3 * TENTHS)?.opacity ?? 0;
    };
    const opacities = [0, 2, 4, 6].map(opacityOf);
    expect([...opacities].sort((a, b) => b - a)).toEqual(opacities);
    expect(new Set(opacities).size).toBe(4);
    expect(new Set(dots.map(({ colour }) => colour))).toEqual(new Set(['#0072b2', '#e69f00']));
  });

  it('draws few dots each as a path of its own, so that they darken each other, and many in few paths', async () => {
    const count = async (n: number) => {
      const root = parseSvg(await scatterSvg(createInput(n, 10)));
      return { paths: all(root, '.dots path').length, dots: plotDots(root).length };
    };
    expect(await count(600)).toEqual({ paths: 600, dots: 600 });
    const many = await count(20_000);
    expect(many.dots).toBe(20_000);
    // 600 paths, and in each block of 1,000 rows one more for each colour and opacity.
    expect(many.paths).toBeLessThanOrEqual(600 + 20 * 2 * 4);
  });

  it('is one self-contained document with a title and a white ground', async () => {
    const svg = await scatterSvg({
      ...createInput(50, 10),
      title: 'Old <Faithful> & "co"',
      subtitle: 'a < b',
    });
    const root = parseSvg(svg);
    expect(root.localName).toBe('svg');
    expect(root.getAttribute('xmlns')).toBe('http://www.w3.org/2000/svg');
    expect(root.children[0].localName).toBe('title');
    expect(root.children[0].textContent).toBe('Old <Faithful> & "co"');
    expect(texts(root)).toContain('a < b');
    expect(root.querySelector('rect')?.getAttribute('fill')).toBe('#fff');
    expect(svg).not.toMatch(/<script|<style|href|url\(|@import|NaN|Infinity|undefined/);
    expect(svg.match(/="[^"]*\d\.\d{3,}[^"]*"/g)).toBeNull();
  });

  it('draws an axis-aligned covariance with half axes of sqrt(variance * chi-square)', async () => {
    const input = createInput(50, 10);
    const parameters = createParameters('diag', [0.7, 0.3], [0, 0, 10, 10], [4, 0.25, 1, 9]);
    const root = parseSvg(await scatterSvg({ ...input, parameters }));
    const ellipses = plotEllipses(root);
    expect(ellipses).toHaveLength(4);
    const perX = pixelsPerUnit(root, 'x');
    const perY = pixelsPerUnit(root, 'y');
    const variances = [
      [4, 0.25],
      [1, 9],
    ];
    // Tick places are rounded too, which moves the scale by a thousandth at most.
    const near = (got: number, want: number) =>
      expect(Math.abs(got - want)).toBeLessThan(want * 1e-3 + ROUNDED);
    for (const [i, ellipse] of ellipses.entries()) {
      const chi2 = -2 * Math.log(1 - (i % 2 === 0 ? 0.95 : 0.5));
      const [vx, vy] = variances[Math.floor(i / 2)];
      const half = [perX * Math.sqrt(vx * chi2), perY * Math.sqrt(vy * chi2)];
      near(Number(ellipse.getAttribute('rx')), Math.max(...half));
      near(Number(ellipse.getAttribute('ry')), Math.min(...half));
      const angle = Number(/rotate\((.*)\)/.exec(ellipse.getAttribute('transform') as string)?.[1]);
      expect(Math.abs(angle) % 180).toBe(half[0] > half[1] ? 0 : 90);
    }
  });

  it('tilts the ellipse of a positive correlation upwards to the right', async () => {
    const parameters = createParameters('full', [1], [5, 5], [4, 3, 3, 4]);
    const responsibilities = new Float64Array(50).fill(1);
    const root = parseSvg(await scatterSvg({ ...createInput(50, 10), parameters, responsibilities }));
    const angle = Number(
      /rotate\((.*)\)/.exec(plotEllipses(root)[0].getAttribute('transform') as string)?.[1],
    );
    // SVG's y axis points downwards: up to the right is a negative turn, or its opposite.
    expect(((angle % 180) + 180) % 180).toBeGreaterThan(90);
  });

  it('keeps every ellipse inside the picture', async () => {
    const parameters = createParameters('tied', [0.5, 0.5], [0, 0, 10, 10], [900, 100, 100, 400]);
    const root = parseSvg(await scatterSvg({ ...createInput(50, 10), parameters, width: 400, height: 300 }));
    for (const ellipse of plotEllipses(root)) {
      const [x, y] = Array.from((ellipse.getAttribute('transform') as string).matchAll(/[-\d.]+/g), Number);
      const reach = Number(ellipse.getAttribute('ry'));
      expect(x - reach).toBeGreaterThan(0);
      expect(x + reach).toBeLessThan(400);
      expect(y - reach).toBeGreaterThan(0);
      expect(y + reach).toBeLessThan(300);
    }
  });

  it('shows hostile column names as text', async () => {
    const columns = ['"\'></text><script>alert(1)</script>\n\u0000&amp;]]>\ud800\u202e', '__proto__'];
    const svg = await scatterSvg(createInput(30, 10, columns));
    const root = parseSvg(svg);
    expect(texts(root)).toContain('"\'></text><script>alert(1)</script> &amp;]]>\ufffd');
    expect(texts(root)).toContain('__proto__');
    expect(all(root, 'script')).toHaveLength(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is the point
    expect(svg.trimEnd()).not.toMatch(/[\u0000-\u001f\ud800-\udfff\u202e]/u);
  });

  it('cuts a long column name to the room it has', async () => {
    const root = parseSvg(await scatterSvg(createInput(30, 10, ['x'.repeat(10_000), ''])));
    const longest = Math.max(...texts(root).map((text) => text.length));
    expect(longest).toBeLessThan(150);
  });

  it('draws the chosen columns of a wider mixture', async () => {
    const nSamples = 20;
    const rows = Float64Array.from({ length: nSamples * 3 }, (_, i) => (i % 3) * 100 + Math.floor(i / 3));
    const parameters = createParameters('spherical', [1], [10, 110, 210], [25]);
    const responsibilities = new Float64Array(nSamples).fill(1);
    const columns = ['a', 'b', 'c'];
    const root = parseSvg(await scatterSvg({ parameters, rows, responsibilities, columns, x: 2, y: 0 }));
    expect(root.querySelector('.x-name')?.textContent).toBe('c');
    expect(root.querySelector('.y-name')?.textContent).toBe('a');
    expect(tickLabels(root, 'x').map(({ value }) => value)).toContain(210);
  });

  it('keeps wide tick labels inside the picture', async () => {
    const input = createInput(50, 10);
    const parameters = createParameters('spherical', [0.5, 0.5], [1e3, 1e3, 1e3, 1e3], [1e-14, 1e-14]);
    const rows = input.rows.map((value) => 1e3 + value * 1e-7);
    const width = 720;
    const labels = tickLabels(parseSvg(await scatterSvg({ ...input, parameters, rows, width })), 'x');
    expect(labels[0].text.length).toBeGreaterThan(8);
    for (const { text, at } of labels)
      expect(at + textWidth(text, 12) / 2).toBeLessThanOrEqual(width + ROUNDED);
  });

  it('draws 20,000 of 50,000 rows and all of their fringe', async () => {
    const svg = await scatterSvg(createInput(50_000, 25));
    const root = parseSvg(svg);
    expect(plotDots(root)).toHaveLength(20_000);
    expect(plotRings(root)).toHaveLength(2_000);
    expect(texts(root).join()).toContain('; 20,000 of 50,000 rows drawn');
    expect(svg.length).toBeLessThan(600_000);
  });

  it('draws data without spread, far from zero, tiny or missing', async () => {
    const parameters = createParameters('diag', [1], [7, 1e15], [0, 0]);
    const one = { parameters, columns: ['a', 'b'], responsibilities: new Float64Array(3).fill(1) };
    for (const rows of [
      [7, 1e15, 7, 1e15, 7, 1e15],
      [7, 1e15, 7, 1e15 + 1, 7, 1e15 + 2],
      [1e-320, 0, 0, 1e-320, 0, 0],
      [-1e30, 0, 1e30, 5, 0, 0],
    ]) {
      const svg = await scatterSvg({ ...one, rows: Float64Array.from(rows) });
      expect(plotDots(parseSvg(svg))).toHaveLength(3);
      expect(svg).not.toMatch(/NaN|Infinity/);
    }
    const none = { ...one, rows: new Float64Array(0), responsibilities: new Float64Array(0) };
    expect(plotDots(parseSvg(await scatterSvg(none)))).toHaveLength(0);
  });

  it('gives the same text for the same input', async () => {
    expect(await scatterSvg(createInput(100, 7))).toBe(await scatterSvg(createInput(100, 7)));
  });

  it('names the option or the array that does not fit', async () => {
    const input = createInput(30, 10);
    const failing = (change: object) => scatterSvg({ ...input, ...change });
    await expect(failing({ y: 2 })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: '"y" must be the index of a column, 0 to 1, got 2',
    });
    await expect(failing({ fringeMargin: Number.NaN })).rejects.toThrow(
      '"fringeMargin" must be from 0 to 1, got NaN',
    );
    await expect(failing({ width: 10 })).rejects.toThrow('"width" must be a number >= 240, got 10');
    await expect(failing({ columns: ['a'] })).rejects.toThrow('"columns" must have 2 names');
    await expect(failing({ rows: new Float64Array(61) })).rejects.toMatchObject({ code: 'INVALID_DATA' });
    await expect(failing({ responsibilities: new Float64Array(3) })).rejects.toThrow(
      '"responsibilities" must have 60',
    );
  });
});
