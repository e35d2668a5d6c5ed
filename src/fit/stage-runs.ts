/** The runs of one stage of a fit: at the same time, on the same rows, each from a start or from the end of an earlier run. */

import type { Parameters } from '../core/parameters.js';
import type { CurvaturePair } from '../em/acceleration/quasi-newton.js';
import type { EmRun } from '../em/run.js';
import type { EmSettings } from '../em/settings.js';
import { SENSIBLE, standingOf } from '../em/standing.js';
import type { RunStart } from '../em/start/start.js';
import type { EmTask } from '../jobs/tasks.js';
import type { RunPhase } from '../progress-events.js';
import { effectiveRows, type SharedRows } from '../rows/shared-rows.js';
import type { StartedRun } from './finalists.js';
import type { PreparedData } from './prepared-data.js';
import type { Runner } from './runs.js';
import {
  APPROACH_ITERATIONS,
  APPROACH_TOL,
  SAMPLE_TOL,
  TRIAL_ITERATIONS,
  TRIAL_TOL,
} from './search-limits.js';
import { USUAL_MOVES } from './stages.js';

/** Where a run begins, and which start it descends from. */
export interface Contender {
  readonly start: number;
  readonly from: RunStart;
  /** The run from whose end it goes on. */
  readonly before?: StartedRun;
  readonly pairs?: readonly CurvaturePair[] | undefined;
  /** The move that it tries, named apart from all others on these rows, and the solution that it is from. */
  readonly move?: { readonly name: string; readonly of: StartedRun };
}

/** A contender that goes on from the end of a run. */
export function goOnFrom(before: StartedRun): Contender {
  const { start, run } = before;
  return { start, from: startAt(run.parameters), before, pairs: run.pairs };
}

/** What tells a contender's run from the others of its stage. */
function nameOf({ start, before, move }: Contender): string {
  if (move) return move.name;
  return before && before.moves > 0 ? `${start} after ${before.moves}` : String(start);
}

export function startAt(parameters: Parameters): RunStart {
  return { kind: 'parameters', parameters };
}

/** Short runs of starts, or runs of the best of them nearly to convergence, on a sample of `size` rows. */
export async function runOnSample(
  runner: Runner,
  contenders: readonly Contender[],
  { phase, stage, size, isTrial }: { phase: RunPhase; stage: number; size: number; isTrial: boolean },
): Promise<StartedRun[]> {
  const { data, options } = runner.context;
  const { rows, moments } = await data.sample(size);
  const { maxIter } = options.settings;
  const settings: EmSettings = isTrial
    ? {
        ...options.settings,
        convergence: 'aitken',
        // Curvature is measured near a maximum; on few rows it costs more time than passes.
        acceleration: 'none',
        tol: TRIAL_TOL,
        maxIter: Math.min(maxIter, TRIAL_ITERATIONS),
      }
    : {
        ...options.settings,
        convergence: 'aitken',
        tol: rows === data.rows ? APPROACH_TOL : SAMPLE_TOL,
        maxIter: Math.min(maxIter, APPROACH_ITERATIONS),
      };
  const task = { ...taskOf(runner, settings), moments, keepsPairs: true };
  return runAll(runner, contenders, { phase, stage, rows, task, isFinal: false });
}

/** Runs to the end on all rows, with the caller's rule of convergence. */
export function runOnAllRows(
  runner: Runner,
  contenders: readonly Contender[],
  { phase, stage }: { phase: RunPhase; stage: number },
): Promise<StartedRun[]> {
  const { data, options } = runner.context;
  const task = taskOf(runner, options.settings);
  return runAll(runner, contenders, { phase, stage, rows: data.rows, task, isFinal: true });
}

interface StageRequest {
  readonly phase: RunPhase;
  readonly stage: number;
  readonly rows: SharedRows;
  readonly task: Omit<EmTask, 'start'>;
  readonly isFinal: boolean;
}

function runAll(
  runner: Runner,
  contenders: readonly Contender[],
  { isFinal, ...request }: StageRequest,
): Promise<StartedRun[]> {
  const { rows, task } = request;
  const nEffective = effectiveRows(rows);
  return Promise.all(
    contenders.map(async (contender) => {
      const { start, from, before, pairs, move } = contender;
      const sofar = before?.rows === rows ? before.run : undefined;
      const left = Math.max(0, runner.context.options.settings.maxIter - (sofar?.nIterations ?? 0));
      const settings = { ...task.settings, maxIter: Math.min(task.settings.maxIter, left) };
      const ended = await runner.run({
        ...request,
        nRuns: move ? USUAL_MOVES : contenders.length,
        start,
        name: nameOf(contender),
        task: { ...task, settings, start: from, pairs, goal: move && goalOf(move.of) },
      });
      const run = sofar ? join(sofar, ended) : ended;
      const origin = move?.of ?? before;
      const basin = origin?.basin ?? [start];
      const moves = (origin?.moves ?? 0) + (move ? 1 : 0);
      return { start, run, rows, isFinal, standing: standingOf(run, nEffective), moves, basin };
    }),
  );
}

/** What a move from a solution is to beat: nothing if the solution is not to be trusted, as then one with a lower objective is better. */
function goalOf({ run, standing }: StartedRun): number | undefined {
  return standing === SENSIBLE ? run.objective : undefined;
}

/** Two runs on the same rows, of which the second goes on from the end of the first, as one. */
function join(first: EmRun, second: EmRun): EmRun {
  const { collapse } = second;
  return {
    ...second,
    collapse: collapse && { ...collapse, iteration: first.nIterations + collapse.iteration },
    nIterations: first.nIterations + second.nIterations,
    trace: [...first.trace, ...second.trace],
  };
}

/** The task of a run on all rows, but for its start. */
function taskOf(runner: Runner, settings: EmSettings): Omit<EmTask, 'start'> {
  const { moments, reference }: PreparedData = runner.context.data;
  const { shape, prior } = runner;
  return { kind: 'em', shape, settings, prior, moments, dataMoments: reference };
}
