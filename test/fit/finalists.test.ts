/** Which runs go on: three mixtures of one column, whose likelihoods are drawn up by hand. */

import { describe, expect, it } from 'vitest';
import { COLLAPSED, SENSIBLE, SPURIOUS } from '../../src/em/standing.js';
import { bestOf, chooseFinalists, type StartedRun } from '../../src/fit/finalists.js';
import type { FitStatus } from '../../src/results.js';
import type { SharedRows } from '../../src/rows/shared-rows.js';
import type { Parameters } from '../../src/types.js';

const N = 10_000;
const rows: SharedRows = { nSamples: N, nFeatures: 1, chunkRows: N, chunks: [] };
const moments = { totalWeight: N, mean: Float64Array.of(0), covariance: Float64Array.of(1) };

/** A mixture that is known by the mean of its first component, and the log-likelihood a row of its run. */
function createRun(start: number, place: number, mean: number, status: FitStatus = 'converged'): StartedRun {
  const parameters: Parameters = {
    covarianceType: 'spherical',
    nComponents: 2,
    nFeatures: 1,
    weights: Float64Array.of(0.5, 0.5),
    means: Float64Array.of(place, 100),
    covariances: Float64Array.of(1, 1),
  };
  const run = {
    parameters,
    status,
    objective: N * mean,
    logLikelihood: N * mean,
    logMaxResponsibility: 0,
    trace: [],
    nIterations: 1,
  };
  const standing = status === 'degenerate' ? COLLAPSED : SENSIBLE;
  return { start, run, rows, isFinal: false, standing, moves: 0, basin: [start] };
}

/** Log-densities by place: `height` a row, give or take `spread`. */
function landscape(heightAt: (place: number) => number, spread: (place: number) => number = () => 0) {
  return async ({ means }: Parameters): Promise<Float64Array> =>
    Float64Array.from(
      { length: N },
      (_, i) => heightAt(means[0]) + (i % 2 === 0 ? 1 : -1) * spread(means[0]),
    );
}

const choose = async (
  runs: readonly StartedRun[],
  logDensitiesOf: (parameters: Parameters) => Promise<Float64Array>,
  most = 3,
  standardErrors = 3,
  checksValleys = true,
) => {
  const rules = { most, standardErrors, checksValleys };
  const finalists = await chooseFinalists(runs, rows, moments, rules, logDensitiesOf);
  return finalists.map(({ start }) => start);
};

/** Three hills, at 0, 10 and 20, each lower than the one before. */
const threeHills = (place: number) => -1 - place / 1e4 - (place % 10 === 0 ? 0 : 1);

describe('finalists', () => {
  const [first, second, third] = [0, 10, 20].map((place, start) =>
    createRun(start, place, threeHills(place)),
  );

  it('are the best, as many as may go on', async () => {
    expect(
      await choose(
        [third, second, first],
        landscape(threeHills, (place) => place),
      ),
    ).toEqual([0, 1, 2]);
    expect(
      await choose(
        [third, second, first],
        landscape(threeHills, (place) => place),
        2,
      ),
    ).toEqual([0, 1]);
  });

  it('are on different hills: of one, the higher', async () => {
    const oneHill = (place: number) => -1 - (place / 100) ** 2;
    const runs = [0, 10, 20].map((place, start) => createRun(start, place, oneHill(place)));
    expect(await choose(runs, landscape(oneHill))).toEqual([0]);
    // Unless that is not checked.
    expect(await choose(runs, landscape(oneHill), 3, Number.POSITIVE_INFINITY, false)).toEqual([0, 1, 2]);
  });

  it('are on different hills, whatever the order of their components', async () => {
    const oneHill = (place: number) => -1 - (place / 100) ** 2;
    const [one, other] = [0, 10].map((place, start) => createRun(start, place, oneHill(place)));
    const { parameters } = other.run;
    const swapped = { ...parameters, means: parameters.means.slice().reverse() };
    const turned = { ...other, run: { ...other.run, parameters: swapped } };
    expect(await choose([one, turned], landscape(oneHill))).toEqual([0]);
  });

  it('are not behind by more than three standard errors of the difference', async () => {
    // 1e-3 a row; the standard error is the spread over √10,000.
    const runs = [first, second];
    expect(
      await choose(
        runs,
        landscape(threeHills, (place) => (place === 10 ? 0.034 : 0)),
      ),
    ).toEqual([0, 1]);
    expect(
      await choose(
        runs,
        landscape(threeHills, (place) => (place === 10 ? 0.033 : 0)),
      ),
    ).toEqual([0]);
  });

  it('are, of weighted rows, compared by what the weights make of them', async () => {
    // A fifth of the rows carries nearly all weight: the same spread makes a larger error.
    const sampleWeight = Float64Array.from({ length: N }, (_, i) => (i % 10 < 2 ? 5 : 1e-9));
    const weighted = { ...rows, sampleWeight };
    const densities = landscape(threeHills, (place) => (place === 10 ? 0.02 : 0));
    const finalists = await chooseFinalists(
      [first, second],
      weighted,
      moments,
      { most: 2, standardErrors: 3, checksValleys: true },
      densities,
    );
    expect(finalists.map(({ start }) => start)).toEqual([0, 1]);
    expect(await choose([first, second], densities)).toEqual([0]);
  });

  it('are of one optimum where their log-likelihoods are next to the same', async () => {
    const same = createRun(1, 10, threeHills(0) - 4e-5);
    expect(await choose([first, same], landscape(threeHills))).toEqual([0]);
  });

  it('have not collapsed, if there are others', async () => {
    const collapsed = createRun(3, 30, 5, 'degenerate');
    expect(await choose([collapsed, first], landscape(threeHills))).toEqual([0]);
    expect(bestOf([collapsed, first]).map(({ start }) => start)).toEqual([0, 3]);
  });

  it('are sensible before spurious, whatever their likelihoods, and these before collapsed', () => {
    const spurious = { ...createRun(1, 10, 3), standing: SPURIOUS };
    const collapsed = createRun(2, 30, 5, 'degenerate');
    expect(bestOf([collapsed, spurious, first]).map(({ start }) => start)).toEqual([0, 1, 2]);
  });

  it('stand for the starts of their basin that were left behind', async () => {
    const oneHill = (place: number) => -1 - (place / 100) ** 2;
    const near = [0, 10, 20].map((place, start) => createRun(start, place, oneHill(place)));
    const same = { ...createRun(3, 0, oneHill(0)), basin: [3, 7] };
    const [{ start, basin }, ...others] = await chooseFinalists(
      [...near, same],
      rows,
      moments,
      { most: 3, standardErrors: Number.POSITIVE_INFINITY, checksValleys: true },
      landscape(oneHill),
    );
    expect(others).toEqual([]);
    expect(start).toBe(0);
    expect([...basin].sort()).toEqual([0, 1, 2, 3, 7]);
  });
});
