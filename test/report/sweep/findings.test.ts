import { describe, expect, it } from 'vitest';
import { formatCounts, groupCells } from '../../../src/report/sweep/findings.js';

const counts = (...ks: number[]) => ks.map((nComponents) => ({ nComponents }));
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
