/**
 * What a leader does with its job inside its worker: moments of the data, one run of EM, moves from a solution, or the scores of
 * rows. All but moves are passes of the kernel over shards. Between two shards a leader may give up its thread (preemption). The next
 * leader is told where the run was, and finds an open pass as it was left.
 */

import { factorMixture } from '../core/factored-mixture.js';
import { TOTALS_LENGTH } from '../core/statistics.js';
import { measureMoments } from '../em/moments.js';
import { measureBox } from '../em/noise-box.js';
import type { EStep } from '../em/run.js';
import type { KernelSource } from '../kernel/kernel-cache.js';
import { prepareInto } from '../kernel/prepare.js';
import { Cancelled, type JobSpec, joinJob, Yielding } from '../parallel/job.js';
import { leadPasses } from '../parallel/lead-pass.js';
import { type LeadListener, leadEm } from './lead-em.js';
import { leadMoves } from './lead-moves.js';
import type { LeadResults, LeadState, LeadTask } from './tasks.js';

/**
 * @param state - where an earlier leader was, if there was one
 * @returns what `LeadResults` has under the task's kind
 * @throws Cancelled when the caller wants no more; Yielding when the thread is wanted for another job
 */
export function lead(
  kernels: KernelSource,
  job: JobSpec,
  task: LeadTask,
  state: LeadState | undefined,
  listener: LeadListener,
): LeadResults[LeadTask['kind']] {
  const participant = joinJob(kernels, job);
  const passes = leadPasses(participant);
  const eStep: EStep = (mixture, part) => {
    prepareInto(passes.parameters, mixture);
    return passes.run(part);
  };
  const work = (): LeadResults[LeadTask['kind']] => {
    switch (task.kind) {
      case 'moments':
        return measureMoments(job.rows, eStep);
      case 'box':
        return measureBox(job.rows, task.moments, () => {
          if (participant.board.isCancelled()) throw new Cancelled();
        });
      case 'score':
        return eStep(factorMixture(task.parameters)).slice(0, TOTALS_LENGTH);
      case 'moves':
        return leadMoves(kernels, job.rows, participant, task);
      case 'em':
        return leadEm(job, participant, task, state, eStep, listener);
    }
  };
  try {
    const result = work();
    passes.close();
    return result;
  } catch (error) {
    if (!(error instanceof Yielding)) passes.close();
    throw error;
  }
}
