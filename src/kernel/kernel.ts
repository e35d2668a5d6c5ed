/** An instance of the kernel with its own memory, laid out for one form, k and d. A worker runs it over its rows. */

import { FORMS, type FormName } from '../core/covariance/forms.js';
import type { ComponentDensity } from '../core/parameters.js';
import { createStatisticsLayout } from '../core/statistics.js';
import { compose, GmmError, mention } from '../errors.js';
import { createLayout } from './layout.js';
import { preparedLength } from './prepare.js';

/** Exports of the WebAssembly module; kernel/index.ts explains the arguments. */
interface KernelExports {
  memory: WebAssembly.Memory;
  use(...sizesAndAddresses: number[]): void;
  accumulate(rows: number, n: number, sampleWeight: number, previous: number): void;
  score(rows: number, n: number, sampleWeight: number, responsibilities: number, density: number): void;
}

/** The shape that a kernel is laid out for. */
export interface KernelShape {
  readonly form: FormName;
  readonly components: ComponentDensity;
  readonly nComponents: number;
  readonly nFeatures: number;
  /** Whether the mixtures have noise, which adds to the statistics of components of one covariance; default false. */
  readonly hasNoise?: boolean | undefined;
  /** Whether the memory holds the rows' responsibilities: for scoring, and for `convergence: 'responsibilities'`. */
  readonly withResponsibilities: boolean;
}

/** A kernel. Its arrays are views into its memory: fill them, call a function, read them. */
export interface Kernel {
  /** The largest number of rows in one call. */
  readonly stretchRows: number;
  /** in: (stretchRows × d) row-major. */
  readonly rows: Float64Array;
  /** in: (stretchRows). */
  readonly sampleWeight: Float64Array;
  /** in: as `prepareInto` writes them. */
  readonly parameters: Float64Array;
  /** in/out: laid out as in core/statistics. */
  readonly statistics: Float64Array;
  /** `score`: out, (n × k) row-major. `accumulate` with `track`: in/out, of the pass before, in the kernel's own layout. */
  readonly responsibilities: Float64Array;
  /** `score`: out, (n) log p(x). */
  readonly logDensity: Float64Array;
  /** E-step: adds the statistics of the first n rows. `track`: whether to find the largest change of a responsibility. */
  accumulate(n: number, weighted: boolean, track: boolean): void;
  /** Writes responsibilities and log-densities of the first n rows, and adds their (weighted) totals to the statistics. */
  score(n: number, weighted: boolean): void;
}

/** Pages of 64 KiB that a WebAssembly memory can have: 4 GiB. */
const MOST_PAGES = 65536;

function layOut(shape: KernelShape) {
  const { form, components, nComponents: k, nFeatures: d, hasNoise, withResponsibilities } = shape;
  const statistics = createStatisticsLayout(FORMS[form], k, d, components, hasNoise);
  const parameterLength = preparedLength(form, k, d, components);
  const at = createLayout(d, k, parameterLength, statistics.length, withResponsibilities, components);
  return { statistics, parameterLength, at };
}

/**
 * @param covarianceType - for the message
 * @throws GmmError INVALID_OPTION if the model does not fit into a kernel's memory
 */
export function checkKernelFits(shape: KernelShape, covarianceType: string): void {
  const { pages } = layOut(shape).at;
  if (pages <= MOST_PAGES) return;
  const { nComponents: k, nFeatures: d } = shape;
  const gigabytes = Number(((pages * 65536) / 1e9).toPrecision(3));
  const model = `${k} '${covarianceType}' ${k === 1 ? 'component' : 'components'} of ${d} columns`;
  const message = compose`${model} need ${gigabytes} GB of memory in every thread, which has 4.29; lower ${mention('nComponents')} or leave out columns`;
  throw new GmmError('INVALID_OPTION', message, { option: 'nComponents' });
}

export function createKernel(module: WebAssembly.Module, shape: KernelShape): Kernel {
  const { form, components, nComponents: k, nFeatures: d, withResponsibilities } = shape;
  const { statistics, parameterLength, at } = layOut(shape);
  const isT = components === 't';
  const hasCommonScatter = shape.hasNoise && !isT && FORMS[form].isShared;

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
    isT ? at.parameters + 8 * preparedLength(form, k, d) : 0,
    at.scales,
    at.statistics + 8 * statistics.scaledCounts,
    hasCommonScatter ? at.statistics + 8 * statistics.scatters : 0,
  );

  const view = (offset: number, length: number) => new Float64Array(memory.buffer, offset, length);
  return {
    stretchRows: at.stretchRows,
    rows: view(at.rows, at.stretchRows * d),
    sampleWeight: view(at.sampleWeight, at.stretchRows),
    parameters: view(at.parameters, parameterLength),
    statistics: view(at.statistics, statistics.length),
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
