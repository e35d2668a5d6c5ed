import { describe, it } from 'vitest';
import { digamma } from '../../src/core/digamma.js';
import { expectClose } from '../close.js';

/** What the function promises: 1e-14, or relative to larger values. */
const CLOSE = 1e-14;

/** x, ψ(x), from scipy.special.digamma; at 1.46… it is 0. */
const KNOWN: [number, number][] = [
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
  it.each(KNOWN)('is right at %d', (x, value) => {
    expectClose([digamma(x)], [value], CLOSE, 1);
  });

  it('follows its recurrence, ψ(x + 1) = ψ(x) + 1/x', () => {
    for (let x = 0.3; x < 40; x *= 1.07) expectClose([digamma(x + 1)], [digamma(x) + 1 / x], CLOSE, 1);
  });
});
