/** Fits in this thread, from the source: every job is led here, so a test can interrupt it anywhere. */

import { type CallMemory, NO_MEMORY } from '../../src/checkpoint/call-memory.js';
import type { Dataset } from '../../src/data/dataset.js';
import { resolveFitOptions } from '../../src/fit/options.js';
import { prepareData } from '../../src/fit/prepared-data.js';
import type { FitContext } from '../../src/fit/runs.js';
import { lead } from '../../src/jobs/lead.js';
import type { LeadProgress, LeadState, LeadTask } from '../../src/jobs/tasks.js';
import { createKernelCache } from '../../src/kernel/kernel-cache.js';
import { compileKernel } from '../../src/kernel/module.js';
import type { Caller } from '../../src/parallel/pool.js';
import type { JobRequest } from '../../src/parallel/pool-job.js';
import type { FitOptions } from '../../src/types.js';

const kernels = createKernelCache(compileKernel());

/** A caller without threads. Tasks, states and results cross as plain data, as between threads. */
export const HERE: Caller = {
  threads: 1,
  async run<Task, Result, State = unknown, Progress = unknown>(
    request: JobRequest<Task, State, Progress>,
  ): Promise<Result> {
    const { createJob, task, state, onStart, onState, onProgress } = request as unknown as JobRequest<
      LeadTask,
      LeadState,
      LeadProgress
    >;
    onStart?.();
    const listener = {
      onProgress: (progress: LeadProgress) => onProgress?.(progress),
      onState: (read: () => LeadState) => onState?.(structuredClone(read())),
    };
    return structuredClone(lead(kernels, createJob(), task, state, listener)) as Result;
  },
};

/** @param rows - (n × d) row-major */
export async function createContext(
  rows: Float64Array,
  nFeatures: number,
  given: FitOptions,
  memory: CallMemory = NO_MEMORY,
): Promise<FitContext> {
  const nSamples = rows.length / nFeatures;
  const sharedRows = { nSamples, nFeatures, chunkRows: nSamples, chunks: [rows] };
  const columns = Array.from({ length: nFeatures }, (_, a) => `x${a}`);
  const options = resolveFitOptions(given);
  const dataset = { sharedRows, columns, nFeatures } as Partial<Dataset> as Dataset;
  const data = await prepareData(HERE, dataset, options);
  return { caller: HERE, data, memory, options };
}
