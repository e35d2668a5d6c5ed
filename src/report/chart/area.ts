/** A panel of a chart: a rectangle with a linear scale to the right and one upwards. */

import type { Domain } from './axis.js';

/** A rectangle in pixels, from the upper left corner of the chart. */
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A rectangle with its scales. */
export interface Area extends Box {
  /** Value → pixels from the left. */
  toX: (value: number) => number;
  /** Value → pixels from the top. */
  toY: (value: number) => number;
}

/**
 * The scales are one line each: d3's scaleLinear would add 19 kB, most of it the interpolation of colours, to the script
 * of every report.
 *
 * @param box - the rectangle
 * @param xDomain - values at its left and its right edge
 * @param yDomain - values at its lower and its upper edge
 */
export function createArea(box: Box, xDomain: Domain, yDomain: Domain): Area {
  const { left, right, top, bottom } = box;
  const scale = ([low, high]: Domain, from: number, to: number) => {
    return (value: number) => from + ((value - low) / (high - low)) * (to - from);
  };
  return { ...box, toX: scale(xDomain, left, right), toY: scale(yDomain, bottom, top) };
}

/** Narrower panels, as in a matrix of pairs, have smaller marks. */
const SMALL_WIDTH = 220;

export function isSmall({ left, right }: Box): boolean {
  return right - left < SMALL_WIDTH;
}

/** @returns font size of the components' numbers in a panel, in pixels */
export function numberSize(box: Box): number {
  return isSmall(box) ? 11 : 13;
}
