import { describe, it } from 'vitest';
import { logGamma, logGammaExcess } from '../../src/core/log-gamma.js';
import { expectClose } from '../close.js';

/** What the functions promise: 1e-14, or relative to larger values. */
const CLOSE = 1e-14;

/** x, ln Γ(x), from mpmath with 40 digits. */
const KNOWN: [number, number][] = [
  [1e-300, 690.7755278982137],
  [1e-10, 23.025850929882736],
  [0.1, 2.252712651734206],
  [0.3, 1.0957979948180756],
  [1.4616321449683622, -0.12148629053584961],
  [3.7, 1.428072326665388],
  [9.999, 12.799575780077413],
  [10.0, 12.801827480081469],
  [33.3, 82.60372358165495],
  [1000.5, 5908.674175848678],
  [1000000.0, 12815504.569147611],
  [123456789.123, 2176716241.514932],
  [1e100, 2.2925850929940456e102],
];

/** x, h, ln Γ(x + h) − ln Γ(x) − h ln x, from mpmath with 40 digits. */
const KNOWN_EXCESS: [number, number, number][] = [
  [0.15, 0.5, -0.5537015958519909],
  [0.5, 0.5, -0.22579135264472744],
  [0.5, 64, 246.87585944873993],
  [1.25, 8.5, 10.443756590301792],
  [4.9, 1.5, 0.07169727786708953],
  [9.99, 3, 0.27788955213402855],
  [10.5, 0.5, -0.011900274909987182],
  [15, 64, 66.41521574527268],
  [500, 8.5, 0.0634126837721162],
  [5000.0, 1.5, 7.4995000374975e-5],
  [500000000.0, 64, 4.031999829312011e-6],
  [500000000000.0, 3.5, 8.7499999999825e-12],
];

describe('logGamma', () => {
  it('has the logarithms of factorials', () => {
    let factorial = 1;
    for (let n = 1; n <= 170; factorial *= n++) expectClose([logGamma(n)], [Math.log(factorial)], CLOSE, 1);
  });

  it('has the closed form of half-integers', () => {
    let value = Math.sqrt(Math.PI);
    for (let x = 0.5; x < 150; value *= x++) expectClose([logGamma(x)], [Math.log(value)], CLOSE, 1);
  });

  it.each(KNOWN)('is right at %d', (x, expected) => {
    expectClose([logGamma(x)], [expected], CLOSE, 1);
  });
});

describe('logGammaExcess', () => {
  it.each(KNOWN_EXCESS)('is right at %d, %d', (x, h, expected) => {
    expectClose([logGammaExcess(x, h)], [expected], CLOSE, 1);
  });

  it('is 0 for h = 0, and where Γ(x + 1) = x Γ(x)', () => {
    for (const x of [1e-3, 0.5, 3, 9.9, 10, 12, 1e3, 1e9]) {
      expectClose([logGammaExcess(x, 0), logGammaExcess(x, 1)], [0, 0], CLOSE, 1);
    }
  });

  it('is log (1 + 1/x) for h = 2, to every digit for large x', () => {
    for (const x of [1e2, 1e5, 1e8, 1e12]) {
      expectClose([logGammaExcess(x, 2)], [Math.log1p(1 / x)], CLOSE, 1);
    }
  });
});
