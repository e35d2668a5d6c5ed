/** Time as tests measure it: a machine that is busy with something else does not make it longer. */

/** @returns milliseconds of processor time that this process has used, all its threads together */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** How often the time is looked at. */
const LOOK_MS = 100;

/** @returns a signal that aborts when this process has used so much more processor time, and what calls it off */
export function abortAfterProcessorMs(ms: number): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const end = processorMs() + ms;
  const timer = setInterval(() => {
    if (processorMs() >= end) controller.abort(new Error(`it takes more than ${ms} ms`));
  }, LOOK_MS);
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}
