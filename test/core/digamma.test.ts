import { describe, expect, it } from 'vitest';
import { digamma, digammaGap, inverseDigammaGap } from '../../src/core/digamma.js';
import { expectClose } from '../close.js';

/** A few roundings of sums of up to ten terms. */
const CLOSE = 2e-15;

/** x, ln x − ψ(x), from mpmath with 40 digits. */
const KNOWN: [number, number][] = [
  [0.01, 95.95571527188058],
  [0.25, 2.8411591722563747],
  [0.5, 1.2703628454614782],
  [1, 0.5772156649015329],
  [1.4616321449683622, 0.379553718839518],
  [2.5, 0.2131340912289119],
  [7.3, 0.07005401251635934],
  [9.999, 0.05083767078797707],
  [10, 0.05083250392732458],
  [33.3, 0.01509015846615528],
  [100, 0.005008333250003967],
  [1000.5, 0.0004998333749916729],
  [1e6, 5.000000833333334e-7],
  [1e12, 5.000000000000833e-13],
];

describe('digammaGap', () => {
  it.each(KNOWN)('at %d is %d', (x, gap) => {
    // Below 10 the recurrence subtracts a logarithm from a sum, each up to some 3.
    expectClose([digammaGap(x)], [gap], CLOSE, x < 10 ? 1 : 0);
  });
});

describe('inverseDigammaGap', () => {
  it.each(KNOWN)('leads back to %d', (x, gap) => {
    // An error of the gap, a few 1e-16, is an error of its ratio to the gap's slope, which falls as the gap itself.
    expectClose([inverseDigammaGap(gap)], [x], x < 10 ? 1e-13 : 1e-14);
  });

  it('rises to the largest numbers as the gap falls to 0', () => {
    expectClose([inverseDigammaGap(1e-300)], [5e299], 1e-14);
    let before = 0;
    for (let gap = 100; gap > 1e-18; gap /= 1.7) {
      const x = inverseDigammaGap(gap);
      expect(x).toBeGreaterThan(before);
      before = x;
    }
  });
});

/** What the function promises: 1e-14, or relative to larger values. */
const PROMISED = 1e-14;

/** x, ψ(x), from scipy.special.digamma; at 1.46… it is 0. */
const KNOWN_PSI: [number, number][] = [
  [1e-300, -1e300],
  [1e-10, -10000000000.577215],
  [0.05, -20.49784499129987],
  [0.5, -1.9635100260214235],
  [1, -0.5772156649015329],
  [1.4616321449683622, 0],
  [3.7, 1.1671535393615113],
  [9.999, 2.251647417205735],
  [10, 2.251752589066721],
  [33.3, 3.490467238520243],
  [1000.5, 6.907755320648796],
  [1e6, 13.81551005796419],
  [1e100, 230.25850929940458],
];

describe('digamma', () => {
  it.each(KNOWN_PSI)('is right at %d', (x, value) => {
    expectClose([digamma(x)], [value], PROMISED, 1);
  });

  it('follows its recurrence, ψ(x + 1) = ψ(x) + 1/x', () => {
    for (let x = 0.3; x < 40; x *= 1.07) expectClose([digamma(x + 1)], [digamma(x) + 1 / x], PROMISED, 1);
  });
});
