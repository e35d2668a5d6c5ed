/** Axis ticks at 1, 2 or 5 times a power of ten, labelled so that neighbours never read the same. */

/** An axis: the range it shows and its ticks. */
export interface Axis {
  /** Lowest and highest value shown; the first is below the second. */
  domain: [number, number];
  ticks: number[];
  /** One label a tick. */
  labels: string[];
}

/** 1, 2 or 5 times a power of ten; power and factor apart, because 10 ** power is inexact. */
interface Step {
  factor: 1 | 2 | 5;
  power: number;
}

function niceStep(atLeast: number): Step {
  const power = Math.floor(Math.log10(atLeast));
  const rest = atLeast / 10 ** power;
  if (rest <= 1) return { factor: 1, power };
  if (rest <= 2) return { factor: 2, power };
  return rest <= 5 ? { factor: 5, power } : { factor: 1, power: power + 1 };
}

/** i steps, rounded once: three of 0.1 are 0.3. */
function multiply({ factor, power }: Step, i: number): number {
  return Number(`${i * factor}e${power}`);
}

/**
 * @param low - where the bins must begin at the latest
 * @param high - where they must end at the earliest; not below `low`
 * @param width - the least width of a bin, > 0
 * @returns limits of adjacent bins, one more than there are bins
 */
export function computeBinLimits(low: number, high: number, width: number): number[] {
  const step = niceStep(width);
  const size = multiply(step, 1);
  const first = Math.floor(low / size);
  const last = Math.max(first + 1, Math.floor(high / size) + 1);
  return Array.from({ length: last - first + 1 }, (_, i) => multiply(step, first + i));
}

/**
 * @param low - lowest value
 * @param high - highest value
 * @returns whether an axis cannot tell them apart: float64 has 16 digits, so steps of 1e-12 of a value still
 *   count exactly, and below 1e-290 the powers of ten of the steps leave float64
 */
export function isOneValue(low: number, high: number): boolean {
  return high - low <= Math.max(1e-12 * Math.max(Math.abs(low), Math.abs(high)), 1e-290);
}

/**
 * @param low - lowest value to show
 * @param high - highest value to show
 * @param padding - room to leave at both ends, as a share of the range
 * @returns a range that is not empty
 */
export function padDomain(low: number, high: number, padding: number): [number, number] {
  if (!(low <= high)) return [0, 1];
  // One value alone: half of its size to either side, so that it stands in the middle.
  const room = isOneValue(low, high)
    ? Math.abs(low) > 1e-290
      ? Math.abs(low) / 2
      : 1
    : (high - low) * padding;
  return [low - room, high + room];
}

/**
 * @param domain - range of a count to show
 * @param target - most steps between ticks
 * @returns the axis, with ticks at whole numbers only
 */
export function createCountAxis(domain: [number, number], target: number): Axis {
  const [low, high] = domain;
  return createAxis(domain, Math.max(1e-3, Math.min(target, high - low)));
}

/**
 * @param domain - range to show
 * @param target - the range holds at most this many steps between ticks, at least two fifths of it
 * @returns the axis
 */
export function createAxis(domain: [number, number], target: number): Axis {
  const [low, high] = domain;
  const step = niceStep((high - low) / target);
  const size = multiply(step, 1);
  const ticks: number[] = [];
  for (let i = Math.ceil(low / size); i <= Math.floor(high / size); i++) ticks.push(multiply(step, i) + 0);
  const largest = Math.max(Math.abs(low), Math.abs(high));
  // Digits after the point of the scientific form that still tell neighbours apart.
  const digits = Math.max(0, Math.floor(Math.log10(largest)) - step.power);
  const plain = largest < 1e6 && step.power >= -4;
  const labels = ticks.map((tick) => {
    const text = plain ? tick.toFixed(Math.max(0, -step.power)) : tick.toExponential(digits).replace('+', '');
    return (tick === 0 && !plain ? '0' : text).replaceAll('-', '−');
  });
  return { domain, ticks, labels };
}
