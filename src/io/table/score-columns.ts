/** Names of the columns that `predict` and `sample` write; files that are read are checked for them. */

/** The component of a row: the most probable component, or the component that the row was drawn from. */
export const LABEL = 'label';

/** The probability of noise. */
const NOISE = 'p_noise';

/** @returns names of the columns that `predict` writes for k components, in their order */
export function scoreNames(k: number, hasNoise = false): string[] {
  const components = Array.from({ length: k }, (_, j) => `p${j}`);
  return [LABEL, ...components, ...(hasNoise ? [NOISE] : []), 'uncertainty', 'log_density'];
}

/** Whether a column has the name of a label or of a score. */
export function isScoreName(name: string): boolean {
  return /^(label|component|p\d+|p_noise|uncertainty|log_density)$/.test(name);
}

/**
 * Finds the scores that `predict` wrote: all of their names, next to each other, in order.
 *
 * @param names - names of the columns of a table, in order
 * @returns positions; empty if a name is missing or in another place
 */
export function findScores(names: readonly string[]): number[] {
  return names.flatMap((name, first) => {
    if (name !== LABEL) return [];
    let k = 0;
    while (names[first + 1 + k] === `p${k}`) k++;
    const block = scoreNames(k, names[first + 1 + k] === NOISE);
    return k > 0 && block.every((one, i) => names[first + i] === one) ? block.map((_, i) => first + i) : [];
  });
}

/**
 * Finds the label that `sample` wrote after the columns of a model. Only its name and its place identify it.
 *
 * @param names - names of the columns of a table, all numeric, in order
 * @returns its position, or nothing
 */
export function findDrawnLabel(names: readonly string[]): number[] {
  const last = names.length - 1;
  return last > 0 && names.indexOf(LABEL) === last ? [last] : [];
}
