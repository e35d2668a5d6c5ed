/** A colour for each component as style rules: the colours of pictures, darker on white and lighter on black. */

import { componentColour, parseColour } from '../chart/palette.js';

/** Share of black that gives every colour a contrast of about 3 : 1 with white paper. */
const SHADE = 0.18;
/** Share of white for a dark ground: for the first six colours, and for the darker ones that follow. */
const TINT = 0.25;
const LATER_TINT = 0.4;

/**
 * @param k - number of components
 * @returns the variables `--c0`, `--c1`, … for charts, and the classes `.c0`, `.c1`, … that set `--c` for swatches and bars
 */
export function componentStyle(k: number): string {
  const colours = Array.from({ length: k }, (_, j) => parseColour(componentColour(j).fill));
  const root = (mix: (part: number, j: number) => number) => {
    const variables = colours.map(
      (parts, j) => `--c${j}:rgb(${parts.map((part) => Math.round(mix(part, j))).join(' ')})`,
    );
    return `:root{${variables.join(';')}}`;
  };
  const light = root((part) => part * (1 - SHADE));
  const dark = root((part, j) => part + (255 - part) * (j < 6 ? TINT : LATER_TINT));
  const classes = colours.map((_, j) => `.c${j}{--c:var(--c${j})}`).join('');
  return `${light}@media screen and (prefers-color-scheme:dark){${dark}}${classes}`;
}
