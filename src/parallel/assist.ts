/** An assistant: works off shards of somebody else's job, pass after pass, till the job is over or it is asked to leave. */

import type { KernelSource } from '../kernel/kernel-cache.js';
import { Cancelled, type JobSpec, joinJob } from './job.js';

export function assist(kernels: KernelSource, job: JobSpec, seat: number): void {
  const { board, workThrough } = joinJob(kernels, job);
  try {
    // Pass 0 is not open yet, so it counts as done.
    for (let done = 0; ; ) {
      const pass = board.pass();
      if (pass < 0 || board.mustLeave(seat) || board.isCancelled()) return;
      if (pass === done) {
        board.awaitPassAfter(pass);
      } else {
        workThrough(pass, seat);
        done = pass;
      }
    }
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
  }
}
