/**
 * How far the end of a run can be trusted, before its objective is looked at.
 *
 * The likelihood has no maximum: a component on few rows that happen to lie near a line or a point makes it as high as the floor
 * allows. Such a solution is no better for a higher likelihood, so it loses against every sensible one. (Day, Biometrika 56, 1969;
 * McLachlan & Peel, Finite Mixture Models, 2000, section 3.10.)
 */

import { familyOf } from '../core/covariance/families.js';
import { componentShare } from '../core/parameters.js';
import type { EmRun } from './run.js';

/** A component with a covariance of its own needs 2 (d + 1) effective rows. */
const ROWS_PER_DIMENSION = 2;

/** With fewer than d + 2 effective rows it says nothing: d + 1 points are the corners of a simplex, whose shape fits any of them. */
const SIMPLEX = 2;

/** Runs on the same rows whose objectives for each row differ by less are at the same optimum. */
export const SAME_OPTIMUM = 5e-5;

/** From worst to best: a component collapsed, or has hardly any rows, or few, or neither. */
export const COLLAPSED = 0;
export const NEEDLE = 1;
export const SPURIOUS = 2;
export const SENSIBLE = 3;

/** @param effectiveRows - the effective sample size of the run's rows */
export function standingOf({ status, parameters }: EmRun, effectiveRows: number): number {
  if (status === 'degenerate') return COLLAPSED;
  const { covarianceType, nFeatures: d, weights } = parameters;
  // A shared covariance is estimated from all rows, or from all that are not noise.
  const { isShared } = familyOf(covarianceType).form;
  if (isShared && !parameters.noise) return SENSIBLE;
  const smallest = isShared
    ? componentShare(parameters)
    : weights.reduce((least, weight) => Math.min(least, weight), 1);
  const rows = smallest * effectiveRows;
  if (rows >= ROWS_PER_DIMENSION * (d + 1)) return SENSIBLE;
  return rows >= d + SIMPLEX ? SPURIOUS : NEEDLE;
}
