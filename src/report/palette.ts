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
