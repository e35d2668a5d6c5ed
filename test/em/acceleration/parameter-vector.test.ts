/** Vectors of mixtures: there and back, and the gradient against differences of the log-likelihood. */

import { describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES } from '../../../src/core/covariance-type.js';
import { createRandom } from '../../../src/core/random.js';
import { createParameterVector } from '../../../src/em/acceleration/parameter-vector.js';
import type { Point } from '../../../src/em/acceleration/quasi-newton.js';
import { createCovarianceFloor } from '../../../src/em/covariance-floor.js';
import { mStep } from '../../../src/em/m-step.js';
import type { Parameters } from '../../../src/types.js';
import { expectClose } from '../../close.js';
import { createTwin } from '../../kernel/scalar-twin.js';
import { computeMoments } from '../../laws/moments.js';
import { createMixture, drawRows } from '../../mixtures.js';

/** Roots, logarithms and their inverses. */
const CLOSED_FORM = 1e-12;

/** A difference quotient of step h is off by h² times the third derivative, and by rounding over h. */
const STEP = 1e-4;
const DIFFERENCE_QUOTIENT = 1e-6;

const [N, D, K] = [60, 3, 3];
const random = createRandom(11);
const rows = drawRows(createMixture('full', K, D, random, 2), N, random).map((value, i) =>
  i % D === 1 ? 1000 * value + 7 : value,
);
const moments = { totalWeight: N, ...computeMoments(rows, D) };

function statisticsOf(parameters: Parameters): Float64Array {
  const twin = createTwin(parameters);
  for (let i = 0; i < N; i++) twin.add(rows, i * D, 1);
  return twin.statistics;
}

describe.each(
  COVARIANCE_TYPES.flatMap((type) => [false, true].map((equalWeights) => ({ type, equalWeights }))),
)('a vector of a $type mixture, equal weights $equalWeights', ({ type, equalWeights }) => {
  const drawn = createMixture(type, K, D, random, 1);
  const parameters: Parameters = {
    ...drawn,
    weights: equalWeights ? new Float64Array(K).fill(1 / K) : drawn.weights,
    means: drawn.means.map((value, i) => (i % D === 1 ? 1000 * value + 7 : value)),
    covariances: scaleSecondColumn(drawn),
  };
  const vectors = createParameterVector(parameters, moments, equalWeights);
  const options = { floor: createCovarianceFloor(type, moments, 0), moments, regCovar: 0, equalWeights };
  const image = mStep(parameters, statisticsOf(parameters), options);
  const point = vectors.toPoint(parameters, image) as Point;

  it('is the mixture again', () => {
    const back = vectors.fromVector(point.x);
    expectClose(back.weights, parameters.weights, CLOSED_FORM);
    expectClose(back.means, parameters.means, CLOSED_FORM);
    expectClose(back.covariances, parameters.covariances, CLOSED_FORM);
  });

  it("has the way to EM's next mixture", () => {
    const next = vectors.fromVector(point.x.map((value, i) => value + point.step[i]));
    expectClose(next.weights, image.parameters.weights, CLOSED_FORM);
    expectClose(next.means, image.parameters.means, CLOSED_FORM);
    expectClose(next.covariances, image.parameters.covariances, CLOSED_FORM);
  });

  it('has the gradient that differences of the log-likelihood show', () => {
    const meanLogLikelihood = (x: Float64Array) => statisticsOf(vectors.fromVector(x))[0] / N;
    const quotients = point.x.map((value, i) => {
      const [up, down] = [point.x.slice(), point.x.slice()];
      up[i] = value + STEP;
      down[i] = value - STEP;
      return (meanLogLikelihood(up) - meanLogLikelihood(down)) / (2 * STEP);
    });
    const largest = Math.max(...quotients.map(Math.abs));
    quotients.forEach((quotient, i) => {
      expect(Math.abs(point.gradient[i] - quotient)).toBeLessThan(DIFFERENCE_QUOTIENT * largest);
    });
  });

  it('is no point where a component is empty or held up by the floor', () => {
    expect(vectors.toPoint(parameters, { ...image, empty: [1] })).toBeUndefined();
    expect(vectors.toPoint(parameters, { ...image, lifted: 0 })).toBeUndefined();
  });
});

/** Covariances in the units of the rows. */
function scaleSecondColumn({ covarianceType, covariances }: Parameters): Float64Array {
  const unit = (a: number) => (a === 1 ? 1000 : 1);
  switch (covarianceType) {
    case 'full':
    case 'tied':
      return covariances.map((value, i) => value * unit(i % D) * unit(Math.floor(i / D) % D));
    case 'diag':
      return covariances.map((value, i) => value * unit(i % D) ** 2);
    case 'spherical':
      return covariances.map((value) => value * 1e6);
  }
}
