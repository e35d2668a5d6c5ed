/** The largest counts that calls accept. Beyond them memory would run out before the work ends. */

/** Columns. At this number even k = 1 has matrices of 16,384² numbers, 2 GiB each. */
export const MOST_FEATURES = 16_384;

/** Components. At this number and d = 1 the responsibilities of one stretch of rows fill a thread's memory. */
export const MOST_COMPONENTS = 65_536;

/** Starts of one fit. All are held in memory until the last has ended. */
export const MOST_STARTS = 10_000;

/** Cells (models) of a sweep. All begin at once and are held in memory until the last has ended. */
export const MOST_CELLS = 10_000;

/** Starts of all cells of a sweep together. */
export const MOST_SWEEP_STARTS = 100_000;

/** Numbers of a model's covariances: 8 GiB. */
export const MOST_COVARIANCES = 2 ** 30;

/** Numbers that one call returns in one array of its own: 2 GiB. */
export const MOST_NUMBERS = 2 ** 28;
