/** Three rows of two columns, in the shapes that the tests need. */

export const ROWS = [
  [1, 2],
  [3, 4],
  [5, 6],
];
export const FLAT = [1, 2, 3, 4, 5, 6];

export async function* batches<T>(...parts: T[]) {
  yield* parts;
}
