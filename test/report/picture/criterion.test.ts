import { describe, expect, it } from 'vitest';
import { type CriterionInput, criterionSvg } from '../../../src/report/picture/criterion.js';
import type { CriterionCell } from '../../../src/report/sweep/cell.js';
import type { CovarianceType } from '../../../src/types.js';
import { all, type Drawn, parseSvg, texts, tickLabels } from '../samples.js';

/** BIC of Old Faithful, k = 1 … 9, by type. */
const FAITHFUL: Record<CovarianceType, number[]> = {
  full: [2607.6, 2322.2, 2324.2, 2345.0, 2360.5, 2382.8, 2402.3, 2425.5, 2444.6],
  tied: [2607.6, 2325.2, 2314.3, 2320.1, 2327.6, 2340.1, 2358.4, 2368.5, 2375.4],
  diag: [3055.8, 2346.1, 2332.5, 2332.3, 2346.1, 2364.3, 2384.0, 2400.3, 2420.0],
  spherical: [4024.7, 3458.3, 3336.5, 3222.9, 3129.0, 3038.1, 2973.3, 2927.5, 2888.0],
};
const COLOURS = { full: '#0072b2', tied: '#d55e00', diag: '#009e73', spherical: '#cc79a7' };

function createCells(types = Object.keys(FAITHFUL) as CovarianceType[], counts = 9): CriterionCell[] {
  return types.flatMap((covarianceType) =>
    FAITHFUL[covarianceType]
      .slice(0, counts)
      .map((bic, i) => ({ nComponents: i + 1, covarianceType, status: 'converged', bic }) as const),
  );
}

const best = { covarianceType: 'tied', nComponents: 3 } as const;

async function draw(change: Partial<CriterionInput> = {}): Promise<Drawn> {
  return parseSvg(await criterionSvg({ fits: createCells(), criterion: 'bic', best, ...change }));
}

function places(root: Drawn, which: (path: Drawn) => boolean): { x: number; y: number }[] {
  return all(root, '.points path')
    .filter(which)
    .map((path) => {
      const [x, y] = (path.getAttribute('transform') as string).match(/[-\d.]+/g) as string[];
      return { x: Number(x), y: Number(y) };
    });
}

const isMarker = (path: Drawn) => path.getAttribute('class') === 'marker';
const isArrow = (path: Drawn) => path.getAttribute('class') === 'above';
const isCross = (path: Drawn) => path.getAttribute('class') === 'missing';
const isOf = (type: CovarianceType) => (path: Drawn) =>
  [path.getAttribute('fill'), path.getAttribute('stroke')].includes(COLOURS[type]);

describe('criterionSvg', () => {
  it('says where the number chosen is the largest or smallest tried', async () => {
    const text = async (change: Partial<CriterionInput>) => texts(await draw(change)).join(' ');
    const subtitle = '1 to 3 components, 4 covariance types; lower is better';
    expect(await text({ fits: createCells(undefined, 3) })).toContain(
      `${subtitle}; the number chosen is the largest tried`,
    );
    expect(await text({})).not.toContain('the number chosen');
  });

  it('puts every value on one straight scale, and every k on another', async () => {
    const markers = places(await draw(), (path) => isMarker(path) && isOf('tied')(path));
    const values = FAITHFUL.tied.slice(1);
    expect(markers).toHaveLength(values.length);
    const perUnit = (markers[7].y - markers[1].y) / (values[7] - values[1]);
    expect(perUnit).toBeLessThan(0);
    const perComponent = (markers[7].x - markers[0].x) / 7;
    for (const [i, { x, y }] of markers.entries()) {
      // Two decimals.
      expect(Math.abs(y - markers[1].y - (values[i] - values[1]) * perUnit)).toBeLessThan(0.05);
      expect(Math.abs(x - markers[0].x - i * perComponent)).toBeLessThan(0.05);
    }
  });

  it('rings the choice and names it', async () => {
    const root = await draw();
    const [, chosen] = places(root, (path) => isMarker(path) && isOf('tied')(path));
    const ring = root.querySelector('.chosen circle');
    expect([ring?.getAttribute('cx'), ring?.getAttribute('cy')].map(Number)).toEqual([chosen.x, chosen.y]);
    expect(texts(root)).toContain('chosen: tied, 3 components (BIC 2314.3)');
    expect(root.querySelector('desc')?.textContent).toContain('Chosen: tied, 3 components, BIC 2314.3.');
  });

  it('names the choice whole in a narrow picture', async () => {
    for (const width of [330, 400]) {
      const label = texts(await draw({ width })).find((text) => text.includes('3 components'));
      expect(label).toMatch(/^(chosen: )?tied, 3 components.*BIC 2314\.3\)?$/);
    }
  });

  it('writes as many digits as tell the best two apart', async () => {
    const fits = createCells(['full'], 2).map((cell, i) => ({ ...cell, bic: 100 + i * 0.0042 }));
    const root = await draw({ fits, best: fits[0] });
    expect(texts(root)).toContain('chosen: full, 1 component (BIC 100.000)');
  });

  it('cuts off what would press the rest flat, marks it by arrows and counts it', async () => {
    const root = await draw();
    expect(places(root, isArrow)).toHaveLength(12);
    expect(texts(root)).toContain('above the range: 12, up to 4024.7');
    expect(texts(root)).toContain('spherical (above the range)');
    const markers = places(root, isMarker);
    expect(markers).toHaveLength(24);
    const heights = markers.map(({ y }) => y);
    // The 24 cells fill more than a third of the chart's 440 pixels.
    expect(Math.max(...heights) - Math.min(...heights)).toBeGreaterThan(150);
    const top = Math.min(...places(root, isArrow).map(({ y }) => y));
    for (const path of all(root, '.lines path')) {
      const ends = [...(path.getAttribute('d') as string).matchAll(/,([\d.]+)/g)].map((m) => Number(m[1]));
      expect(ends.every((y) => y > top)).toBe(true);
    }
  });

  it('keeps the low ones apart when k = 1 lies far above, with one type and three cells', async () => {
    const root = await draw({ fits: createCells(['full'], 3), best: { ...best, covarianceType: 'full' } });
    expect(places(root, isArrow)).toHaveLength(1);
    const [two, three] = places(root, isMarker);
    expect(two.y - three.y).toBeGreaterThan(20);
  });

  it('shows all of a range that is no more than half longer', async () => {
    const fits = createCells(['tied']).slice(1);
    expect(places(await draw({ fits }), isArrow)).toHaveLength(0);
    expect(places(await draw({ fits }), isMarker)).toHaveLength(8);
  });

  it('shows a choice that is not the lowest', async () => {
    const far = { covarianceType: 'diag', nComponents: 1 } as const;
    const root = await draw({ best: far });
    expect(texts(root)).toContain('chosen: diag, 1 component (BIC 3055.8)');
    expect(places(root, (path) => isMarker(path) && isOf('diag')(path))).toHaveLength(9);
  });

  it('crosses the cells without a model, hollows those that did not converge, and says so', async () => {
    const fits = createCells().map((cell, i): CriterionCell => {
      if (i === 4) return { ...cell, status: 'max-iter' };
      if (i === 5) return { ...cell, status: 'degenerate' };
      if (i > 5 && i < 9) return { ...cell, status: 'failed', bic: undefined };
      return cell;
    });
    const root = await draw({ fits });
    expect(places(root, isCross)).toHaveLength(4);
    expect(texts(root)).toContain('no model: 4, failed or collapsed');
    expect(places(root, (path) => path.getAttribute('fill') === '#fff')).toHaveLength(1);
    expect(texts(root)).toContain('hollow: not converged');
    expect(texts(await draw()).join()).not.toMatch(/no model|hollow/);
  });

  it('puts the types beside each other when all cells have the same k', async () => {
    const fits = createCells().filter(({ nComponents }) => nComponents === 2);
    const root = await draw({ fits, best: fits[0] });
    expect(tickLabels(root, 'x').map(({ text }) => text)).toEqual(['full', 'tied', 'diag', 'spherical']);
    expect(new Set(places(root, () => true).map(({ x }) => x)).size).toBe(4);
    const one = await draw({ fits: [fits[0]], best: fits[0] });
    expect(places(one, isMarker)).toHaveLength(1);
  });

  it('draws any criterion, and numbers of any size or all alike', async () => {
    for (const value of [0, -1e12, 1e-9, 1e300]) {
      const fits = createCells().map((cell) => ({
        ...cell,
        aic: value,
        icl: value * (1 + cell.nComponents),
      }));
      for (const criterion of ['aic', 'icl'] as const) {
        const svg = await criterionSvg({ fits, criterion, best });
        parseSvg(svg);
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        expect(svg).toContain(criterion.toUpperCase());
      }
    }
  });

  it('shows a hostile title as text, and fits a phone', async () => {
    const svg = await criterionSvg({
      ...{ fits: createCells(), criterion: 'bic', best, width: 240, height: 240 },
      title: '</text><script>alert("1")</script>\n\u202e__proto__',
    });
    const root = parseSvg(svg);
    expect(root.children[0].textContent).toBe('</text><script>alert("1")</script> __proto__');
    expect(all(root, 'script')).toHaveLength(0);
    expect(svg).not.toMatch(/<style|href|url\(|@import/);
    const label = Number(root.querySelector('.chosen text')?.getAttribute('y'));
    const axis = root.querySelector('.x-axis .ticks')?.getAttribute('d');
    expect(label).toBeLessThan(Number(/,([\d.]+)/.exec(axis as string)?.[1]));
  });

  it('gives the same text for the same input', async () => {
    const input: CriterionInput = { fits: createCells(), criterion: 'bic', best };
    expect(await criterionSvg(input)).toBe(await criterionSvg({ ...input, fits: [...input.fits].reverse() }));
  });

  it('names the choice that is no cell', async () => {
    await expect(draw({ best: { covarianceType: 'full', nComponents: 12 } })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining(
        '"best" must be one of "fits" with a value of bic, got "full" with 12',
      ),
    });
    await expect(draw({ criterion: 'icl' })).rejects.toThrow('with a value of icl');
    await expect(draw({ height: 100 })).rejects.toThrow('"height" must be a number >= 240, got 100');
  });
});
