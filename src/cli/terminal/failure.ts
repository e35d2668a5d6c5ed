/** Failures as the shell sees them: what went wrong on standard error, and an exit code. */

import { CommanderError } from 'commander';
import { GmmError } from '../../index.js';
import { describeError } from './flag-names.js';
import { interruption } from './interrupt.js';
import { formatMessage } from './message.js';

/** What the process ends with. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/**
 * Tells what went wrong, `error: …`, and what to do on further lines; an interruption or a closed pipe needs no words.
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

/** The reader of our output has had enough (`| head`): no failure. */
function isClosedPipe(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error as NodeJS.ErrnoException).code === 'EPIPE' || isClosedPipe(error.cause);
}

function describeUsage({ code, message }: CommanderError): string {
  if (code === 'commander.help')
    return 'which command? fit, select, predict, sample or report; see parallel-gmm --help';
  // A suggestion (Did you mean …?) is on a line of its own.
  return message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
}
