/** Scores of single rows, on the thread that asks. */

import { createPointDensity, logSumExp, type PointDensity } from '../core/density.js';
import type { Parameters } from '../core/parameters.js';
import { isNumbers } from '../data/rows-builder.js';
import { describe, GmmError } from '../errors.js';
import type { NumberArray } from '../types.js';

export class PointScorer {
  readonly #parameters: Parameters;
  readonly #columns: readonly string[];
  readonly #density: PointDensity;

  /** @param columns - (d) names, for messages */
  constructor(parameters: Parameters, columns: readonly string[]) {
    this.#parameters = parameters;
    this.#columns = columns;
    this.#density = createPointDensity(parameters);
  }

  /**
   * @param x - (d)
   * @returns (k) the probability of every component; that of noise is the rest to 1
   * @throws GmmError INVALID_DATA if `x` is not d finite numbers
   */
  posterior(x: NumberArray): Float64Array {
    const logProb = this.#weightedLogProb(x);
    const total = this.#logTotal(logProb);
    return logProb.map((value) => Math.exp(value - total));
  }

  /**
   * @param x - (d)
   * @returns log p(x), in nats
   * @throws GmmError INVALID_DATA if `x` is not d finite numbers
   */
  logDensity(x: NumberArray): number {
    return this.#logTotal(this.#weightedLogProb(x));
  }

  /** Log-sum-exp of (k) log ρ, and of the noise. */
  #logTotal(logProb: Float64Array): number {
    const { noise } = this.#parameters;
    if (!noise) return logSumExp(logProb);
    return logSumExp(Float64Array.of(...logProb, Math.log(noise.weight) + noise.logDensity));
  }

  /** @returns (k) log π + log p(x | component) */
  #weightedLogProb(x: NumberArray): Float64Array {
    const { nComponents: k, nFeatures: d } = this.#parameters;
    if (!isNumbers(x) || x.length !== d) {
      throw new GmmError('INVALID_DATA', `a row must be ${d} numbers, got ${describe(x)}`);
    }
    const point = new Float64Array(d);
    for (let a = 0; a < d; a++) {
      const value: unknown = x[a];
      if (typeof value !== 'number' || !Number.isFinite(value)) {
        const message = `column ${describe(this.#columns[a])} is ${describe(value)}; every value must be a finite number`;
        throw new GmmError('INVALID_DATA', message, { column: this.#columns[a] });
      }
      point[a] = value;
    }
    const out = new Float64Array(k);
    this.#density.weightedLogProbInto(out, point, 0);
    return out;
  }
}
