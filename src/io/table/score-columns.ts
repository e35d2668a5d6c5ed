/** The columns that `predict` and `sample` write, by name: to write them, and to know them again when they are read. */

/** The component of a row: the likeliest one, or the one that the row was drawn from. */
export const LABEL = 'label';

/** @returns names of the columns that `predict` writes for k components, in their order */
export function scoreNames(k: number): string[] {
  return [LABEL, ...Array.from({ length: k }, (_, j) => `p${j}`), 'uncertainty', 'log_density'];
}

/** Whether a column has the name of a component's number or of a score. */
export function isScoreName(name: string): boolean {
  return /^(label|component|p\d+|uncertainty|log_density)$/.test(name);
}

/**
 * Finds the scores that `predict` wrote by all of their names, which stand one after the other.
 *
 * @param names - of a table's columns, in their order
 * @returns positions; none where a name is missing or stands elsewhere
 */
export function findScores(names: readonly string[]): number[] {
  return names.flatMap((name, first) => {
    if (name !== LABEL) return [];
    let k = 0;
    while (names[first + 1 + k] === `p${k}`) k++;
    const block = scoreNames(k);
    return k > 0 && block.every((one, i) => names[first + i] === one) ? block.map((_, i) => first + i) : [];
  });
}

/**
 * Finds the label that `sample` wrote behind a model's columns. Nothing but its name and place tells that it is one.
 *
 * @param names - of a table's columns, all of numbers, in their order
 * @returns its position, if there is one
 */
export function findDrawnLabel(names: readonly string[]): number[] {
  const last = names.length - 1;
  return last > 0 && names.indexOf(LABEL) === last ? [last] : [];
}
