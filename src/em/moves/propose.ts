/**
 * Moves from one solution to others of the same size that may be better: two components are merged, or one is left out, and another
 * is split in two; or two components share their rows out anew. EM alone never makes such a move, as the likelihood falls on the way.
 * (Ueda, Nakano, Ghahramani & Hinton, 2000.) One half of a move leads to a solution of one component fewer or more.
 *
 * Moves are ranked by lower bounds of their gain. At a maximum of EM, with responsibilities r and s of two components,
 *
 *   merging them loses at most   W (½ w log |Σ| − ½ w₁ log |Σ₁| − ½ w₂ log |Σ₂| + w₁ log w₁ + w₂ log w₂ − w log w)
 *                                + Σ (r + s) log (r + s) − r log r − s log s,   with w = w₁ + w₂
 *   leaving one out loses        W log (1 − w₁) − Σ log (1 − r)
 *   a split gains at least       what two components gain over one on its rows alone (local-split.ts)
 *
 * Of t components the loss of a merger is an estimate: the scale matrix and the degrees of freedom of the merged one are guesses.
 */

import { assembleMixture, type Component, componentsOf, mergeComponents } from '../../core/components.js';
import { computeFactors } from '../../core/covariance/factors.js';
import { type CovarianceType, familyOf } from '../../core/covariance/families.js';
import { type Moments, scalesOf } from '../../core/moments.js';
import type { Parameters } from '../../core/parameters.js';
import type { Random } from '../../core/random.js';
import type { SharedRows } from '../../rows/shared-rows.js';
import { findLocalSplit, type LocalFits, type Split } from './local-split.js';
import { joinMembers, type Overlap, timesLog } from './overlap.js';

/** What moves are proposed from. */
export interface MoveContext {
  readonly rows: SharedRows;
  /** Of the rows. */
  readonly moments: Moments;
  readonly random: Random;
  readonly fits: LocalFits;
}

/** Components that go, and those that take their place. */
interface Change {
  readonly out: readonly number[];
  readonly in: readonly Component[];
  /** Of the log-likelihood; negative for a loss. A lower bound. */
  readonly gain: number;
}

/** Pairs of components whose merger is considered, and pairs that are divided anew. */
const MERGERS = 6;
const DIVISIONS = 2;

/** A new division of two components must gain this much to be another solution. */
const LEAST_GAIN = 0.05;

/**
 * @param solution - a maximum of k components
 * @param nComponents - of the start values: k, k − 1 or k + 1
 * @param most - start values wanted
 * @returns start values, the most promising first
 */
export function proposeMoves(
  solution: Parameters,
  nComponents: number,
  overlap: Overlap,
  context: MoveContext,
  most: number,
): Parameters[] {
  const components = componentsOf(solution);
  return findChanges(solution, components, nComponents - solution.nComponents, overlap, context)
    .sort((one, other) => other.gain - one.gain)
    .slice(0, most)
    .map((change) =>
      assembleMixture(
        solution.covarianceType,
        [...components.filter((_, j) => !change.out.includes(j)), ...change.in],
        solution.noise,
      ),
    );
}

/** @param more - components that a change adds: none, one or −1 */
function findChanges(
  solution: Parameters,
  components: readonly Component[],
  more: number,
  overlap: Overlap,
  context: MoveContext,
): Change[] {
  const { covarianceType } = solution;
  const { moments, rows, random, fits } = context;
  const scales = scalesOf(moments);
  const splitOf = (members: Overlap['members'][number]): Split | undefined =>
    findLocalSplit(rows, members, solution, scales, random, fits);

  const mergers = findMergers(covarianceType, components, overlap, moments.totalWeight).slice(0, MERGERS);
  const removals = [...mergers, ...components.map((_, j) => leaveOut(components, j, overlap, moments))];
  if (more < 0) return removals;
  const splits = overlap.members.flatMap((members, j): Change[] => {
    const split = splitOf(members);
    return split ? [replace([j], components[j].weight, split, 0)] : [];
  });
  if (more > 0) return splits;
  const exchanges = removals.flatMap((removal) =>
    splits
      .filter((split) => !removal.out.includes(split.out[0]))
      .map((split) => ({
        out: [...removal.out, ...split.out],
        in: [...removal.in, ...split.in],
        gain: removal.gain + split.gain,
      })),
  );
  const divisions = mergers.slice(0, DIVISIONS).flatMap((merger): Change[] => {
    const [i, j] = merger.out;
    const split = splitOf(joinMembers(overlap.members[i], overlap.members[j]));
    const division =
      split && replace([i, j], components[i].weight + components[j].weight, split, merger.gain);
    return division && division.gain > LEAST_GAIN ? [division] : [];
  });
  return [...exchanges, ...divisions];
}

function replace(out: readonly number[], weight: number, { halves, gain }: Split, loss: number): Change {
  return {
    out,
    in: halves.map((half) => ({ ...half, weight: weight * half.weight })),
    gain: gain + loss,
  };
}

function leaveOut(
  components: readonly Component[],
  j: number,
  { withoutIt }: Overlap,
  { totalWeight }: Moments,
): Change {
  const gain = -withoutIt[j] - totalWeight * Math.log(Math.max(1 - components[j].weight, Number.MIN_VALUE));
  return { out: [j], in: [], gain };
}

/** Every merger of two components, the cheapest first. */
function findMergers(
  covarianceType: CovarianceType,
  components: readonly Component[],
  { entropy }: Overlap,
  totalWeight: number,
): Change[] {
  const k = components.length;
  const { form } = familyOf(covarianceType);
  const d = components[0].mean.length;
  /** ½ log |Σ| of a covariance in the family's form. */
  const halfLogDeterminant = (covariance: Float64Array) =>
    -computeFactors(form, form.fromMatrix(covariance, d), d).logDeterminants[0];
  const spreads = components.map(({ covariance }) => halfLogDeterminant(covariance));
  const mergers: Change[] = [];
  for (let i = 1; i < k; i++) {
    for (let j = 0; j < i; j++) {
      const [one, other] = [components[i], components[j]];
      const merged = mergeComponents(one, other);
      // A covariance that all share grows by the pair's part in it.
      const wider = form.isShared
        ? halfLogDeterminant(mix(one.covariance, merged.covariance, merged.weight)) - spreads[i]
        : merged.weight * halfLogDeterminant(merged.covariance) -
          one.weight * spreads[i] -
          other.weight * spreads[j];
      const weights = timesLog(one.weight) + timesLog(other.weight) - timesLog(merged.weight);
      const loss = totalWeight * (wider + weights) + entropy[i * k + j];
      mergers.push({
        out: [i, j],
        in: [merged],
        gain: Number.isFinite(loss) ? -loss : Number.NEGATIVE_INFINITY,
      });
    }
  }
  return mergers.sort((one, other) => other.gain - one.gain);
}

function mix(one: Float64Array, other: Float64Array, share: number): Float64Array {
  return one.map((value, i) => (1 - share) * value + share * other[i]);
}
