/** The runs of EM that a fit is made of: each is done once, told of, and remembered by its name. */

import type { CallMemory } from '../checkpoint/call-memory.js';
import type { EmTask, LeadState, LedRun } from '../jobs/lead.js';
import { runEmJob, runScore } from '../jobs/run-job.js';
import { createWorkShare, type Stage } from '../jobs/work-share.js';
import type { Caller } from '../parallel/pool.js';
import type { SharedRows } from '../rows/shared-rows.js';
import type { Parameters, RunPhase } from '../types.js';
import type { ResolvedFitOptions } from './options.js';
import type { PreparedData } from './prepared-data.js';

/** What all fits of a call have in common. */
export interface FitContext {
  readonly caller: Caller;
  readonly data: PreparedData;
  readonly memory: CallMemory;
}

/** One run of a fit. */
export interface RunRequest {
  readonly phase: RunPhase;
  /** Index of the kind of runs that it belongs to, and how many there are of these. */
  readonly stage: number;
  readonly nRuns: number;
  readonly start: number;
  readonly rows: SharedRows;
  readonly task: EmTask;
}

export interface Runner {
  run(request: RunRequest): Promise<LedRun>;
  /** (n) log p(x) of rows, in nats; neither told of nor remembered. */
  logDensitiesOf(rows: SharedRows, parameters: Parameters): Promise<Float64Array>;
  /** Seconds since the first run was given to a thread; 0 before. */
  seconds(): number;
}

/** Where a run is, as it is remembered. */
type Remembered = { readonly run: LedRun } | { readonly state: LeadState };

/** @param name - of the fit; its runs are remembered as `name/stage start` */
export function createRunner(
  { caller, memory }: FitContext,
  options: ResolvedFitOptions,
  name: string,
  stages: readonly Stage[],
): Runner {
  const { covarianceType, nComponents, signal, onProgress } = options;
  const frame = { covarianceType, nComponents };
  const workShare = createWorkShare(stages);
  let began: number | undefined;
  return {
    async run({ phase, stage, nRuns, start, rows, task }) {
      const key = `${name}/${stage} ${start}`;
      const known = memory.recall(key) as Remembered | undefined;
      if (known && 'run' in known) return known.run;
      const run = await runEmJob(caller, {
        rows,
        frame,
        task,
        state: known?.state,
        signal,
        onStart: () => {
          began ??= performance.now();
        },
        onState: (state) => memory.keep(key, { state } satisfies Remembered),
        onProgress:
          onProgress &&
          (({ iteration, meanLogLikelihood }) =>
            onProgress({
              type: 'iteration',
              ...frame,
              phase,
              start,
              nSamples: rows.nSamples,
              iteration,
              maxIter: task.maxIter,
              meanLogLikelihood,
              share: workShare.follow(stage, start, nRuns, iteration),
            })),
      });
      memory.keep(key, { run } satisfies Remembered);
      return run;
    },
    async logDensitiesOf(rows, parameters) {
      const logDensity = new Float64Array(new SharedArrayBuffer(8 * rows.nSamples));
      await runScore(caller, rows, parameters, { logDensity }, signal);
      return logDensity;
    },
    seconds: () => (began === undefined ? 0 : (performance.now() - began) / 1000),
  };
}

/** The name of a fit in the call's memory. */
export function nameOf({
  covarianceType,
  nComponents,
}: Pick<ResolvedFitOptions, 'covarianceType' | 'nComponents'>): string {
  return `${covarianceType} ${nComponents}`;
}
