/** Processor time, the clock of the tests: other work on the machine does not make it longer. */

/** @returns milliseconds of processor time used by all threads of this process */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Time between two looks at the clock. */
const LOOK_MS = 100;

/** @returns a signal that aborts after `ms` more milliseconds of processor time, and `stop`, which cancels it */
export function abortAfterProcessorMs(ms: number): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const end = processorMs() + ms;
  const timer = setInterval(() => {
    if (processorMs() >= end) controller.abort(new Error(`it takes more than ${ms} ms`));
  }, LOOK_MS);
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}
