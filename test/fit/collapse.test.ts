/** What is said of a fit that collapsed: onto what, and remedies, which are tried here. */

import { afterAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import type { FitOptions, GmmError } from '../../src/index.js';
import { createEngine } from '../package.js';

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

const random = createRandom(5);
const draw = (n: number, rowOf: (i: number) => number[]) => Array.from({ length: n }, (_, i) => rowOf(i));
const normal = () => random.normal();

/** No rain on three days of five. */
const rain = draw(300, (i) => [15 + 8 * normal(), i % 5 < 3 ? 0 : Math.exp(normal())]);
/** Cylinders: 4, 6 or 8. */
const cars = draw(300, (i) => [4 + 2 * (i % 3), 15 + 5 * (i % 3) + normal(), 70 + 3 * normal()]);
/** Half of the rows have the same number twice. */
const sums = draw(300, (i) => {
  const [a, b] = [normal(), normal()];
  return [a, b, i % 2 === 0 ? a - 2 * b : 8 + normal()];
});
const line = draw(60, (i) => [i, 2 * i]);
const points = [
  [1, 2, 3, 4],
  [4, 1, 9, 2],
  [7, 7, 1, 5],
];
const alike = draw(201, (i) => points[i % 3]);
const few = draw(12, () => [normal(), normal()]);

const CASES: readonly [string, number[][], Partial<FitOptions>, string][] = [
  ['a value', rain, { columns: ['heat', 'rain'] }, '"rain" is 0 in 180 of 300 rows'],
  [
    'a value, diag',
    rain,
    { columns: ['heat', 'rain'], covarianceType: 'diag' },
    '"rain" is 0 in 180 of 300 rows',
  ],
  ['one value of several', cars, { nComponents: 3 }, '"x0" is \\d in 100 of 300 rows'],
  [
    'values in all components',
    cars,
    { nComponents: 3, covarianceType: 'tied' },
    '"x0" hardly varies within the components',
  ],
  ['a sum of columns', sums, {}, '"x0" − 2 "x1" − "x2" is 0 in 150 of 300 rows'],
  ['a sum of columns in all rows', line, {}, '"x0" − 0.5 "x1" is 0 in 60 of 60 rows'],
  ['equal rows', alike, { nComponents: 3 }, '67 of 201 rows are alike'],
  ['few rows', few, { nComponents: 8 }, 'a component shrank onto \\d rows? \\([\\d, ]+\\) of 12'],
];

describe.each(CASES)('a collapse onto %s', (_, rows, more, cause) => {
  const options: FitOptions = { nComponents: 2, nInit: 5, ...more };

  it('is told with rows and columns, and every remedy named works', async () => {
    const failure = engine.fit(rows, { ...options, prior: 'none' });
    await expect(failure).rejects.toMatchObject({ code: 'DEGENERATE' });
    const { message, column }: GmmError = await failure.catch((error) => error);
    const pattern = new RegExp(`^all 5 starts collapsed: ${cause}; leave prior at 'auto'`);
    expect(message).toMatch(pattern);
    const ridge = /set regCovar to (\S+) \(now 0\)/.exec(message)?.[1];
    if (ridge !== undefined) {
      const { status } = await engine.fit(rows, { ...options, prior: 'none', regCovar: Number(ridge) });
      expect(status).toBe('converged');
    }
    expect(message.includes('leave out column')).toBe(column !== undefined);
    if (column === undefined) return;
    const names = more.columns ?? rows[0].map((__, a) => `x${a}`);
    const rest = rows.map((row) => row.filter((__, a) => names[a] !== column));
    const { status } = await engine.fit(rest, { ...options, columns: undefined, prior: 'none' });
    expect(status).toBe('converged');
  });

  it('is told with the model that the prior gives', async () => {
    const { status, collapse } = await engine.fit(rows, options);
    expect(status).toBe('regularized');
    expect(collapse).toMatch(new RegExp(`^${cause}$`));
  });
});

it('of a sample, in parts of the rows', async () => {
  const many = draw(250_000, (i) => [normal(), i % 4 === 0 ? 7 : normal()]);
  const { collapse } = await engine.fit(many, { nComponents: 2, nInit: 2, search: 'none' });
  expect(collapse).toBe('"x1" is 7 in about 25 % of the rows');
});

it('is nothing of a fit that did not collapse', async () => {
  const result = await engine.fit(
    draw(100, (i) => [normal() + 9 * (i % 2)]),
    { nComponents: 2 },
  );
  expect(result.status).toBe('converged');
  expect('collapse' in result).toBe(false);
});
