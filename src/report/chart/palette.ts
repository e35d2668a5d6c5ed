/**
 * Colours that people with any colour vision can tell apart on white: Okabe and Ito, "Color universal design" (2008),
 * without their black and yellow. Colour is never the only sign: there is a shape or a number as well.
 */

export const BLUE = '#0072b2';
const ORANGE = '#e69f00';
export const GREEN = '#009e73';
export const PURPLE = '#cc79a7';
const SKY = '#56b4e9';
export const VERMILLION = '#d55e00';

/** The colours of a component. */
export interface ComponentColour {
  /** Of its points and curves. */
  fill: string;
  /** Of lines that cross its own points: the same colour, darker. */
  stroke: string;
}

const CYCLE = [BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION];
/** Share of the brightness that is left in the first, second and third round through the cycle. */
const SHADES = [1, 0.55, 0.8];
const LINE_SHADE = 0.65;

/**
 * @param j - number of the component, from 0
 * @returns its colours; darker ones from the seventh component on, the first ones again from the nineteenth on
 */
export function componentColour(j: number): ComponentColour {
  const colour = CYCLE[j % CYCLE.length];
  const shade = SHADES[Math.floor(j / CYCLE.length) % SHADES.length];
  return { fill: darken(colour, shade), stroke: darken(colour, shade * LINE_SHADE) };
}

/** @returns red, green and blue of `#rrggbb`, 0 to 255 */
export function parseColour(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

function darken(colour: string, share: number): string {
  const channels = parseColour(colour).map((channel) => Math.round(channel * share));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
