import { ticks } from 'd3-array';
import { describe, expect, it } from 'vitest';
import {
  countSteps,
  createAxis,
  createCountAxis,
  createFittingAxis,
  createPositiveAxis,
  padDomain,
  widestLabel,
} from '../../../src/report/chart/axis.js';

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

describe('padDomain', () => {
  it('is never empty', () => {
    expect(padDomain(4, 4, 0.1)).toEqual([2, 6]);
    expect(padDomain(0, 0, 0.1)).toEqual([-1, 1]);
    expect(padDomain(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.1)).toEqual([0, 1]);
  });
});

describe('countSteps', () => {
  it('never gives more steps than asked for, where d3 alone does', () => {
    for (let most = 2; most <= 60; most++) {
      for (const high of [0.013, 1, 7.4, 53, 99, 1e5 + 1]) {
        const count = countSteps(0, high, most);
        expect(ticks(0, high, count).length - 1).toBeLessThanOrEqual(most);
      }
    }
    expect(ticks(0, 53, 16.8).length - 1).toBeGreaterThan(16.8);
  });
});

describe('labels', () => {
  it('have exponents only where plain numbers would be longer', () => {
    expect(createAxis([999_300, 1_000_300], 3).labels).toEqual(['999500', '1000000']);
    expect(createAxis([0, 5e12], 3).labels).toEqual(['0', '2e12', '4e12']);
    expect(createAxis([0, 3e-9], 3).labels).toEqual(['0', '1e−9', '2e−9', '3e−9']);
    expect(createAxis([1e9, 1e9 + 20], 2).labels).toEqual(['1000000000', '1000000010', '1000000020']);
  });

  it('do not touch', () => {
    for (const room of [60, 120, 400]) {
      const domain: [number, number] = [1e9, 1e9 + 700];
      const axis = createFittingAxis(createAxis, domain, room, 20);
      const apart = (room * (axis.ticks[1] - axis.ticks[0])) / 700;
      // Two steps are the fewest that an axis has.
      if (axis.ticks.length > 3) expect(apart).toBeGreaterThan(widestLabel(axis));
      expect(axis.ticks.length).toBeLessThan(createAxis(domain, room / 20).ticks.length + 1);
    }
  });
});

describe('createPositiveAxis', () => {
  it('leaves out ticks below zero, with their labels', () => {
    const { ticks: shown, labels } = createPositiveAxis([-0.012, 0.045], 6);
    expect(shown).toEqual([0, 0.01, 0.02, 0.03, 0.04]);
    expect(labels).toEqual(['0.00', '0.01', '0.02', '0.03', '0.04']);
  });
});
