/** A colour for each component, as style rules: those of the pictures, darker on white and lighter on black. */

import { createComponentColours } from '../palette.js';

/** Share of black that gives every colour a contrast of 3 : 1 with white paper, or nearly. */
const SHADE = 0.18;
/** Share of white that makes colours bright enough for black, the first six and the darker ones that follow. */
const TINT = 0.25;
const LATER_TINT = 0.4;

/** @returns a rule for each component, `.c0{--c:…}` */
export function componentStyle(k: number): string {
  const colours = createComponentColours(k).map(({ fill }) =>
    [1, 3, 5].map((at) => Number.parseInt(fill.slice(at, at + 2), 16)),
  );
  const rules = (mix: (part: number, j: number) => number) =>
    colours
      .map((parts, j) => `.c${j}{--c:rgb(${parts.map((part) => Math.round(mix(part, j))).join(' ')})}`)
      .join('');
  const light = rules((part) => part * (1 - SHADE));
  const dark = rules((part, j) => part + (255 - part) * (j < 6 ? TINT : LATER_TINT));
  return `${light}@media screen and (prefers-color-scheme:dark){${dark}}`;
}
