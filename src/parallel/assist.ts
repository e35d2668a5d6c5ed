/** An assistant processes shards of a job that another worker leads, pass after pass, until the job ends or it is asked to leave. */

import type { KernelSource } from '../kernel/kernel-cache.js';
import { Cancelled, type JobSpec, joinJob } from './job.js';

export function assist(kernels: KernelSource, job: JobSpec, seat: number): void {
  const { board, processShards } = joinJob(kernels, job);
  try {
    // Pass 0 stands for "before the first pass", so it counts as done.
    for (let done = 0; ; ) {
      const pass = board.pass();
      if (pass === undefined || board.seats.mustLeave(seat) || board.isCancelled()) return;
      if (pass === done) {
        board.awaitPassAfter(pass);
      } else {
        processShards(pass, seat);
        done = pass;
      }
    }
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
  }
}
