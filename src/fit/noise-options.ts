/** The option `noise`. */

import { invalidOption } from '../option-checks.js';

/** Whether mixtures have noise. Of a sweep both may be tried. */
export interface NoiseChoice {
  readonly kinds: readonly boolean[];
  /** V; undefined where the data tell it. */
  readonly volume: number | undefined;
}

/**
 * @param others - values beside true, false and `{ volume }`
 * @throws GmmError INVALID_OPTION
 */
export function resolveNoise(value: unknown, others: readonly 'both'[]): NoiseChoice {
  if (value === undefined || value === false) return { kinds: [false], volume: undefined };
  if (value === true) return { kinds: [true], volume: undefined };
  if (others.includes(value as 'both')) return { kinds: [false, true], volume: undefined };
  const wanted = `true, false${others.map((name) => `, '${name}'`).join('')} or { volume }`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidOption('noise', wanted, value);
  }
  const unknown = Object.keys(value).find((name) => name !== 'volume');
  if (unknown !== undefined) throw invalidOption('noise', `${wanted}, without other fields`, unknown);
  const { volume } = value as { volume?: unknown };
  if (volume === undefined) return { kinds: [true], volume };
  if (typeof volume !== 'number' || !(volume > 0 && volume < Number.POSITIVE_INFINITY)) {
    throw invalidOption('noise', '{ volume } with a finite number > 0', volume);
  }
  return { kinds: [true], volume };
}
