/** How a fit went, as plain data: what the fits of a call share, and a checkpoint keeps. */

import type { EmRun } from '../em/run.js';
import { type ErrorData, fromErrorData, type GmmError, toErrorData } from '../errors.js';
import type { LeadState } from '../jobs/tasks.js';
import type { Restart } from '../types.js';

/** A fit with a winner. */
export interface Fitted {
  readonly kind: 'fitted';
  readonly winner: EmRun;
  readonly restarts: readonly Restart[];
  /** From the beginning of the first run to the end of the last. */
  readonly seconds: number;
}

/** A fit that came to nothing. */
export interface Failed {
  readonly kind: 'failed';
  readonly error: ErrorData;
  /** The error beneath, of a failure that is not remembered. */
  readonly cause?: unknown;
  readonly seconds: number;
}

export type FitOutcome = Fitted | Failed;

/** A run of a fit: ended, or where it is. */
export type RunOutcome =
  | { readonly kind: 'ended'; readonly run: EmRun }
  | { readonly kind: 'running'; readonly state: LeadState };

export function failedWith(error: GmmError, seconds: number): Failed {
  return { kind: 'failed', error: toErrorData(error), cause: error.cause, seconds };
}

export function errorOf({ error, cause }: Failed): GmmError {
  return fromErrorData(error, cause);
}

export function isFitOutcome(value: unknown): value is FitOutcome {
  return hasKind(value, ['fitted', 'failed']);
}

export function isRunOutcome(value: unknown): value is RunOutcome {
  return hasKind(value, ['ended', 'running']);
}

function hasKind(value: unknown, kinds: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  return kinds.includes(String(value.kind));
}
