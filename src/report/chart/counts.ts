/** Counts as people write them. */

/** @returns with commas between thousands: `1,234` */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** @returns `1 row`, `1,234 rows` */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** @returns `2 Gaussian components`, `1 t component` */
export function countComponents(mixture: {
  readonly nComponents: number;
  readonly degreesOfFreedom?: unknown;
}): string {
  return countOf(mixture.nComponents, mixture.degreesOfFreedom ? 't component' : 'Gaussian component');
}
