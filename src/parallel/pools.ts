/** Which pool serves a call: the pool of its engine, or its own, which ends with the call. */

import { availableParallelism } from 'node:os';
import { describe, GmmError } from '../errors.js';
import { compileKernel } from '../kernel/module.js';
import { resolveWhole } from '../option-checks.js';
import type { EngineLike, RunOptions } from '../types.js';
import { MOST_SEATS } from './blackboard.js';
import { TASKS } from './generated.js';
import { type Caller, Pool } from './pool.js';

/**
 * @returns the number of worker threads, undefined for the default
 * @throws GmmError INVALID_OPTION
 */
export function resolveThreads(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  return resolveWhole('threads', value, 1, undefined, MOST_SEATS);
}

/** The pools of engines. An engine does not show its pool. */
const poolOf = new WeakMap<EngineLike, Pool>();

/** @param threads - default: the processors that this process may use */
export function openPool(threads: number = availableParallelism()): Pool {
  return new Pool(threads, TASKS, { module: compileKernel() });
}

export function registerEngine(engine: EngineLike, pool: Pool): void {
  poolOf.set(engine, pool);
}

/**
 * Runs `work`, which makes several calls, on `options.engine`, or on an engine that ends with `work`.
 *
 * @throws GmmError INVALID_OPTION for `threads`; the error of `work`
 */
export async function withEngine<Result>(
  { threads, engine: given }: RunOptions,
  work: (engine: EngineLike) => Promise<Result>,
): Promise<Result> {
  if (given !== undefined) return work(given);
  const pool = openPool(resolveThreads(threads));
  const engine = { threads: pool.threads, close: () => pool.close(new Error('the call has ended')) };
  registerEngine(engine, pool);
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

/**
 * Runs `work` as one caller on the pool of `options.engine`, or on a pool that ends with `work`.
 *
 * @throws GmmError INVALID_OPTION for `threads` or `engine`; the error of `work`
 */
export async function withPool<Result>(
  options: RunOptions,
  work: (caller: Caller) => Promise<Result>,
): Promise<Result> {
  const threads = resolveThreads(options.threads);
  if (options.engine !== undefined) {
    const pool = poolOf.get(options.engine);
    if (pool) return work(pool.createCaller());
    throw new GmmError(
      'INVALID_OPTION',
      `"engine" must be made by createEngine, got ${describe(options.engine)}`,
    );
  }
  const pool = openPool(threads);
  try {
    return await work(pool.createCaller());
  } finally {
    await pool.close(new Error('the call has ended'));
  }
}
