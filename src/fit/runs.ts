/** The runs of EM that a fit is made of: each is done once, reported to `onProgress`, and remembered by its name. */

import type { CallMemory } from '../checkpoint/call-memory.js';
import type { ModelShape, Parameters } from '../core/parameters.js';
import type { Prior } from '../core/prior.js';
import type { EmRun } from '../em/run.js';
import type { StartSample } from '../em/start/sample.js';
import type { VariationalRun } from '../em/variational/run.js';
import { runEmJob, runMovesJob, runScore } from '../jobs/run-job.js';
import type { EmTask, VariationalTask } from '../jobs/tasks.js';
import { createWorkShare, type Stage } from '../jobs/work-share.js';
import type { Caller } from '../parallel/pool.js';
import type { FitEvent, RunPhase } from '../progress-events.js';
import type { SharedRows } from '../rows/shared-rows.js';
import type { ResolvedOptions } from './options.js';
import { isRunOutcome, type RunOutcome } from './outcome.js';
import type { PreparedData } from './prepared-data.js';

/** What all fits of a call have in common. */
export interface FitContext {
  readonly caller: Caller;
  readonly data: PreparedData;
  readonly memory: CallMemory;
  readonly options: ResolvedOptions;
}

/** One run of a fit. */
export interface RunRequest {
  readonly phase: RunPhase;
  /** Index of the kind of runs that it belongs to, and how many there are of these; of moves an estimate. */
  readonly stage: number;
  readonly nRuns: number;
  readonly start: number;
  /** Tells the runs of the stage apart: several may descend from one start. */
  readonly name: string;
  readonly rows: SharedRows;
  readonly task: EmTask;
}

/** One variational run of a fit. */
export interface VariationalRequest extends Omit<RunRequest, 'task'> {
  readonly task: VariationalTask;
}

/** Moves to solutions of the fit's shape. */
export interface MovesRequest {
  /** Of the same family, with as many components, one fewer or one more. */
  readonly solution: Parameters;
  /** The rows that the moves are found on. */
  readonly sample: StartSample;
  readonly seed: number;
  /** Start values wanted. */
  readonly most: number;
}

/** What the search of a fit needs. */
export interface Runner {
  readonly shape: ModelShape;
  readonly context: FitContext;
  /** Of means and covariances; undefined for maximum likelihood. */
  readonly prior: Prior | undefined;
  /** Does a run, or goes on with it, unless it is remembered. */
  run(request: RunRequest): Promise<EmRun>;
  /** Start values that may lead to better solutions, the most promising first; neither reported nor remembered. */
  proposeMoves(request: MovesRequest): Promise<Parameters[]>;
  /** (n) log p(x) of rows, in nats; neither reported nor remembered. */
  logDensitiesOf(rows: SharedRows, parameters: Parameters): Promise<Float64Array>;
  /** Seconds since the first run was given to a thread; 0 before. */
  seconds(): number;
}

/** Does the runs of one fit on a pool. */
export class PoolRunner implements Runner {
  readonly shape: ModelShape;
  readonly context: FitContext;
  readonly prior: Prior | undefined;
  readonly #name: string;
  readonly #workShare: ReturnType<typeof createWorkShare>;
  #began: number | undefined;

  /** @param name - of the fit; its runs are remembered as `name/stage run` */
  constructor(
    context: FitContext,
    shape: ModelShape,
    prior: Prior | undefined,
    name: string,
    stages: readonly Stage[],
  ) {
    this.context = context;
    this.shape = shape;
    this.prior = prior;
    this.#name = name;
    this.#workShare = createWorkShare(stages);
  }

  run(request: RunRequest): Promise<EmRun> {
    return this.#run(request);
  }

  /** Does a variational run, or goes on with it, unless it is remembered. */
  async runVariational(request: VariationalRequest): Promise<VariationalRun> {
    return (await this.#run(request)) as VariationalRun;
  }

  async #run(request: RunRequest | VariationalRequest): Promise<EmRun> {
    const { stage, name, rows, task } = request;
    const { caller, memory, options } = this.context;
    const key = `${this.#name}/${stage} ${name}`;
    const known = memory.recall(key, isRunOutcome);
    if (known?.kind === 'ended') return known.run;
    const run = await runEmJob(caller, {
      rows,
      task,
      state: known?.state,
      signal: options.signal,
      onStart: () => {
        this.#began ??= performance.now();
      },
      onState: (state) => memory.keep(key, { kind: 'running', state } satisfies RunOutcome),
      onProgress: this.#reporterOf(request),
    });
    memory.keep(key, { kind: 'ended', run } satisfies RunOutcome);
    return run;
  }

  proposeMoves({ sample, ...request }: MovesRequest): Promise<Parameters[]> {
    const { caller, data, options } = this.context;
    const { settings, signal } = options;
    const { rows, moments } = sample;
    const { prior } = this;
    const task = {
      kind: 'moves',
      ...request,
      nComponents: this.shape.nComponents,
      settings,
      prior,
      moments,
      dataMoments: data.reference,
    } as const;
    return runMovesJob(caller, rows, task, signal);
  }

  async logDensitiesOf(rows: SharedRows, parameters: Parameters): Promise<Float64Array> {
    const logDensity = new Float64Array(new SharedArrayBuffer(8 * rows.nSamples));
    await runScore(this.context.caller, rows, parameters, { logDensity }, this.context.options.signal);
    return logDensity;
  }

  seconds(): number {
    return this.#began === undefined ? 0 : (performance.now() - this.#began) / 1000;
  }

  #reporterOf({ phase, stage, name, nRuns, start, rows, task }: RunRequest | VariationalRequest) {
    const { onProgress } = this.context.options;
    if (!onProgress) return undefined;
    const label = labelOf(this.shape);
    return ({ iteration, meanLogLikelihood }: { iteration: number; meanLogLikelihood: number }) =>
      onProgress({
        type: 'iteration',
        ...label,
        phase,
        start,
        nSamples: rows.nSamples,
        iteration,
        maxIter: task.settings.maxIter,
        meanLogLikelihood,
        share: this.#workShare.follow(stage, name, nRuns, iteration),
      });
  }
}

/** What callers are told of the model that is fitted. */
export function labelOf({ nComponents, covarianceType, noise }: ModelShape): FitEvent {
  return { nComponents, covarianceType, hasNoise: noise !== undefined };
}

/** The name of a fit in the call's memory. */
export function nameOf({ covarianceType, nComponents, noise }: ModelShape): string {
  return `${covarianceType} ${nComponents}${noise ? ' noise' : ''}`;
}
