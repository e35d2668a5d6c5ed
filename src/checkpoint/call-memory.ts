/**
 * What a call knows of its own work: the fits and runs that ended, and where the others are. Each has a name, by which the call asks
 * here before it does the work. With a checkpoint this is what an earlier, interrupted call of the same kind has left.
 */

/** Values are plain data: objects, arrays, `Float64Array`s, numbers, strings, booleans. */
export interface CallMemory {
  /**
   * @param isWanted - whether a value is of the kind that is kept under such names
   * @returns undefined where nothing of this kind is kept
   */
  recall<Value>(name: string, isWanted: (value: unknown) => value is Value): Value | undefined;
  keep(name: string, value: unknown): void;
  /** Drops everything whose name begins so: it is part of something that was kept. */
  forget(prefix: string): void;
}

/** The memory of a call that nothing continues. */
export const NO_MEMORY: CallMemory = {
  recall: () => undefined,
  keep: () => undefined,
  forget: () => undefined,
};
