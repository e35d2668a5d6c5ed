/** Preemption: who gives up a thread when jobs wait and every thread is taken. Assistants go first, then leaders. */

import { SLICE_MS } from './fair-queue.js';
import type { JobBoard } from './job-board.js';
import type { PoolJob } from './pool-job.js';

/**
 * Asks as many workers to give up their threads as are wanted. Workers asked earlier count.
 *
 * @param running - the jobs that have a leader
 * @param wanted - number of threads
 * @param leadOf - ms of thread time by which a job's caller is ahead of the next caller with a waiting job
 */
export function preempt(running: readonly PoolJob[], wanted: number, leadOf: (job: PoolJob) => number): void {
  let missing = wanted;
  for (const { board } of running) missing -= board?.nLeaving ?? 0;
  for (const { board } of running) missing -= board?.dismissAssistants(missing) ?? 0;
  for (const board of boardsToYield(running, missing, leadOf)) board.askToYield();
}

/** The boards whose callers are furthest ahead, and ahead by more than a slice. */
function boardsToYield(
  running: readonly PoolJob[],
  wanted: number,
  leadOf: (job: PoolJob) => number,
): JobBoard[] {
  const nYielding = running.filter(({ board }) => board?.isYielding).length;
  const missing = Math.max(0, wanted - nYielding);
  return running
    .flatMap((job) => (job.board && !job.board.isYielding ? [{ board: job.board, ahead: leadOf(job) }] : []))
    .filter(({ ahead }) => ahead > SLICE_MS)
    .sort((a, b) => b.ahead - a.ahead)
    .slice(0, missing)
    .map(({ board }) => board);
}
