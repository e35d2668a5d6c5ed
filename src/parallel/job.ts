/**
 * A job: rows, a kernel's shape and what is to be done with every shard, on one blackboard. The same for its
 * leader and its assistants; posted to both.
 */

import type { Kernel, KernelShape } from '../kernel/kernel.js';
import type { KernelSource } from '../kernel/kernel-cache.js';
import { type RowPart, visitStretches } from '../rows/row-part.js';
import { copyRowsInto, type SharedRows } from '../rows/shared-rows.js';
import { type Blackboard, type BlackboardSpec, LEADER, openBlackboard } from './blackboard.js';

/** Arrays over shared memory that scoring fills, each only if wanted. */
export interface ScoreOutputs {
  /** (n) index of the largest responsibility. */
  readonly labels?: Int32Array | undefined;
  /** (n × k) row-major. */
  readonly responsibilities?: Float64Array | undefined;
  /** (n) log p(x). */
  readonly logDensity?: Float64Array | undefined;
  /** (n) 1 − the largest responsibility. */
  readonly uncertainty?: Float64Array | undefined;
  /** (n) the largest responsibility less the second largest. */
  readonly margin?: Float64Array | undefined;
}

/** What is done with a shard: its statistics go to its slot, or its rows' scores to the outputs (and their totals to the slot). */
export type ShardWork =
  | {
      readonly kind: 'accumulate' /** (n · k) of the pass before, to track changes. */;
      readonly previous?: Float64Array | undefined;
    }
  | { readonly kind: 'score'; readonly outputs: ScoreOutputs };

export interface JobSpec {
  readonly board: BlackboardSpec;
  readonly rows: SharedRows;
  readonly shape: KernelShape;
  readonly work: ShardWork;
}

/** Thrown inside a worker when the caller wants no more; never reaches a caller. */
export class Cancelled extends Error {}

/** Thrown inside a leader that is asked to give up its thread, between two shards; never reaches a caller. */
export class Yielding extends Error {}

/** A worker's part in a job. */
export interface Participant {
  readonly board: Blackboard;
  readonly kernel: Kernel;
  /** Whether a pass writes what the next one reads: such a one is not left half-way. */
  readonly tracksChanges: boolean;
  /** Works off shards of an open pass till none is left to claim. */
  workThrough(pass: number, seat: number): void;
  /** Works off one shard that is already this worker's own. */
  workOff(pass: number, shard: number): void;
}

export function joinJob(kernels: KernelSource, job: JobSpec): Participant {
  const { rows, shape, work } = job;
  const board = openBlackboard(job.board);
  const kernel = kernels(shape);
  const { nSamples: n, sampleWeight } = rows;
  const k = shape.nComponents;
  const tracksChanges = work.kind === 'accumulate' && work.previous !== undefined;
  let loadedPass = 0;

  /** Puts a part of rows [first, end) into the kernel's memory; returns their number. */
  const load = (part: RowPart, first: number, end: number): number => {
    let count = 0;
    visitStretches(part, n, first, end, (at, some) => {
      copyRowsInto(kernel.rows.subarray(count * rows.nFeatures), rows, at, some);
      if (sampleWeight) kernel.sampleWeight.set(sampleWeight.subarray(at, at + some), count);
      count += some;
    });
    return count;
  };

  const workOff = (pass: number, shard: number): void => {
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
      const count = load(part, first, Math.min(first + kernel.stretchRows, end));
      if (work.kind === 'score') {
        kernel.score(count, sampleWeight !== undefined);
        writeScores(kernel, work.outputs, first, count, k);
      } else {
        const previous = part.oneIn > 1 ? undefined : work.previous?.subarray(first * k, (first + count) * k);
        if (previous) kernel.responsibilities.set(previous);
        kernel.accumulate(count, sampleWeight !== undefined, previous !== undefined);
        previous?.set(kernel.responsibilities.subarray(0, count * k));
      }
    }
    board.slot(shard).set(kernel.statistics.subarray(0, board.spec.statisticsLength));
    board.finish(pass, shard);
  };

  const workThrough = (pass: number, seat: number): void => {
    const { nShards } = board.spec;
    let from = 0;
    for (;;) {
      if (seat === LEADER) {
        if (board.mustYield() && !tracksChanges) throw new Yielding();
      } else if (board.mustLeave(seat)) {
        return;
      }
      const shard = board.claim(pass, seat, from);
      if (shard < 0) return;
      workOff(pass, shard);
      from = (shard + 1) % nShards;
    }
  };
  return { board, kernel, tracksChanges, workThrough, workOff };
}

/** Writes the scores of rows [first, first + count), which stand at the beginning of the kernel's memory. */
function writeScores(kernel: Kernel, outputs: ScoreOutputs, first: number, count: number, k: number): void {
  const { responsibilities, logDensity } = kernel;
  outputs.responsibilities?.set(responsibilities.subarray(0, count * k), first * k);
  outputs.logDensity?.set(logDensity.subarray(0, count), first);
  const { labels, uncertainty, margin } = outputs;
  if (!labels && !uncertainty && !margin) return;
  for (let i = 0; i < count; i++) {
    let label = 0;
    let largest = -1;
    let second = 0;
    for (let j = 0; j < k; j++) {
      const r = responsibilities[i * k + j];
      if (r > largest) {
        second = Math.max(largest, 0);
        largest = r;
        label = j;
      } else if (r > second) {
        second = r;
      }
    }
    if (labels) labels[first + i] = label;
    if (uncertainty) uncertainty[first + i] = 1 - largest;
    if (margin) margin[first + i] = largest - second;
  }
}
