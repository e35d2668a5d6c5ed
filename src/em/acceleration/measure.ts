/** The truncated Newton step with curvature measured on a part of the rows. */

import type { FactoredMixture } from '../../core/factored-mixture.js';
import type { Parameters } from '../../core/parameters.js';
import type { RowPart } from '../../rows/row-part.js';
import type { MStepResult } from '../m-step.js';
import type { AcceleratorState } from './accelerator-state.js';
import { solveNewton } from './newton.js';
import type { ParameterVector } from './parameter-vector.js';
import { type CurvaturePair, correctDirection, type Point } from './quasi-newton.js';

/** EM on a part of the rows. */
export interface PartialEm {
  /** A mixture and its EM step on a part of the rows; undefined if there is none. */
  step(
    parameters: Parameters,
    rows: RowPart,
  ): { readonly mixture: FactoredMixture; readonly image: MStepResult } | undefined;
  /** Passes over all rows that the run has left. */
  passesLeft(): number;
}

/** The map between mixtures and vectors. */
export type VectorMap = Pick<ParameterVector, 'toPoint' | 'fromVector'>;

/**
 * The truncated Newton step from a point.
 *
 * @param state - in/out: the index of the next part
 * @returns the direction, undefined if it cannot be computed, and the measured curvature pairs
 */
export function measureDirection(
  from: Point,
  state: AcceleratorState,
  vectors: VectorMap,
  part: PartialEm,
): { direction: Float64Array | undefined; pairs: readonly CurvaturePair[] } {
  const { oneIn, nextPart } = state;
  // Each time another part, since two parts rarely mislead in the same way. An odd increment visits all parts in turn.
  const rows = { oneIn, index: nextPart % oneIn };
  state.nextPart = (rows.index + oneIn / 2 + 1) % oneIn;
  const probe = (x: Float64Array): Point | undefined => {
    const found = part.step(vectors.fromVector(x), rows);
    return found && vectors.toPoint(found.mixture, found.image);
  };
  let pairs: readonly CurvaturePair[] = [];
  // The pairs on all rows correct the curvature of the part.
  const direction = correctDirection(from, state.ownPairs, (rest) => {
    const newton = solveNewton(rest, state.pairs, { probe });
    if (newton?.end !== 'solved') return undefined;
    pairs = newton.pairs;
    return newton.direction;
  });
  return { direction, pairs };
}
