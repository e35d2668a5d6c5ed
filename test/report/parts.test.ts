import { describe, expect, it } from 'vitest';
import { chiSquare2, computeEllipse, marginalCovariance } from '../../src/report/ellipse.js';
import { resolveInput } from '../../src/report/input.js';
import { selectRows } from '../../src/report/selection.js';
import { cleanText, roundNumbers } from '../../src/report/svg-text.js';
import { computeBinLimits, createAxis, padDomain } from '../../src/report/ticks.js';
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

describe('marginalCovariance', () => {
  it('takes the same 2 x 2 matrix out of every covariance type that can hold it', () => {
    const means = [0, 0, 0, 0, 0, 0];
    const half = [0.5, 0.5];
    const diagonal = [1, 0, 0, 0, 2, 0, 0, 0, 3];
    const full = createParameters('full', half, means, [...diagonal.map((v) => 7 * v), ...diagonal]);
    const diag = createParameters('diag', half, means, [7, 14, 21, 1, 2, 3]);
    const tied = createParameters('tied', half, means, diagonal);
    for (const parameters of [full, diag, tied]) {
      expect(marginalCovariance(parameters, 1, 2, 1)).toEqual({ xx: 3, xy: 0, yy: 2 });
    }
    const spherical = createParameters('spherical', half, means, [7, 5]);
    expect(marginalCovariance(spherical, 1, 2, 1)).toEqual({ xx: 5, xy: 0, yy: 5 });
    const dense = createParameters(
      'full',
      half,
      means,
      Array.from({ length: 18 }, (_, i) => i),
    );
    expect(marginalCovariance(dense, 1, 0, 2)).toEqual({ xx: 9, xy: 11, yy: 17 });
  });
});

describe('selectRows', () => {
  it('thins a fringe of more than 5,000 rows, evenly', () => {
    const { fringe, members, nFringe, nDrawn } = selectRows(resolveInput(createInput(60_000, 4)));
    expect(nFringe).toBe(15_000);
    expect(fringe).toHaveLength(5_000);
    expect(nDrawn).toBe(20_000);
    expect(members[0].length + members[1].length).toBe(15_000);
    const gaps = new Set(Array.from(fringe.subarray(1), (row, i) => row - fringe[i]));
    expect([...gaps]).toEqual([12]);
  });

  it('draws all of 20,000 rows, however many are fringe', () => {
    expect(selectRows(resolveInput(createInput(20_000, 1)))).toMatchObject({
      nFringe: 20_000,
      nDrawn: 20_000,
    });
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
    const { fringe } = selectRows(
      resolveInput({ parameters, rows, responsibilities, columns: ['a'], fringeMargin: 0.2 }),
    );
    expect([...fringe]).toEqual([0, 1, 2]);
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
