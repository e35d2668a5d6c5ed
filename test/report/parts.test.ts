import { describe, expect, it } from 'vitest';
import { createColumn, meanAlong, viewCovariance } from '../../src/report/coordinate.js';
import { chiSquare2, computeEllipse } from '../../src/report/ellipse.js';
import { resolveInput } from '../../src/report/input.js';
import { selectRows } from '../../src/report/selection.js';
import { cleanText, roundNumbers } from '../../src/report/svg-text.js';
import { fitName, fitText, textWidth } from '../../src/report/text-width.js';
import { computeBinLimits, createAxis, createCountAxis, padDomain } from '../../src/report/ticks.js';
import type { Parameters } from '../../src/types.js';
import { createInput, createParameters } from './samples.js';

/** A handful of roundings of numbers near 1. */
const CLOSED_FORM = 1e-12;

describe('computeEllipse', () => {
  it('has the half axes and direction of the closed form of a 2 x 2 matrix', () => {
    for (const [xx, xy, yy] of [
      [4, 3, 4],
      [4, -3, 4],
      [1, 0.2, 9],
      [9, 0.2, 1],
      [2, 0, 2],
    ]) {
      const { major, minor, angle } = computeEllipse({ xx, xy, yy }, 0.95);
      const half = Math.hypot((xx - yy) / 2, xy);
      const middle = (xx + yy) / 2;
      expect(Math.abs(major ** 2 / chiSquare2(0.95) - (middle + half))).toBeLessThan(10 * CLOSED_FORM);
      expect(Math.abs(minor ** 2 / chiSquare2(0.95) - (middle - half))).toBeLessThan(10 * CLOSED_FORM);
      // tan 2φ = 2 Σxy / (Σxx − Σyy); a circle has no direction.
      if (half > 0) expect(Math.abs(Math.sin(2 * angle) - xy / half)).toBeLessThan(CLOSED_FORM);
    }
  });

  it('is a line for columns that are multiples of each other', () => {
    const { major, minor } = computeEllipse({ xx: 1, xy: 2, yy: 4 }, 0.5);
    expect(minor).toBeLessThan(1e-7);
    expect(Math.abs(major - Math.sqrt(5 * chiSquare2(0.5)))).toBeLessThan(CLOSED_FORM);
  });
});

describe('viewCovariance', () => {
  const between = (parameters: Parameters, j: number, a: number, b: number) => {
    const rows = new Float64Array(3);
    const responsibilities = new Float64Array(parameters.nComponents);
    const input = resolveInput({ parameters, rows, responsibilities, columns: ['a', 'b', 'c'] });
    return viewCovariance(parameters, j, { x: createColumn(input, a), y: createColumn(input, b) });
  };

  it('takes the same 2 x 2 matrix out of every covariance type that can hold it', () => {
    const means = [0, 0, 0, 0, 0, 0];
    const half = [0.5, 0.5];
    const diagonal = [1, 0, 0, 0, 2, 0, 0, 0, 3];
    const full = createParameters('full', half, means, [...diagonal.map((v) => 7 * v), ...diagonal]);
    const diag = createParameters('diag', half, means, [7, 14, 21, 1, 2, 3]);
    const tied = createParameters('tied', half, means, diagonal);
    for (const parameters of [full, diag, tied]) {
      expect(between(parameters, 1, 2, 1)).toEqual({ xx: 3, xy: 0, yy: 2 });
    }
    const spherical = createParameters('spherical', half, means, [7, 5]);
    expect(between(spherical, 1, 2, 1)).toEqual({ xx: 5, xy: 0, yy: 5 });
    const dense = createParameters(
      'full',
      half,
      means,
      Array.from({ length: 18 }, (_, i) => i),
    );
    expect(between(dense, 1, 0, 2)).toEqual({ xx: 9, xy: 11, yy: 17 });
  });

  it('is the covariance of the projected rows, in any direction', () => {
    const parameters = createParameters('full', [1], [1, 2, 3], [2, 1, 0, 1, 3, 0.5, 0, 0.5, 4]);
    const coordinate = (direction: number[]) => ({
      name: '',
      columns: Uint32Array.of(0, 1, 2),
      direction: Float64Array.from(direction),
      origin: Float64Array.of(1, 2, 3),
    });
    const view = { x: coordinate([1, 1, 0]), y: coordinate([0, 2, -1]) };
    // Var(a + b) = 2 + 2·1 + 3; Cov(a + b, 2b − c) = 2·1 − 0 + 2·3 − 0.5; Var(2b − c) = 4·3 − 4·0.5 + 4.
    expect(viewCovariance(parameters, 0, view)).toEqual({ xx: 7, xy: 7.5, yy: 14 });
    expect(meanAlong(parameters, 0, view.x)).toBe(0);
  });
});

describe('selectRows', () => {
  /** Rows of `sizes[j]` to component j in turn; `tie(i)` is r₍₁₎ − r₍₂₎ of row i. */
  function createRows(sizes: number[], tie: (i: number) => number) {
    const k = sizes.length;
    const labels = sizes.flatMap((size, j) => new Array<number>(size).fill(j));
    const responsibilities = new Float64Array(labels.length * k);
    for (const [i, j] of labels.entries()) {
      responsibilities[i * k + j] = (1 + tie(i)) / 2;
      responsibilities[i * k + ((j + 1) % k)] = (1 - tie(i)) / 2;
    }
    const weights = new Array<number>(k).fill(1 / k);
    const parameters = createParameters('spherical', weights, new Array<number>(k).fill(0), weights);
    const rows = new Float64Array(labels.length);
    return resolveInput({ parameters, rows, responsibilities, columns: ['a'] });
  }

  it('draws all of 20,000 rows, however many are fringe', () => {
    const { drawn, fringe, nFringe } = selectRows(resolveInput(createInput(20_000, 1)));
    expect([drawn.length, fringe.length, nFringe]).toEqual([20_000, 20_000, 20_000]);
  });

  it('keeps the whole fringe up to a quarter of the places, in order and once', () => {
    const input = createRows([40_000, 60_000], (i) => (i % 20 === 3 ? 0.1 : 1));
    const { drawn, fringe, nFringe } = selectRows(input);
    expect(nFringe).toBe(5_000);
    expect([...fringe]).toEqual(Array.from({ length: 5_000 }, (_, i) => 20 * i + 3));
    expect(drawn).toHaveLength(20_000);
    expect(drawn.every((row, i) => i === 0 || row > drawn[i - 1])).toBe(true);
    const all = new Set(drawn);
    expect(fringe.every((row) => all.has(row))).toBe(true);
  });

  it('marks the closest ties of a larger fringe', () => {
    // Ties grow from both ends towards the middle.
    const n = 100_000;
    const input = createRows([n / 2, n / 2], (i) => Math.min(i, n - 1 - i) / n);
    const { fringe, nFringe, drawn } = selectRows(input);
    expect(nFringe).toBe(n);
    expect(fringe).toHaveLength(5_000);
    expect(fringe[2_499]).toBe(2_499);
    expect(fringe[2_500]).toBe(n - 2_500);
    // The other rows of the fringe keep an even share, so that there is no hole where they were.
    const rest = drawn.filter((row) => row >= 2_500 && row < n - 2_500);
    expect(rest).toHaveLength(15_000);
    expect(Math.max(...rest.subarray(1).map((row, i) => row - rest[i]))).toBeLessThanOrEqual(7);
  });

  it('draws every component evenly, and of a small one enough to be seen', () => {
    const sizes = [1_000_000, 100_000, 50];
    const input = createRows(sizes, () => 1);
    const { drawn, labels } = selectRows(input, 6_000);
    expect(drawn).toHaveLength(6_000);
    const counts = [0, 0, 0];
    for (const row of drawn) counts[labels[row]]++;
    expect(counts[2]).toBe(50);
    // 200 places for each; those that are left in the ratio of the sizes.
    const left = 6_000 - 200 - 200 - 50;
    expect(counts[1]).toBeGreaterThanOrEqual(200 + Math.floor((left * 99_800) / 1_099_600));
    expect(counts[1]).toBeLessThanOrEqual(201 + Math.floor((left * 99_800) / 1_099_600));
    const own = drawn.filter((row) => labels[row] === 1);
    const gaps = own.subarray(1).map((row, i) => row - own[i]);
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
  });

  it('has no fringe in a mixture of one component', () => {
    const parameters = createParameters('spherical', [1], [0, 0], [1]);
    const responsibilities = new Float64Array(10).fill(1);
    const input = { ...createInput(10, 2), parameters, responsibilities, fringeMargin: 1 };
    expect(selectRows(resolveInput(input)).nFringe).toBe(0);
  });

  it('compares the two largest of three responsibilities in any order', () => {
    const parameters = createParameters('spherical', [0.3, 0.3, 0.4], [0, 1, 2], [1, 1, 1]);
    const rows = new Float64Array(4);
    const responsibilities = Float64Array.of(0.1, 0.5, 0.4, 0.5, 0.4, 0.1, 0.4, 0.1, 0.5, 0.8, 0.1, 0.1);
    const { fringe, labels } = selectRows(
      resolveInput({ parameters, rows, responsibilities, columns: ['a'], fringeMargin: 0.2 }),
    );
    expect([...fringe]).toEqual([0, 1, 2]);
    expect([...labels]).toEqual([1, 0, 2, 0]);
  });
});

describe('createAxis', () => {
  it('labels neighbours differently, whatever the size of the numbers', () => {
    for (const domain of [
      [0, 1],
      [-3, 17],
      [1e9, 1e9 + 20],
      [-1e-5, 3e-6],
      [1e30, 5e30],
      [0.1, 0.100001],
    ] as [number, number][]) {
      const { ticks, labels } = createAxis(domain, 8);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(9);
      expect(new Set(labels).size).toBe(labels.length);
      expect(ticks.every((tick) => tick >= domain[0] && tick <= domain[1])).toBe(true);
    }
  });

  it('writes plain decimals', () => {
    expect(createAxis([-0.25, 0.35], 6).labels).toEqual(['−0.2', '−0.1', '0.0', '0.1', '0.2', '0.3']);
    expect(createAxis([0, 0.35], 6).ticks).toEqual([0, 0.1, 0.2, 0.3]);
  });
});

describe('createCountAxis', () => {
  it('has ticks at whole numbers only', () => {
    expect(createCountAxis([0.6, 4.4], 20).labels).toEqual(['1', '2', '3', '4']);
    expect(createCountAxis([0.6, 90], 5).ticks).toEqual([20, 40, 60, 80]);
  });
});

describe('computeBinLimits', () => {
  it('covers the range with round limits and keeps the highest value below the last', () => {
    expect(computeBinLimits(43, 96, 7.4)).toEqual([40, 50, 60, 70, 80, 90, 100]);
    expect(computeBinLimits(0, 1, 0.2)).toHaveLength(7);
  });
});

describe('padDomain', () => {
  it('is never empty', () => {
    expect(padDomain(4, 4, 0.1)).toEqual([2, 6]);
    expect(padDomain(0, 0, 0.1)).toEqual([-1, 1]);
    expect(padDomain(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.1)).toEqual([0, 1]);
  });
});

describe('svg text', () => {
  it('rounds every number of a path or transform to two decimals', () => {
    expect(roundNumbers('M0.12345,-7.999L1e-9,2.5Z')).toBe('M0.12,-8L0,2.5Z');
    expect(roundNumbers('translate(69.99999999999999,-0.001) rotate(-90)')).toBe(
      'translate(70,0) rotate(-90)',
    );
    expect(roundNumbers('0.71em')).toBe('0.71em');
  });

  it('keeps whole characters when it cuts', () => {
    expect(cleanText('😀😀😀😀', 3)).toBe('😀😀…');
    expect(cleanText(' a\r\n\tb\u2028c ')).toBe('a b c');
  });
});

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
