/**
 * Ctrl-C and other signals that ask a process to end. The first signal aborts the work, which gets a moment to clean up, then ends
 * the process in any case. A second signal ends it at once. Listeners of `exit` remove temporary files and restore the terminal.
 */

/** The reason with which a command rejects after a signal. */
class Interrupted extends Error {
  /** 128 + the number of the signal, as in shells. */
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('interrupted');
    this.exitCode = exitCode;
  }
}

/** SIGHUP is sent when the terminal closes, SIGTERM by `kill`, `timeout` and container runtimes. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** So much time the work gets to end by itself and to remove its temporary files. */
const CLEANUP_MS = 50;

const controller = new AbortController();

/** Handles signals from now on. Call it once, before anything else. */
export function heedSignals(): void {
  for (const [name, exitCode] of Object.entries(EXIT_CODES)) {
    process.on(name as keyof typeof EXIT_CODES, () => {
      if (controller.signal.aborted) process.exit(exitCode);
      controller.abort(new Interrupted(exitCode));
      setTimeout(() => process.exit(exitCode), CLEANUP_MS);
    });
  }
}

/** @returns the interruption, if there was a signal: it is the cause of every later failure */
export function interruption(): Interrupted | undefined {
  return controller.signal.reason;
}

/**
 * @param work - gets the `AbortSignal` that Ctrl-C aborts
 * @returns the result of `work`
 * @throws errors of `work`
 */
export async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  controller.signal.throwIfAborted();
  return work(controller.signal);
}
