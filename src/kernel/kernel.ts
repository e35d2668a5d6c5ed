/** One instance of the kernel with its own memory, laid out for one k and d: what a worker runs over its rows. */

import { createStatisticsLayout } from '../core/statistics.js';
import type { CovarianceType } from '../types.js';
import { createLayout } from './layout.js';
import { preparedLength } from './prepare.js';

interface KernelExports {
  memory: WebAssembly.Memory;
  useScratch(
    x: number,
    centered: number,
    weighted: number,
    logProb: number,
    weights: number,
    logDensity: number,
  ): void;
  accumulate(
    rows: number,
    n: number,
    d: number,
    k: number,
    blockRows: number,
    sampleWeight: number,
    parameters: number,
    statistics: number,
    previous: number,
  ): void;
  score(
    rows: number,
    n: number,
    d: number,
    k: number,
    blockRows: number,
    sampleWeight: number,
    parameters: number,
    responsibilities: number,
    logDensity: number,
    totals: number,
  ): void;
}

/** What a kernel is laid out for. */
export interface KernelShape {
  readonly covarianceType: CovarianceType;
  readonly nComponents: number;
  readonly nFeatures: number;
  /** Whether rows' responsibilities go in or out: for scoring, and for `convergence: 'responsibilities'`. */
  readonly withResponsibilities: boolean;
}

/** The views are into the kernel's memory: fill them, call, read them. */
export interface Kernel {
  /** Most rows of one call. */
  readonly stretchRows: number;
  /** in: (stretchRows × d) row-major. */
  readonly rows: Float64Array;
  /** in: (stretchRows). */
  readonly sampleWeight: Float64Array;
  /** in: as `prepareInto` writes them. */
  readonly parameters: Float64Array;
  /** in/out: as in core/statistics. */
  readonly statistics: Float64Array;
  /** `score`: out, (n × k) row-major. `accumulate` with `track`: in/out, those of the pass before, in a layout of its own. */
  readonly responsibilities: Float64Array;
  /** `score`: out, (n) log p(x). */
  readonly logDensity: Float64Array;
  /** Adds the statistics of the first n rows. */
  accumulate(n: number, weighted: boolean, track: boolean): void;
  /** Responsibilities and log-densities of the first n rows; adds their (weighted) totals to the statistics. */
  score(n: number, weighted: boolean): void;
}

export function createKernel(module: WebAssembly.Module, shape: KernelShape): Kernel {
  const { covarianceType, nComponents: k, nFeatures: d, withResponsibilities } = shape;
  const statisticsLength = createStatisticsLayout(covarianceType, k, d).length;
  const parameterLength = preparedLength(k, d);
  const at = createLayout(d, k, parameterLength, statisticsLength, withResponsibilities);

  const instance = new WebAssembly.Instance(module, {});
  const exports = instance.exports as unknown as KernelExports;
  const { memory } = exports;
  const missing = at.pages - memory.buffer.byteLength / 65536;
  if (missing > 0) memory.grow(missing);
  exports.useScratch(at.x, at.centered, at.weighted, at.logProb, at.weights, at.logDensity);

  const view = (offset: number, length: number) => new Float64Array(memory.buffer, offset, length);
  return {
    stretchRows: at.stretchRows,
    rows: view(at.rows, at.stretchRows * d),
    sampleWeight: view(at.sampleWeight, at.stretchRows),
    parameters: view(at.parameters, parameterLength),
    statistics: view(at.statistics, statisticsLength),
    responsibilities: view(at.responsibilities, withResponsibilities ? at.stretchRows * k : 0),
    logDensity: view(at.scoredLogDensity, at.stretchRows),
    accumulate(n, weighted, track) {
      const { blockRows, rows, parameters, statistics } = at;
      const sampleWeight = weighted ? at.sampleWeight : 0;
      const previous = track ? at.responsibilities : 0;
      exports.accumulate(rows, n, d, k, blockRows, sampleWeight, parameters, statistics, previous);
    },
    score(n, weighted) {
      const { blockRows, rows, parameters, responsibilities, scoredLogDensity, statistics } = at;
      const weight = weighted ? at.sampleWeight : 0;
      exports.score(
        rows,
        n,
        d,
        k,
        blockRows,
        weight,
        parameters,
        responsibilities,
        scoredLogDensity,
        statistics,
      );
    },
  };
}
