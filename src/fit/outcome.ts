/** How a fit went, as plain data: what the fits of a call share, and a checkpoint keeps. */

import type { Prior } from '../core/prior.js';
import type { EmRun } from '../em/run.js';
import type { VariationalRun } from '../em/variational/run.js';
import { type ErrorData, fromErrorData, type GmmError, toErrorData } from '../errors.js';
import type { LeadState } from '../jobs/tasks.js';
import type { Restart } from '../results.js';

/** A fit with a winner. */
export interface Fitted {
  readonly kind: 'fitted';
  readonly winner: EmRun | VariationalRun;
  /** That it was fitted with; undefined for maximum likelihood. */
  readonly prior?: Prior | undefined;
  /** Whether the prior came in only because every start collapsed without. */
  readonly isRegularized?: boolean;
  /** What every start collapsed onto then, for a person. */
  readonly collapse?: string | undefined;
  readonly restarts: readonly Restart[];
  /** From the beginning of the first run to the end of the last. */
  readonly seconds: number;
}

/** A fit that came to nothing. */
export interface Failed {
  readonly kind: 'failed';
  readonly error: ErrorData;
  /** The error itself, where the failure is not remembered. */
  readonly original?: GmmError;
  /** What every start collapsed onto. */
  readonly collapse?: string | undefined;
  readonly seconds: number;
}

export type FitOutcome = Fitted | Failed;

/** A run of a fit: ended, or where it is. */
export type RunOutcome =
  | { readonly kind: 'ended'; readonly run: EmRun }
  | { readonly kind: 'running'; readonly state: LeadState };

export function failedWith(error: GmmError, seconds: number): Failed {
  return { kind: 'failed', error: toErrorData(error), original: error, seconds };
}

export function errorOf({ error, original }: Failed): GmmError {
  return original ?? fromErrorData(error);
}

/** An outcome as plain data, to be remembered. */
export function toPlainOutcome(outcome: FitOutcome): FitOutcome {
  if (outcome.kind === 'fitted') return outcome;
  const { error, seconds, collapse } = outcome;
  return { kind: 'failed', error, seconds, ...(collapse !== undefined && { collapse }) };
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
