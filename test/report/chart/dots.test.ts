import { describe, expect, it } from 'vitest';
import { createArea } from '../../../src/report/chart/area.js';
import { dotRadius, drawDots, drawRings } from '../../../src/report/chart/dots.js';
import { PAGE_LOOK, PICTURE_LOOK } from '../../../src/report/chart/look.js';
import { svg } from '../../../src/report/chart/svg-node.js';
import { writeSvg } from '../../../src/report/chart/write-svg.js';
import { all, type Drawn, parseSvg, plotDots } from '../samples.js';

const area = createArea({ left: 0, right: 400, top: 0, bottom: 300 }, [0, 1], [0, 1]);

function createRows(n: number) {
  const xs = Float64Array.from({ length: n }, (_, i) => (i * 37) % 400);
  const ys = Float64Array.from({ length: n }, (_, i) => (i * 91) % 300);
  return { xs, ys, labels: Array.from(xs, (_, i) => i % 2), certainties: new Array<number>(n).fill(1) };
}

const draw = (node: ReturnType<typeof drawDots>): Drawn => parseSvg(writeSvg(svg('svg', {}, [node])));

describe('drawDots', () => {
  it('draws the rows that are shown, and no others', () => {
    const rows = createRows(100);
    const dots = plotDots(draw(drawDots(PICTURE_LOOK, rows, [3, 50, 99], 2)));
    expect(dots.map(({ x, y }) => [x, y]).sort()).toEqual(
      [3, 50, 99].map((i) => [rows.xs[i], rows.ys[i]]).sort(),
    );
  });

  it('takes turns between the components, so that none covers all others', () => {
    const rows = createRows(10_000);
    const shown = Array.from(rows.xs, (_, i) => i);
    const groups = all(draw(drawDots(PICTURE_LOOK, rows, shown, 1)), '.dots g');
    const colours = groups.map((group) => group.getAttribute('stroke'));
    expect(colours).toHaveLength(20);
    expect(new Set(colours.slice(-2)).size).toBe(2);
  });

  it('draws the same marks in the colours of a page', () => {
    const rows = createRows(50);
    const shown = Array.from(rows.xs, (_, i) => i);
    const [picture, page] = [PICTURE_LOOK, PAGE_LOOK].map((look) =>
      writeSvg(drawDots(look, rows, shown, 3)).replaceAll(/ stroke="[^"]*"/g, ''),
    );
    expect(picture).toBe(page);
    expect(writeSvg(drawDots(PAGE_LOOK, rows, shown, 3))).toContain('stroke="var(--c1)"');
  });
});

describe('marks in a crowd', () => {
  it('are smaller and let others show through', () => {
    const opacityOf = (n: number) => {
      const { xs, ys } = createRows(n);
      return drawRings(PICTURE_LOOK, area, xs, ys, 2).attributes['stroke-opacity'];
    };
    expect(opacityOf(10)).toBe(1);
    expect(opacityOf(5_000)).toBeLessThan(1);
    const radii = [100, 3_000, 10_000].map((n) => dotRadius(area, n));
    expect(radii).toEqual([...radii].sort((a, b) => b - a));
    expect(new Set(radii).size).toBe(3);
  });
});
