import { describe, expect, it } from 'vitest';
import { findRangeEdge, formatCounts, groupCells } from '../../../src/report/sweep/findings.js';

const counts = (...ks: number[]) => ks.map((nComponents) => ({ nComponents }));
const edge = (ks: number[], best: number, n = 1000) => findRangeEdge(counts(...ks), { nComponents: best }, n);

describe('the edge of the range', () => {
  it('is told with the next range to try', () => {
    expect(edge([1, 2, 3, 4, 5, 6], 6)).toEqual({ side: 'largest', from: 4, to: 12 });
    expect(edge([1, 2], 2)).toEqual({ side: 'largest', from: 1, to: 4 });
    expect(edge([4, 5, 6], 4)).toEqual({ side: 'smallest', from: 2, to: 4 });
    expect(edge([8, 2, 4], 8)).toEqual({ side: 'largest', from: 6, to: 16 });
    expect(edge([1, 2, 3], 3, 5)).toEqual({ side: 'largest', from: 1, to: 5 });
  });

  it('is none inside, at one component, at as many as there are rows, and of a single number', () => {
    expect(edge([1, 2, 3], 2)).toBeUndefined();
    expect(edge([1, 2, 3], 1)).toBeUndefined();
    expect(edge([1, 2, 3], 3, 3)).toBeUndefined();
    expect(edge([3, 3], 3)).toBeUndefined();
  });
});

describe('cells without a model', () => {
  const cell = (
    nComponents: number,
    status: 'converged' | 'degenerate' | 'failed',
    covarianceType: 'full' | 'diag' = 'full',
  ) => ({ nComponents, covarianceType, status, ...(status === 'converged' && { bic: 1 }) });

  it('are put together by covariance type and status, those with a model are not', () => {
    const cells = [
      ...[cell(1, 'converged'), cell(2, 'converged'), cell(3, 'degenerate'), cell(4, 'degenerate')],
      ...[cell(5, 'failed'), cell(1, 'degenerate', 'diag'), cell(2, 'converged', 'diag')],
      cell(3, 'degenerate', 'diag'),
    ];
    const groups = groupCells(cells).map((group) => [group[0].covarianceType, formatCounts(group)]);
    expect(groups).toEqual([
      ...[
        ['full', '1'],
        ['full', '2'],
        ['full', '3..4'],
        ['full', '5'],
      ],
      ...[
        ['diag', '1'],
        ['diag', '2'],
        ['diag', '3'],
      ],
    ]);
  });

  it('are counted as -k takes them', () => {
    expect(formatCounts(counts(7, 2, 4, 5, 6))).toBe('2,4..7');
    expect(formatCounts(counts(3))).toBe('3');
  });
});
