/** An engine: one pool of worker threads for many calls, closed when the caller is done. */

import type { Dataset, RowSource } from '../data/dataset.js';
import { GmmError } from '../errors.js';
import { checkOptionNames } from '../option-checks.js';
import { openPool, registerEngine, resolveThreads } from '../parallel/pools.js';
import type { Disposed } from '../platform-types.js';
import type { EngineLike, FitOptions, SelectOptions } from '../types.js';
import { fit } from './fit.js';
import { type FitPredictResult, fitPredict } from './fit-predict.js';
import type { FitResult } from './result.js';
import { type Selection, selectModel } from './select.js';

/** One pool for many calls, also at once. Pass it as `engine` to the methods of models. */
export interface Engine extends EngineLike, Disposed {
  /** `fit` on this engine's threads. */
  fit(data: Dataset | RowSource, options: Omit<FitOptions, 'engine' | 'threads'>): Promise<FitResult>;
  /** `fitPredict` on this engine's threads. */
  fitPredict(
    data: Dataset | RowSource,
    options: Omit<FitOptions, 'engine' | 'threads'>,
  ): Promise<FitPredictResult>;
  /** `selectModel` on this engine's threads. */
  selectModel(
    data: Dataset | RowSource,
    options?: Omit<SelectOptions, 'engine' | 'threads'>,
  ): Promise<Selection>;
  /** Ends the threads; what is running rejects. */
  close(): Promise<void>;
}

/** Options of `createEngine`. */
export interface EngineOptions {
  /** Worker threads, made as they are needed; default: the parallelism available to the process. */
  threads?: number | undefined;
}

/**
 * Opens a pool of worker threads for many calls, which share them fairly. Close it when done: its threads keep the process
 * alive while they work, not while they wait, but they and their memory stay till the process ends.
 *
 * @throws GmmError INVALID_OPTION
 * @example
 * const engine = createEngine({ threads: 4 });
 * try {
 *   const results = await Promise.all(batches.map((rows) => engine.fit(rows, { nComponents: 3 })));
 * } finally {
 *   await engine.close();
 * }
 */
export function createEngine(options: EngineOptions = {}): Engine {
  checkOptionNames(options, ['threads']);
  const pool = openPool(resolveThreads(options.threads));
  const close = () => pool.close(new GmmError('WORKER_FAILED', 'the engine was closed; make a new one'));
  /** Anything but an object is left for the call to refuse. */
  const onThis = <Options extends object>(given: Options) =>
    typeof given === 'object' && given !== null ? { ...given, engine } : given;
  const engine: Engine = {
    threads: pool.threads,
    fit: async (data, fitOptions) => fit(data, onThis(fitOptions)),
    fitPredict: async (data, fitOptions) => fitPredict(data, onThis(fitOptions)),
    selectModel: async (data, selectOptions = {}) => selectModel(data, onThis(selectOptions)),
    close,
    [Symbol.asyncDispose]: close,
  };
  registerEngine(engine, pool);
  return engine;
}
