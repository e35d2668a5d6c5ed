/**
 * A cell of a sweep is started from the solutions of its neighbours, too: those of one component more with two of them merged or one
 * left out, and those of one component fewer with one split. What one cell found helps the next. It is done where rows are so few
 * that these runs cost little beside the cell's own.
 */

import { familyOf } from '../core/covariance/families.js';
import { densityOf, type ModelShape } from '../core/parameters.js';
import { deriveSeed } from '../core/random.js';
import { GmmError } from '../errors.js';
import { estimatePass, USUAL_ITERATIONS } from '../jobs/work-share.js';
import { bestOf } from './finalists.js';
import { type Fitted, isFitOutcome } from './outcome.js';
import { planPolishing, polishWinner } from './polish.js';
import { type FitContext, nameOf, PoolRunner } from './runs.js';
import { LEAST_GAIN, MOVE_LIMITS } from './search-limits.js';
import { runOnAllRows, startAt } from './stage-runs.js';
import { replaceWinner, winnerOf } from './winner.js';

/** Most rows of data whose cells are started from their neighbours. */
const MOST_ROWS = 2000;

/** The seeds of these moves lie beyond those of all starts and of the moves within a cell. */
const SEEDS = 2 ** 31 + 2 ** 30;

/** The cells of a sweep with one component more or fewer. */
export function neighboursOf(shape: ModelShape, sweep: readonly ModelShape[]): ModelShape[] {
  return sweep.filter(
    ({ covarianceType, nComponents, noise }) =>
      covarianceType === shape.covarianceType &&
      noise === shape.noise &&
      Math.abs(nComponents - shape.nComponents) === 1,
  );
}

/** Whether cells of a call are started from their neighbours at all. */
export function usesNeighbours({ data, options }: FitContext): boolean {
  const { search, init } = options;
  return search !== 'none' && typeof init !== 'object' && data.rows.nSamples <= MOST_ROWS;
}

/**
 * Improves the cells of a call, in rounds. A cell is started from a solution of a neighbour once.
 *
 * @returns for a cell, its fit and those of its neighbours: the fit, with a better winner if the neighbours' solutions lead to one
 */
export function createImprovement(
  context: FitContext,
): (shape: ModelShape, fitted: Fitted, neighbours: readonly Fitted[], round: number) => Promise<Fitted> {
  const tried = new Set<string>();
  return async (shape, fitted, neighbours, round) => {
    if (fitted.prior || shape.nComponents === 1) return fitted;
    const untried = neighbours.filter(({ winner, prior }) => {
      const way = `${nameOf(shape)} from ${nameOf(winner.parameters)} at ${winner.objective}`;
      if (prior || tried.has(way)) return false;
      tried.add(way);
      return true;
    });
    return untried.length === 0 ? fitted : improve(context, shape, fitted, untried, round);
  };
}

async function improve(
  context: FitContext,
  shape: ModelShape,
  fitted: Fitted,
  others: readonly Fitted[],
  round: number,
): Promise<Fitted> {
  const { data, memory, options } = context;
  const { rows, moments } = data;
  const from = others.map(({ winner }) => nameOf(winner.parameters)).join(', ');
  const name = `${nameOf(shape)} round ${round} from ${from}`;
  const known = memory.recall(name, isFitOutcome);
  if (known?.kind === 'fitted') return known;

  const { inRound } = MOVE_LIMITS[options.search === 'thorough' ? 'thorough' : 'default'];
  const stage = {
    cost: estimatePass(rows.nSamples, shape, densityOf(options.settings)) * USUAL_ITERATIONS,
    usualIterations: USUAL_ITERATIONS,
  };
  const runner = new PoolRunner(context, shape, undefined, name, [stage, ...planPolishing(context, shape)]);
  const { stream } = familyOf(shape.covarianceType);
  const before = winnerOf(fitted, rows);
  let result = fitted;
  try {
    const sample = await data.sample(rows.nSamples);
    const starts = await Promise.all(
      others.map(({ winner }, i) =>
        runner.proposeMoves({
          solution: winner.parameters,
          sample,
          seed: deriveSeed(options.seed, shape.nComponents, stream, SEEDS + 2 * round + i),
          most: inRound,
        }),
      ),
    );
    const contenders = starts.flat().map((parameters, start) => ({
      start,
      from: startAt(parameters),
      move: { name: String(start), of: before },
    }));
    const ends = await runOnAllRows(runner, contenders, { phase: 'refit', stage: 0 });
    const [best] = bestOf([before, ...ends]);
    const gain = best.run.objective - before.run.objective;
    if (best.standing > before.standing || gain > LEAST_GAIN * moments.totalWeight) {
      const [polished] = bestOf(await polishWinner(runner, [best], 1));
      result = replaceWinner(fitted, polished, data, runner.seconds());
    }
  } catch (error) {
    // What the cell has found by itself stands.
    if (!(error instanceof GmmError) || options.signal?.aborted) throw error;
  }
  memory.keep(name, result);
  memory.forget(`${name}/`);
  return result;
}
