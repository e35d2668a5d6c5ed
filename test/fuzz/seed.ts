/** The seed of the long tests, another one each time. A failure names it; `FUZZ_SEED=… npm run soak` runs the same again. */

/** Whole number below 2³¹. */
export const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

console.log(`FUZZ_SEED=${SEED} repeats this run`);
