/** The largest counts that calls take: beyond them memory would end before the work does. */

/** Columns: k = 1 alone has matrices of 16,384² numbers, 2 GiB each. */
export const MOST_FEATURES = 16_384;

/** Components: of one column, as many as a thread has memory for with the responsibilities of a stretch of rows. */
export const MOST_COMPONENTS = 65_536;

/** Starts of one fit: all are held until the last has ended. */
export const MOST_STARTS = 10_000;

/** Models of a sweep: all begin at once and are held until the last has ended. */
export const MOST_CELLS = 10_000;

/** Starts of a sweep's models together. */
export const MOST_SWEEP_STARTS = 100_000;

/** Numbers of a model's covariances: 8 GiB. */
export const MOST_COVARIANCES = 2 ** 30;

/** Numbers that one call returns in one array of its own: 2 GiB. */
export const MOST_NUMBERS = 2 ** 28;
