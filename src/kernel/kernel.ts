/** One instance of the kernel with its own memory, laid out for one k and d: what a worker runs over its rows. */

import { FORMS, type FormName } from '../core/covariance/forms.js';
import { createStatisticsLayout } from '../core/statistics.js';
import { compose, GmmError, mention } from '../errors.js';
import { createLayout, type Layout } from './layout.js';
import { preparedLength } from './prepare.js';

/** What the WebAssembly module exports; kernel/index.ts says what the arguments are. */
interface KernelExports {
  memory: WebAssembly.Memory;
  use(...sizesAndAddresses: number[]): void;
  accumulate(rows: number, n: number, sampleWeight: number, previous: number): void;
  score(rows: number, n: number, sampleWeight: number, responsibilities: number, density: number): void;
}

/** What a kernel is laid out for. */
export interface KernelShape {
  readonly form: FormName;
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

/** Pages of 64 KiB that a thread's memory can have: 4 GiB. */
const MOST_PAGES = 65536;

function layOut({ form, nComponents: k, nFeatures: d, withResponsibilities }: KernelShape): Layout {
  const statisticsLength = createStatisticsLayout(FORMS[form], k, d).length;
  return createLayout(d, k, preparedLength(form, k, d), statisticsLength, withResponsibilities);
}

/**
 * @param covarianceType - for the message
 * @throws GmmError INVALID_OPTION where a model is larger than a thread's memory
 */
export function checkKernelFits(shape: KernelShape, covarianceType: string): void {
  const { pages } = layOut(shape);
  if (pages <= MOST_PAGES) return;
  const { nComponents: k, nFeatures: d } = shape;
  const gigabytes = Number(((pages * 65536) / 1e9).toPrecision(3));
  const model = `${k} '${covarianceType}' ${k === 1 ? 'component' : 'components'} of ${d} columns`;
  const message = compose`${model} need ${gigabytes} GB of memory in every thread, which has 4.29; lower ${mention('nComponents')} or leave out columns`;
  throw new GmmError('INVALID_OPTION', message, { option: 'nComponents' });
}

export function createKernel(module: WebAssembly.Module, shape: KernelShape): Kernel {
  const { form, nComponents: k, nFeatures: d, withResponsibilities } = shape;
  const statisticsLength = createStatisticsLayout(FORMS[form], k, d).length;
  const parameterLength = preparedLength(form, k, d);
  const at = layOut(shape);

  const instance = new WebAssembly.Instance(module, {});
  const exports = instance.exports as unknown as KernelExports;
  const { memory } = exports;
  const missing = at.pages - memory.buffer.byteLength / 65536;
  if (missing > 0) memory.grow(missing);
  exports.use(
    FORMS[form].kernelId,
    d,
    k,
    at.blockRows,
    at.parameters,
    at.statistics,
    at.x,
    at.centered,
    at.weighted,
    at.gatheredX,
    at.gatheredR,
    at.logProb,
    at.weights,
    at.logDensity,
  );

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
      exports.accumulate(at.rows, n, weighted ? at.sampleWeight : 0, track ? at.responsibilities : 0);
    },
    score(n, weighted) {
      exports.score(at.rows, n, weighted ? at.sampleWeight : 0, at.responsibilities, at.scoredLogDensity);
    },
  };
}
