/**
 * Figures from a machine that others use, too: wait until they are quiet, and measure again where they were not.
 *
 * What they take is the processors' busy time less that of this process and its ended children.
 */

import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Share of the machine that others may take while something is measured. */
const QUIET = 0.04;

/** Length of a look at the machine. */
const LOOK_MS = 300;

/** Clock ticks of /proc are hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** Seconds of children that have ended; 0 where there is no /proc, and others then seem busier than they are. */
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

/** Runs `work` and sees what share of the machine others took meanwhile. */
async function watch(work) {
  const start = performance.now();
  const before = othersSeconds();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  return { result, others: Math.max(0, (othersSeconds() - before) / (seconds * availableParallelism())) };
}

/**
 * @param patienceSeconds - how long one measurement may be put off and repeated; 0: measured once, at once
 * @returns measure: work → its result, the least disturbed; others: the mean share that others took meanwhile
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
        const one = await watch(work);
        if (!best || one.others < best.others) best = one;
      } while (best.others > QUIET && inTime());
      shares.push(best.others);
      return best.result;
    },
    others: () => shares.reduce((sum, share) => sum + share, 0) / shares.length,
  };
}
