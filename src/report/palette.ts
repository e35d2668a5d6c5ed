/**
 * Colours that people with any colour vision tell apart on white: Okabe and Ito, "Color universal design" (2008),
 * without their black and yellow. Nothing is told by colour alone: there is a shape or a number as well.
 */

export const BLUE = '#0072b2';
export const ORANGE = '#e69f00';
export const GREEN = '#009e73';
export const PURPLE = '#cc79a7';
export const SKY = '#56b4e9';
export const VERMILLION = '#d55e00';

/** The colours of a component. */
export interface ComponentColour {
  /** Of its points and curves. */
  fill: string;
  /** Of lines over its own points: the same, darker. */
  stroke: string;
}

const CYCLE = [BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION];
/** Share of the colour's light that is left in the second, third … time round. */
const SHADES = [1, 0.55, 0.8];
const LINE_SHADE = 0.65;

/**
 * @param k - number of components
 * @returns k colours; from the seventh component on darker ones, from the nineteenth on the same again
 */
export function createComponentColours(k: number): ComponentColour[] {
  return Array.from({ length: k }, (_, j) => {
    const colour = CYCLE[j % CYCLE.length];
    const shade = SHADES[Math.floor(j / CYCLE.length) % SHADES.length];
    return { fill: darken(colour, shade), stroke: darken(colour, shade * LINE_SHADE) };
  });
}

function darken(colour: string, share: number): string {
  const channels = [1, 3, 5].map((at) => Math.round(Number.parseInt(colour.slice(at, at + 2), 16) * share));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
