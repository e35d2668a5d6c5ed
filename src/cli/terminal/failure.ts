/** Failures as the shell sees them: a message on standard error, and an exit code. */

import { CommanderError } from 'commander';
import { GmmError } from '../../index.js';
import { describeError } from './flag-names.js';
import { interruption } from './interrupt.js';
import { formatMessage } from './message.js';

/** Exit codes. */
const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/**
 * Writes `error: …`, with further lines that say what to do. For an interruption or a closed pipe it writes nothing.
 *
 * @returns the exit code
 */
export function reportFailure(error: unknown): number {
  const interrupted = interruption();
  if (interrupted) return interrupted.exitCode;
  if (isClosedPipe(error)) return EXIT.done;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    say(describeUsage(error));
    return EXIT.usage;
  }
  if (error instanceof GmmError) {
    say(describeError(error));
    return error.code === 'INVALID_OPTION' ? EXIT.usage : EXIT.failed;
  }
  say(error instanceof Error ? error.message : String(error));
  return EXIT.failed;
}

function say(message: string): void {
  process.stderr.write(formatMessage('error', message));
}

/** The reader of our output has closed the pipe (`| head`), which is no failure. */
function isClosedPipe(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error as NodeJS.ErrnoException).code === 'EPIPE' || isClosedPipe(error.cause);
}

function describeUsage({ code, message }: CommanderError): string {
  if (code === 'commander.help')
    return 'which command? fit, select, predict, sample or report; see parallel-gmm --help';
  // commander puts a suggestion (Did you mean …?) on a second line.
  return message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
}
