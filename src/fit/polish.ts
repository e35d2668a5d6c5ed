/**
 * Polishing the winner of a fit: its run goes on until nothing is left to gain. All other runs end where the rule of convergence
 * ends them.
 */

import { densityOf, type ModelShape } from '../core/parameters.js';
import type { EmRun } from '../em/run.js';
import type { EmSettings } from '../em/settings.js';
import { estimatePass, type Stage } from '../jobs/work-share.js';
import { bestOf, isAdmissible, type StartedRun } from './finalists.js';
import type { FitContext, Runner } from './runs.js';

/** Passes that polishing usually takes. */
const USUAL_PASSES = 10;

/** A winner that took few passes counts as if it had taken this part of the passes of the fit: polishing may cost as much. */
const WINNER_SHARE = 1 / 6;

/** The stage of polishing; none where the fit of a shape is not polished. */
export function planPolishing({ data, options }: FitContext, shape: Runner['shape']): Stage[] {
  if (!isPolished(options.settings, shape)) return [];
  const cost = USUAL_PASSES * estimatePass(data.rows.nSamples, shape, densityOf(options.settings));
  return [{ cost, usualIterations: USUAL_PASSES }];
}

/**
 * @param runs - all runs of a fit
 * @param stage - index of the stage of polishing
 * @returns the runs, with the best polished. If it collapses, it was on its way there, and the next best is polished. If all
 *   collapse, the runs as they were
 * @throws the reason of the signal
 */
export async function polishWinner(
  runner: Runner,
  runs: readonly StartedRun[],
  stage: number,
): Promise<readonly StartedRun[]> {
  const { settings } = runner.context.options;
  if (!isPolished(settings, runner.shape)) return runs;
  const passes = countPasses(runs, runner.context.data.rows.nSamples);
  const polished = [...runs];
  const candidates = bestOf(runs.filter((run) => run.isFinal && isAdmissible(run)));
  for (const candidate of candidates) {
    const { status, isAtEnd, nIterations } = candidate.run;
    if (status !== 'converged' || isAtEnd || nIterations >= settings.maxIter) return polished;
    const run = await polishRun(runner, candidate, stage, passes);
    polished[runs.indexOf(candidate)] = { ...candidate, run };
    if (run.status !== 'degenerate') return polished;
  }
  return runs;
}

/**
 * Whoever chooses another rule of convergence or exact EM chooses where runs end. With a ridge EM has no maximum to go to, and one
 * component without noise starts at its maximum.
 */
function isPolished(
  { convergence, acceleration, regCovar, tol }: EmSettings,
  { nComponents, noise }: ModelShape,
): boolean {
  const isClosedForm = nComponents === 1 && !noise;
  return !isClosedForm && convergence === 'aitken' && acceleration === 'auto' && regCovar === 0 && tol > 0;
}

/** Passes of all runs; a pass over a sample counts as its share of the n rows. */
function countPasses(runs: readonly StartedRun[], n: number): number {
  return runs.reduce((sum, { run, rows }) => sum + run.nIterations * (rows.nSamples / n), 0);
}

async function polishRun(
  runner: Runner,
  { start, run, rows }: StartedRun,
  stage: number,
  passes: number,
): Promise<EmRun> {
  const { data, options } = runner.context;
  const { parameters, nIterations, trace } = run;
  const further = await runner.run({
    phase: 'polish',
    stage,
    name: String(start),
    nRuns: 1,
    start,
    rows,
    task: {
      kind: 'em',
      shape: runner.shape,
      prior: runner.prior,
      start: { kind: 'parameters', parameters },
      polishesAfter: Math.max(nIterations, WINNER_SHARE * passes),
      settings: { ...options.settings, maxIter: options.settings.maxIter - nIterations },
      moments: data.moments,
      dataMoments: data.reference,
    },
  });
  return {
    ...further,
    isAtEnd: true,
    nIterations: nIterations + further.nIterations,
    trace: [...trace, ...further.trace],
  };
}
