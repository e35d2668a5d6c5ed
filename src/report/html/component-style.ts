/** A colour for each component, as style rules: the same class is darker on white and lighter on black. */

import { BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILLION } from '../palette.js';

const COLOURS = [BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION];
/** Share of black on white paper and of white on black: 3 : 1 contrast or more for every colour above. */
const SHADE = 0.18;
const TINT = 0.25;

/** @returns a rule for each component, `.c0{--c:…}` */
export function componentStyle(k: number): string {
  const rules = (mix: (colour: number[]) => number[]) =>
    Array.from(
      { length: k },
      (_, j) => `.c${j}{--c:rgb(${mix(colourOf(j)).map(Math.round).join(' ')})}`,
    ).join('');
  const light = rules((colour) => colour.map((part) => part * (1 - SHADE)));
  const dark = rules((colour) => colour.map((part) => part + (255 - part) * TINT));
  return `${light}@media screen and (prefers-color-scheme:dark){${dark}}`;
}

/** Red, green, blue; components beyond the palette go around the colour wheel by the golden angle. */
function colourOf(j: number): number[] {
  if (j < COLOURS.length) return [1, 3, 5].map((at) => Number.parseInt(COLOURS[j].slice(at, at + 2), 16));
  const hue = (j * 137.508) % 360;
  // hsl(hue, 55 %, 45 %), as CSS Color 4 computes it.
  return [0, 8, 4].map((n) => {
    const at = (n + hue / 30) % 12;
    return 255 * (0.45 - 0.55 * 0.45 * Math.max(-1, Math.min(at - 3, 9 - at, 1)));
  });
}
