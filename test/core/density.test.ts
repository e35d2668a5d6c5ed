import { describe, expect, it } from 'vitest';
import { createPointDensity, logSumExp } from '../../src/core/density.js';
import { createRandom } from '../../src/core/random.js';
import { expectClose } from '../close.js';
import { createTwin } from '../kernel/scalar-twin.js';
import { createMixture, drawRows } from '../mixtures.js';

/** Squared distances up to about 100, from two solutions of a well-conditioned system. */
const SOLVED = 1e-12;

describe('logSumExp', () => {
  it('does not overflow, underflow or lose the largest', () => {
    expect(logSumExp(Float64Array.of(1000, 1000))).toBe(1000 + Math.LN2);
    expect(logSumExp(Float64Array.of(-1e6, -1e6))).toBe(-1e6 + Math.LN2);
    expect(logSumExp(Float64Array.of(0, -1e300))).toBe(0);
    expect(logSumExp(Float64Array.of(Number.NEGATIVE_INFINITY, 3))).toBe(3);
    expect(logSumExp(Float64Array.of(Number.NEGATIVE_INFINITY))).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe.each(['full', 'tied', 'diag', 'spherical'] as const)('createPointDensity, %s', (type) => {
  it('has the log-density of the scalar twin', () => {
    const random = createRandom(1);
    const mixture = createMixture(type, 3, 4, random);
    const rows = drawRows(mixture, 20, random);
    const density = createPointDensity(mixture);
    const twin = createTwin(mixture);
    const out = new Float64Array(3);
    for (let i = 0; i < 20; i++) {
      density.weightedLogProbInto(out, rows, 4 * i);
      const { logDensity, responsibilities } = twin.add(rows, 4 * i, 1);
      const total = logSumExp(out);
      expectClose([total], [logDensity], SOLVED);
      expectClose(
        out.map((value) => Math.exp(value - total)),
        responsibilities,
        SOLVED,
        1,
      );
    }
  });
});
