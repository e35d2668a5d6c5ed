/** Parameter vectors: the round trip, and the gradient compared with differences of the objective. */

import { describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES, familyOf, formOf } from '../../../src/core/covariance/families.js';
import { createCovarianceFloor } from '../../../src/core/covariance/floor.js';
import { factorMixture } from '../../../src/core/factored-mixture.js';
import { createDefaultPrior, createLogPrior } from '../../../src/core/prior.js';
import { createRandom } from '../../../src/core/random.js';
import { ParameterVector } from '../../../src/em/acceleration/parameter-vector.js';
import type { Point } from '../../../src/em/acceleration/quasi-newton.js';
import { mStep } from '../../../src/em/m-step.js';
import { createObjective } from '../../../src/em/objective.js';
import type { Parameters } from '../../../src/types.js';
import { expectClose } from '../../close.js';
import { createTwin } from '../../kernel/scalar-twin.js';
import { computeMoments } from '../../laws/moments.js';
import { createMixture, drawRows } from '../../mixtures.js';

/** Rounding of roots, logarithms and their inverses. */
const CLOSED_FORM = 1e-12;

/** The error of a difference quotient of step h: h² times the third derivative, plus rounding divided by h. */
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
  COVARIANCE_TYPES.flatMap((type) =>
    [false, true].flatMap((equalWeights) =>
      [false, true].map((hasPrior) => ({ type, equalWeights, hasPrior })),
    ),
  ),
)(
  'a vector of a $type mixture, equal weights $equalWeights, prior $hasPrior',
  ({ type, equalWeights, hasPrior }) => {
    const drawn = createMixture(type, K, D, random, 1);
    const parameters: Parameters = {
      ...drawn,
      weights: equalWeights ? new Float64Array(K).fill(1 / K) : drawn.weights,
      means: drawn.means.map((value, i) => (i % D === 1 ? 1000 * value + 7 : value)),
      covariances: scaleSecondColumn(drawn),
    };
    const family = familyOf(type);
    const vectors = new ParameterVector({ family, nComponents: K, nFeatures: D, moments, equalWeights });
    const floor = createCovarianceFloor(family.form, moments, 0);
    // So strong that an error in any of its terms shows.
    const prior = hasPrior
      ? { ...createDefaultPrior(moments, K), meanShrinkage: 7, degreesOfFreedom: 20 }
      : undefined;
    const options = { family, floor, moments, regCovar: 0, equalWeights, prior };
    const image = mStep(parameters, statisticsOf(parameters), options);
    const point = vectors.toPoint(factorMixture(parameters), image) as Point;

    it('maps back to the mixture', () => {
      const back = vectors.fromVector(point.x);
      expectClose(back.weights, parameters.weights, CLOSED_FORM);
      expectClose(back.means, parameters.means, CLOSED_FORM);
      expectClose(back.covariances, parameters.covariances, CLOSED_FORM);
    });

    it("gives the step to EM's next mixture", () => {
      const next = vectors.fromVector(point.x.map((value, i) => value + point.step[i]));
      expectClose(next.weights, image.mixture.parameters.weights, CLOSED_FORM);
      expectClose(next.means, image.mixture.parameters.means, CLOSED_FORM);
      expectClose(next.covariances, image.mixture.parameters.covariances, CLOSED_FORM);
    });

    it('has a gradient equal to differences of the objective', () => {
      const objective = createObjective(0, prior && createLogPrior(family.form, prior, K));
      const meanObjective = (x: Float64Array) => {
        const mixture = factorMixture(vectors.fromVector(x));
        return objective.evaluate(mixture, statisticsOf(mixture.parameters)[0]) / N;
      };
      const quotients = point.x.map((value, i) => {
        const [up, down] = [point.x.slice(), point.x.slice()];
        up[i] = value + STEP;
        down[i] = value - STEP;
        return (meanObjective(up) - meanObjective(down)) / (2 * STEP);
      });
      const largest = Math.max(...quotients.map(Math.abs));
      quotients.forEach((quotient, i) => {
        expect(Math.abs(point.gradient[i] - quotient)).toBeLessThan(DIFFERENCE_QUOTIENT * largest);
      });
    });

    it('is undefined if a component is empty or lifted by the floor', () => {
      expect(vectors.toPoint(factorMixture(parameters), { ...image, empty: [1] })).toBeUndefined();
      expect(vectors.toPoint(factorMixture(parameters), { ...image, lifted: 0 })).toBeUndefined();
    });
  },
);

/** Covariances in the units of the rows. */
function scaleSecondColumn({ covarianceType, covariances }: Parameters): Float64Array {
  const unit = (a: number) => (a === 1 ? 1000 : 1);
  switch (formOf(covarianceType).name) {
    case 'full':
    case 'tied':
      return covariances.map((value, i) => value * unit(i % D) * unit(Math.floor(i / D) % D));
    case 'diagonal':
      return covariances.map((value, i) => value * unit(i % D) ** 2);
    case 'spherical':
      return covariances.map((value) => value * 1e6);
  }
}
