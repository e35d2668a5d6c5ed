/**
 * What a call knows of its own runs: those that ended, and where the others are. A run has a name that says which it
 * is; whoever needs one asks here first. With a checkpoint this is what an earlier, interrupted call of the same kind has left.
 */

/** Values are plain data: objects, arrays, `Float64Array`s, numbers, strings, booleans. */
export interface CallMemory {
  recall(name: string): unknown;
  keep(name: string, value: unknown): void;
  /** Drops everything whose name begins so: it is part of something that was kept. */
  forget(prefix: string): void;
}

/** That of a call that no one will continue. */
export const NO_MEMORY: CallMemory = {
  recall: () => undefined,
  keep: () => undefined,
  forget: () => undefined,
};
