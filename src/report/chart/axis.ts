/** Axes: the range that is shown, and ticks at 1, 2 or 5 times a power of ten whose labels all differ. */

import { ticks as niceTicks, tickStep } from 'd3-array';
import { tickFormat } from 'd3-scale';

import { FONT_SIZE, textWidth } from './text-width.js';

/** Lowest and highest value; the first is below the second. */
export type Domain = [low: number, high: number];

export interface Axis {
  /** The range that is shown. */
  domain: Domain;
  ticks: readonly number[];
  /** One label per tick. */
  labels: readonly string[];
}

/** Makes an axis with at most `most` steps between its ticks. */
export type AxisMaker = (domain: Domain, most: number) => Axis;

/** Longer labels are written with a power of ten if that is shorter. */
const MOST_DIGITS = 7;

/** Least distance between two tick labels, in pixels. */
const LABEL_GAP = 12;

/**
 * d3 picks the step that is nearest to a number of steps, so there can be more steps than asked for.
 *
 * @param low - lowest value
 * @param high - highest value, above `low`
 * @param most - most steps, at least 1.5
 * @returns the number to give to d3 so that its step is at least (high − low) / most
 */
export function countSteps(low: number, high: number, most: number): number {
  let count = Math.ceil(most);
  while (count > 1 && tickStep(low, high, count) < (high - low) / most) count--;
  return count;
}

/**
 * Exponents are written only where plain labels would be long.
 *
 * @returns the axis with ticks at round numbers
 */
export const createAxis: AxisMaker = (domain, most) => {
  const [low, high] = domain;
  const count = countSteps(low, high, most);
  const ticks = niceTicks(low, high, count);
  const write = (type: 'f' | 'e') => {
    const format = tickFormat(low, high, count, type);
    return ticks.map((tick) =>
      tick === 0 && type === 'e' ? '0' : format(tick).replace('e+', 'e').replace('e-', 'e−'),
    );
  };
  const plain = write('f');
  const length = (labels: string[]) => Math.max(0, ...labels.map((label) => label.length));
  if (length(plain) <= MOST_DIGITS) return { domain, ticks, labels: plain };
  const powers = write('e');
  return { domain, ticks, labels: length(powers) < length(plain) ? powers : plain };
};

/** @returns the axis with ticks at whole numbers only */
export const createCountAxis: AxisMaker = (domain, most) =>
  createAxis(domain, Math.max(1.5, Math.min(most, domain[1] - domain[0])));

/** @returns the axis without ticks below zero */
export const createPositiveAxis: AxisMaker = (domain, most) => {
  const { ticks, labels } = createAxis(domain, most);
  const isShown = (_: unknown, i: number) => ticks[i] >= 0;
  return { domain, ticks: ticks.filter(isShown), labels: labels.filter(isShown) };
};

/**
 * @param create - makes the axis
 * @param domain - its range
 * @param room - its length to the right, in pixels
 * @param tickDistance - least pixels between its ticks
 * @returns an axis with labels that do not touch
 */
export function createFittingAxis(
  create: AxisMaker,
  domain: Domain,
  room: number,
  tickDistance: number,
): Axis {
  const axis = create(domain, Math.max(2, room / tickDistance));
  // Wide labels need fewer ticks; fewer ticks never need wider labels.
  const distance = widestLabel(axis) + LABEL_GAP;
  return distance > tickDistance ? create(domain, Math.max(2, room / distance)) : axis;
}

/** @returns width of the widest tick label in pixels */
export function widestLabel({ labels }: Axis): number {
  return labels.reduce((widest, label) => Math.max(widest, textWidth(label, FONT_SIZE)), 0);
}

/**
 * Float64 has 16 digits, so steps of 1e-12 of a value still count exactly. Below 1e-290 the powers of ten of the steps
 * leave float64.
 *
 * @param low - lowest value
 * @param high - highest value
 * @returns whether the two are too close for an axis between them
 */
export function isOneValue(low: number, high: number): boolean {
  return high - low <= Math.max(1e-12 * Math.max(Math.abs(low), Math.abs(high)), 1e-290);
}

/**
 * @param low - lowest value to show
 * @param high - highest value to show
 * @param padding - room at both ends, as a share of the range
 * @returns a range that is not empty
 */
export function padDomain(low: number, high: number, padding: number): Domain {
  if (!(low <= high)) return [0, 1];
  // A single value stands in the middle, with half of its size to either side.
  const room = isOneValue(low, high)
    ? Math.abs(low) > 1e-290
      ? Math.abs(low) / 2
      : 1
    : (high - low) * padding;
  return [low - room, high + room];
}
