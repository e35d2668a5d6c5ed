/**
 * The memory of a call: the fits and runs that ended, and the states of the others. Each has a name. The call looks here before it
 * does the work. With a checkpoint, the memory is that of an earlier, interrupted call of the same kind.
 */

/** Values are plain data: objects, arrays, `Float64Array`s, numbers, strings, booleans. */
export interface CallMemory {
  /**
   * @param isWanted - whether a value is of the kind that is kept under such names
   * @returns undefined where nothing of this kind is kept
   */
  recall<Value>(name: string, isWanted: (value: unknown) => value is Value): Value | undefined;
  keep(name: string, value: unknown): void;
  /** Drops all names that begin so: their values are parts of a value that was kept. */
  forget(prefix: string): void;
}

/** The memory of a call that nothing continues. */
export const NO_MEMORY: CallMemory = {
  recall: () => undefined,
  keep: () => undefined,
  forget: () => undefined,
};
