/**
 * Figures from a shared machine: wait until other programs are idle, and measure again if they were not.
 *
 * Their time is the busy time of the processors less that of this process and of its children that have ended.
 */

import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Largest share of the machine that other programs may take during a measurement. */
const QUIET = 0.04;

/** Time for which the machine is observed before a measurement. */
const LOOK_MS = 300;

/** Clock ticks of /proc are hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** Processor seconds of children that have ended. Without /proc it is 0, and other programs seem busier than they are. */
function childrenSeconds() {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

/** Processor seconds that all other programs have used so far. */
function othersSeconds() {
  const busy = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  const { user, system } = process.cpuUsage();
  return busy / 1000 - (user + system) / 1e6 - childrenSeconds();
}

/** Runs `work` and measures the share of the machine that other programs took meanwhile. */
async function watch(work) {
  const start = performance.now();
  const before = othersSeconds();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  return { result, others: Math.max(0, (othersSeconds() - before) / (seconds * availableParallelism())) };
}

/**
 * @param patienceSeconds - most time for which one measurement waits and repeats; with 0 it runs once, at once
 * @returns measure: runs `work` and returns the result of its least disturbed run; others: the mean share of the machine
 *   that other programs took
 */
export function createQuiet(patienceSeconds) {
  const shares = [];
  return {
    async measure(work) {
      const end = performance.now() + 1000 * patienceSeconds;
      const inTime = () => performance.now() < end;
      let best;
      do {
        while (inTime() && (await watch(() => sleep(LOOK_MS))).others > QUIET);
        const run = await watch(work);
        if (!best || run.others < best.others) best = run;
      } while (best.others > QUIET && inTime());
      shares.push(best.others);
      return best.result;
    },
    others: () => shares.reduce((sum, share) => sum + share, 0) / shares.length,
  };
}
