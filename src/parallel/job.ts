/**
 * A job: rows, the shape of a kernel and the work on every shard, with one blackboard. The leader and its assistants
 * get the same description of it, and process shards in the same way.
 */

import type { Kernel, KernelShape } from '../kernel/kernel.js';
import type { KernelSource } from '../kernel/kernel-cache.js';
import { isSamePart, type RowPart, visitPieces } from '../rows/row-part.js';
import { copyRowsInto, type SharedRows } from '../rows/shared-rows.js';
import { type Blackboard, type BlackboardSpec, openBlackboard } from './blackboard.js';
import { LEADER } from './seats.js';
import { type ScoreOutputs, writeScores } from './write-scores.js';

export type { ScoreOutputs } from './write-scores.js';

/** The work on a shard. Its statistics, or the totals of its scores, go to its slot. */
export type ShardWork =
  | {
      readonly kind: 'accumulate';
      /** in/out: (n · k) responsibilities of the pass before, to track their changes. */
      readonly previous?: Float64Array | undefined;
    }
  | { readonly kind: 'score'; readonly outputs: ScoreOutputs };

/** A job as it is posted to workers. */
export interface JobSpec {
  readonly board: BlackboardSpec;
  readonly rows: SharedRows;
  readonly shape: KernelShape;
  readonly work: ShardWork;
}

/** Thrown inside a worker when the caller has cancelled the job; never reaches a caller. */
export class Cancelled extends Error {}

/** Thrown inside a leader that is asked to yield, between two shards; never reaches a caller. */
export class Yielding extends Error {}

/** A worker's view of a job. */
export interface Participant {
  readonly board: Blackboard;
  readonly kernel: Kernel;
  /** Whether a pass over all rows writes responsibilities that the next pass reads. The leader never yields inside such a pass. */
  readonly tracksChanges: boolean;
  /**
   * Claims and processes shards of an open pass until none is left.
   *
   * @throws Cancelled; Yielding, on the leader's seat
   */
  processShards(pass: number, seat: number): void;
  /**
   * Processes a shard that this worker has claimed.
   *
   * @throws Cancelled
   */
  processShard(pass: number, shard: number): void;
}

/** Prepares a worker for a job: opens the blackboard and gets a kernel of the job's shape. */
export function joinJob(kernels: KernelSource, job: JobSpec): Participant {
  const { rows, shape, work } = job;
  const board = openBlackboard(job.board);
  const kernel = kernels(shape);
  const { nSamples: n, sampleWeight } = rows;
  const tracksChanges = work.kind === 'accumulate' && work.previous !== undefined;
  let loadedPass = 0;

  const processShard = (pass: number, shard: number): void => {
    if (loadedPass !== pass) {
      kernel.parameters.set(board.parameters);
      loadedPass = pass;
    }
    kernel.statistics.fill(0);
    const part = board.part();
    const { shardRows } = board.spec;
    const end = Math.min(n, (shard + 1) * shardRows);
    for (let first = shard * shardRows; first < end; first += kernel.stretchRows) {
      if (board.isCancelled()) throw new Cancelled();
      const count = loadRows(kernel, rows, part, first, Math.min(first + kernel.stretchRows, end));
      if (work.kind === 'score') {
        kernel.score(count, sampleWeight !== undefined);
        writeScores(kernel, work.outputs, first, count, shape.nComponents);
      } else {
        const previous = part.oneIn > 1 ? undefined : work.previous;
        accumulate(kernel, previous, first, count, shape.nComponents, sampleWeight !== undefined);
      }
    }
    board.slot(shard).set(kernel.statistics.subarray(0, board.spec.statisticsLength));
    board.finish(pass, shard);
  };

  const processShards = (pass: number, seat: number): void => {
    const { nShards } = board.spec;
    let from = 0;
    for (;;) {
      if (seat === LEADER) {
        if (board.mustYield() && !tracksChanges) throw new Yielding();
      } else if (board.seats.mustLeave(seat)) {
        return;
      }
      const shard = board.claim(pass, seat, from);
      if (shard === undefined) return;
      processShard(pass, shard);
      from = (shard + 1) % nShards;
    }
  };
  return { board, kernel, tracksChanges, processShards, processShard };
}

/** The rows in a kernel's memory. */
interface Loaded {
  readonly rows: SharedRows;
  readonly part: RowPart;
  readonly first: number;
  readonly end: number;
  /** Number of them. */
  readonly count: number;
}

const loadedIn = new WeakMap<Kernel, Loaded>();

/**
 * Copies the rows of a part in [first, end), at most a stretch, into the kernel's memory. Where they are there from the call before, as
 * with few rows, nothing is copied.
 *
 * @returns the number of rows
 */
export function loadRows(
  kernel: Kernel,
  rows: SharedRows,
  part: RowPart,
  first: number,
  end: number,
): number {
  const known = loadedIn.get(kernel);
  if (known?.rows === rows && known.first === first && known.end === end && isSamePart(known.part, part)) {
    return known.count;
  }
  const { nSamples, nFeatures, sampleWeight } = rows;
  let loaded = 0;
  visitPieces(part, nSamples, first, end, (at, count) => {
    copyRowsInto(kernel.rows.subarray(loaded * nFeatures), rows, at, count);
    if (sampleWeight) kernel.sampleWeight.set(sampleWeight.subarray(at, at + count), loaded);
    loaded += count;
  });
  loadedIn.set(kernel, { rows, part, first, end, count: loaded });
  return loaded;
}

/**
 * Adds the statistics of the loaded rows [first, first + count).
 *
 * @param all - in/out: (n · k) responsibilities of the pass before, then of this pass; undefined not to track changes
 */
function accumulate(
  kernel: Kernel,
  all: Float64Array | undefined,
  first: number,
  count: number,
  k: number,
  isWeighted: boolean,
): void {
  const previous = all?.subarray(first * k, (first + count) * k);
  if (previous) kernel.responsibilities.set(previous);
  kernel.accumulate(count, isWeighted, previous !== undefined);
  previous?.set(kernel.responsibilities.subarray(0, count * k));
}
