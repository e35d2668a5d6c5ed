import { describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES, familyOf } from '../../src/core/covariance/families.js';
import { createRandom, deriveSeed } from '../../src/core/random.js';

const DRAWS = 100_000;

/** A mean of many draws is within 5 standard errors. The seeds are fixed, so a test passes always or never. */
const STANDARD_ERRORS = 5;

/** Compares a moment, the mean of f(draw), with its expected value. */
function expectMean(draw: () => number, f: (x: number) => number, mean: number, variance: number): void {
  let sum = 0;
  for (let i = 0; i < DRAWS; i++) sum += f(draw());
  expect(Math.abs(sum / DRAWS - mean)).toBeLessThan(STANDARD_ERRORS * Math.sqrt(variance / DRAWS));
}

describe('createRandom', () => {
  const firstOf = (seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: 5 }, () => random.uniform()).join();
  };

  it('repeats itself', () => {
    expect(firstOf(7)).toBe(firstOf(7));
  });

  it('has a stream of its own for every seed', () => {
    const seeds = [...Array(2000).keys(), 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 40, Number.MAX_SAFE_INTEGER];
    expect(new Set(seeds.map(firstOf)).size).toBe(seeds.length);
  });

  it('has first draws of neighbouring seeds that are uniform', () => {
    let seed = 0;
    expectMean(
      () => createRandom(seed++).uniform(),
      (u) => u,
      1 / 2,
      1 / 12,
    );
  });

  it.each([0, 1, 123_456_789])('has the moments of the uniform distribution, seed %i', (seed) => {
    const { uniform } = createRandom(seed);
    expectMean(uniform, (u) => u, 1 / 2, 1 / 12);
    expectMean(uniform, (u) => u * u, 1 / 3, 4 / 45);
    for (let i = 0; i < DRAWS; i++) {
      const u = uniform();
      if (!(u >= 0 && u < 1)) expect.fail(`${u} is not in [0, 1)`);
    }
  });

  it.each([0, 1, 123_456_789])('has the moments of the normal distribution, seed %i', (seed) => {
    const { normal } = createRandom(seed);
    expectMean(normal, (z) => z, 0, 1);
    expectMean(normal, (z) => z * z, 1, 2);
    expectMean(normal, (z) => z ** 3, 0, 15);
    expectMean(normal, (z) => z ** 4, 3, 96);
    // Two neighbours come from the same draw; they must be uncorrelated.
    expectMean(
      () => normal() * normal(),
      (product) => product,
      0,
      1,
    );
    expectMean(normal, (z) => (Math.abs(z) < 1 ? 1 : 0), 0.682689492, 0.2166);
  });

  it('has all whole numbers below n alike', () => {
    const { below } = createRandom(3);
    const counts = new Array(7).fill(0);
    for (let i = 0; i < DRAWS; i++) counts[below(7)]++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - DRAWS / 7) ** 2 / (DRAWS / 7), 0);
    // The 99.9 % quantile of χ² with 6 degrees of freedom.
    expect(chiSquare).toBeLessThan(22.46);
  });
});

describe('deriveSeed', () => {
  it('is another one for every start, k, type and seed', () => {
    const seeds = new Set<number>();
    for (const seed of [0, 1, 2, 2 ** 32, 2 ** 33]) {
      for (const type of COVARIANCE_TYPES) {
        for (let k = 1; k <= 9; k++)
          for (let start = 0; start < 20; start++)
            seeds.add(deriveSeed(seed, k, familyOf(type).stream, start));
      }
    }
    expect(seeds.size).toBe(5 * 4 * 9 * 20);
  });
});
