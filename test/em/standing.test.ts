/** Which ends of runs can be trusted: the effective rows of the smallest component decide. */

import { describe, expect, it } from 'vitest';
import type { EmRun } from '../../src/em/run.js';
import { COLLAPSED, NEEDLE, SENSIBLE, SPURIOUS, standingOf } from '../../src/em/standing.js';
import type { FitStatus } from '../../src/results.js';
import type { CovarianceType } from '../../src/types.js';

const D = 3;

/** So many effective rows a component with a covariance of its own needs. */
const NEEDED = 2 * (D + 1);

function createRun(type: CovarianceType, weights: number[], status: FitStatus = 'converged'): EmRun {
  const parameters = {
    covarianceType: type,
    nComponents: weights.length,
    nFeatures: D,
    weights: Float64Array.from(weights),
    means: new Float64Array(weights.length * D),
    covariances: new Float64Array(0),
  };
  const totals = { objective: 0, logLikelihood: 0, logMaxResponsibility: 0 };
  return { parameters, status, ...totals, trace: [], nIterations: 1 };
}

describe('a solution', () => {
  it.each(['full', 'diag', 'spherical'] as const)(
    'is spurious if a component has fewer than 2 (d + 1) effective rows, a needle with fewer than d + 2, %s',
    (type) => {
      const run = createRun(type, [0.875, 0.125]);
      expect(standingOf(run, NEEDED / 0.125)).toBe(SENSIBLE);
      expect(standingOf(run, NEEDED / 0.125 - 1)).toBe(SPURIOUS);
      expect(standingOf(run, (D + 2) / 0.125)).toBe(SPURIOUS);
      expect(standingOf(run, (D + 2) / 0.125 - 1)).toBe(NEEDLE);
    },
  );

  it('is sensible where all components share a covariance, however small they are', () => {
    expect(standingOf(createRun('tied', [0.99, 0.01]), 100)).toBe(SENSIBLE);
  });

  it('is sensible or spurious when it has not converged, too', () => {
    expect(standingOf(createRun('full', [0.5, 0.5], 'max-iter'), 100)).toBe(SENSIBLE);
    expect(standingOf(createRun('full', [0.95, 0.05], 'max-iter'), 100)).toBe(SPURIOUS);
  });

  it('has collapsed if its run says so, and stands below a spurious one', () => {
    for (const type of ['full', 'tied'] as const) {
      expect(standingOf(createRun(type, [0.5, 0.5], 'degenerate'), 100)).toBe(COLLAPSED);
    }
    expect([COLLAPSED, NEEDLE, SPURIOUS, SENSIBLE]).toEqual([0, 1, 2, 3]);
  });
});
