/**
 * Ctrl-C and the signals that ask a process to end. The first stops the work, which gets a moment to clean up, and
 * then ends the process, whatever it is at; a second ends it at once. Either way what is temporary is removed and the
 * terminal put right by listeners of `exit`.
 */

/** What a command rejects with when a signal has ended it. */
export class Interrupted extends Error {
  /** 128 + the number of the signal, as shells have it. */
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('interrupted');
    this.exitCode = exitCode;
  }
}

/** SIGHUP is sent when the terminal is closed, SIGTERM by `kill`, `timeout` and whatever runs containers. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Time that work gets to end by itself and remove its temporary files. */
const CLEANUP_MS = 50;

const controller = new AbortController();

/** Heeds signals from now on. To be called once, before anything else. */
export function heedSignals(): void {
  for (const [name, exitCode] of Object.entries(EXIT_CODES)) {
    process.on(name as keyof typeof EXIT_CODES, () => {
      if (controller.signal.aborted) process.exit(exitCode);
      controller.abort(new Interrupted(exitCode));
      setTimeout(() => process.exit(exitCode), CLEANUP_MS);
    });
  }
}

/** @returns why the process is ending, if a signal has come: whatever fails from then on fails for that */
export function interruption(): Interrupted | undefined {
  return controller.signal.reason;
}

/**
 * @param work - gets the signal that is aborted by Ctrl-C
 * @returns what `work` gives
 * @throws whatever `work` throws
 */
export async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  controller.signal.throwIfAborted();
  return work(controller.signal);
}
