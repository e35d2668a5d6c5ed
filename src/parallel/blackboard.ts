/**
 * The blackboard of a job: shared memory through which a leader and any number of assistants divide the job's shards,
 * pass after pass, without messages.
 *
 *   words                      | content
 *   0                          | PASS: number of the open pass; 0 before the first pass; CLOSED once the job has ended
 *   1                          | CANCELLED: 1 once the caller has cancelled the job
 *   2                          | YIELD: 1 while the leader is asked to give up its thread
 *   3, 4                       | ONE_IN, INDEX: the part of the rows that the open pass covers
 *   5 … 4 + seats              | SEATS: the state of each seat (seats.ts)
 *   then nShards               | owners: which seat claimed the shard, and in which pass
 *   then nShards               | finished: the pass in which the shard's slot was last filled
 *   then, in doubles:
 *   parameterLength            | parameters of the open pass, as the kernel reads them
 *   nShards · statisticsLength | slots: the statistics of each shard
 *
 * A worker claims a shard with one compare-and-swap of its owner word, from the pass before to (pass, seat). The word
 * names shard and claimant at once, so a thread may die at any moment and nothing is lost. A worker that still believes
 * in an older pass claims nothing: its compare-and-swap fails.
 * The leader opens a pass only when every shard of the pass before is finished. So the parameters do not change while
 * any worker holds a claim. The leader takes shards only from dead seats, whose threads can no longer write.
 * If the leader dies, the board is closed and the job gets a new one: a late assistant can write to the old board only.
 * A leader that yields leaves the board as it is, between two shards, and the next leader continues the open pass.
 * The leader merges slots in the order of the shards: any number of threads gives the same bits.
 */

import { ALL_ROWS, type RowPart } from '../rows/row-part.js';
import { allocateShared } from '../rows/shared-rows.js';
import { LEADER, Seats } from './seats.js';
import type { ShardPlan } from './shards.js';

const PASS = 0;
const CANCELLED = 1;
const YIELD = 2;
const ONE_IN = 3;
const INDEX = 4;
const SEATS = 5;

/** Value of PASS once the job has ended. */
const CLOSED = -1;

/** Low bits of an owner word hold the seat; the rest hold the pass modulo 2²¹, which is enough as every pass claims every shard. */
const SEAT_BITS = 10;
const SEAT_MASK = (1 << SEAT_BITS) - 1;
const PASS_MASK = (1 << (31 - SEAT_BITS)) - 1;

/** The most workers that can share a job. */
export const MOST_SEATS = SEAT_MASK + 1;

/** A wait ends after this time, so that the worker notices deaths, cancellation and requests to leave or yield. */
const WAIT_MS = 20;

/** Memory and sizes of a blackboard; posted to workers. */
export interface BlackboardSpec extends ShardPlan {
  readonly memory: SharedArrayBuffer;
  readonly seats: number;
  readonly parameterLength: number;
  readonly statisticsLength: number;
}

function wordsLength(nShards: number, seats: number): number {
  const words = SEATS + seats + 2 * nShards;
  return words + (words % 2);
}

/**
 * Allocates a blackboard.
 *
 * @param seats - the most workers, leader included, that may work on the job at once
 * @param parameterLength - doubles of a pass's parameters
 * @param statisticsLength - doubles of a shard's statistics
 */
export function createBlackboard(
  plan: ShardPlan,
  seats: number,
  parameterLength: number,
  statisticsLength: number,
): BlackboardSpec {
  const bytes =
    4 * wordsLength(plan.nShards, seats) + 8 * (parameterLength + plan.nShards * statisticsLength);
  return {
    ...plan,
    memory: allocateShared(bytes, 'the statistics'),
    seats,
    parameterLength,
    statisticsLength,
  };
}

/** One thread's view of a blackboard. */
export class Blackboard {
  /** Parameters of the open pass. */
  readonly parameters: Float64Array;
  readonly seats: Seats;
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;
  /** Word of the first shard's owner. */
  readonly #owners: number;
  /** Word of the first shard's last finished pass. */
  readonly #finished: number;

  constructor(readonly spec: BlackboardSpec) {
    const { memory, nShards, seats, parameterLength } = spec;
    const length = wordsLength(nShards, seats);
    this.#words = new Int32Array(memory, 0, length);
    this.#numbers = new Float64Array(memory, 4 * length);
    this.seats = new Seats(new Int32Array(memory, 4 * SEATS, seats));
    this.#owners = SEATS + seats;
    this.#finished = this.#owners + nShards;
    this.parameters = this.#numbers.subarray(0, parameterLength);
  }

  /** The statistics of a shard. */
  slot(shard: number): Float64Array {
    const { parameterLength, statisticsLength } = this.spec;
    const at = parameterLength + shard * statisticsLength;
    return this.#numbers.subarray(at, at + statisticsLength);
  }

  // The main thread's side.

  /** Asks the leader to give up its thread after its shard, or withdraws the request. */
  askToYield(asked: boolean): void {
    Atomics.store(this.#words, YIELD, asked ? 1 : 0);
  }

  /** Tells all workers to stop: the caller wants no result. */
  cancel(): void {
    Atomics.store(this.#words, CANCELLED, 1);
  }

  // The workers' side.

  isCancelled(): boolean {
    return Atomics.load(this.#words, CANCELLED) === 1;
  }

  mustYield(): boolean {
    return Atomics.load(this.#words, YIELD) === 1;
  }

  /** The rows that the open pass covers. */
  part(): RowPart {
    return { oneIn: Atomics.load(this.#words, ONE_IN), index: Atomics.load(this.#words, INDEX) };
  }

  /** @returns the open pass; 0 before the first; undefined once the board is closed */
  pass(): number | undefined {
    const pass = Atomics.load(this.#words, PASS);
    return pass === CLOSED ? undefined : pass;
  }

  /** Blocks until another pass is open, or for at most WAIT_MS. */
  awaitPassAfter(pass: number): void {
    Atomics.wait(this.#words, PASS, pass, WAIT_MS);
  }

  /**
   * Claims a shard of an open pass.
   *
   * @param from - the shard to try first; the search wraps around
   * @returns the shard, undefined if none is left
   */
  claim(pass: number, seat: number, from: number): number | undefined {
    const { nShards } = this.spec;
    const mine = ownerWord(pass, seat);
    const before = (pass - 1) & PASS_MASK;
    for (let i = 0; i < nShards; i++) {
      const shard = (from + i) % nShards;
      const at = this.#owners + shard;
      const owner = Atomics.load(this.#words, at);
      if (owner >> SEAT_BITS !== before) continue;
      if (Atomics.compareExchange(this.#words, at, owner, mine) === owner) return shard;
    }
    return undefined;
  }

  /** The shard's slot is filled. */
  finish(pass: number, shard: number): void {
    Atomics.store(this.#words, this.#finished + shard, pass);
    Atomics.notify(this.#words, this.#finished + shard);
  }

  // The leader's side.

  /**
   * Opens the next pass. Its parameters must already be on the board.
   *
   * @returns its number
   */
  openPass({ oneIn, index }: RowPart = ALL_ROWS): number {
    Atomics.store(this.#words, ONE_IN, oneIn);
    Atomics.store(this.#words, INDEX, index);
    const pass = Atomics.load(this.#words, PASS) + 1;
    Atomics.store(this.#words, PASS, pass);
    Atomics.notify(this.#words, PASS);
    return pass;
  }

  isFinished(pass: number, shard: number): boolean {
    return Atomics.load(this.#words, this.#finished + shard) === pass;
  }

  /** Blocks until the shard is finished, or for at most WAIT_MS. */
  awaitFinish(pass: number, shard: number): void {
    const at = this.#finished + shard;
    const seen = Atomics.load(this.#words, at);
    if (seen !== pass) Atomics.wait(this.#words, at, seen, WAIT_MS);
  }

  /**
   * Takes a shard from a dead seat for the leader.
   *
   * @returns whether the shard is now the leader's
   */
  takeOver(pass: number, shard: number): boolean {
    const at = this.#owners + shard;
    const owner = Atomics.load(this.#words, at);
    const seat = owner & SEAT_MASK;
    if (seat === LEADER || !this.seats.isDead(seat)) return false;
    return Atomics.compareExchange(this.#words, at, owner, ownerWord(pass, LEADER)) === owner;
  }

  /** Ends the job: assistants leave. */
  close(): void {
    Atomics.store(this.#words, PASS, CLOSED);
    Atomics.notify(this.#words, PASS);
  }
}

function ownerWord(pass: number, seat: number): number {
  return ((pass & PASS_MASK) << SEAT_BITS) | seat;
}

/** @returns this thread's view of a blackboard */
export function openBlackboard(spec: BlackboardSpec): Blackboard {
  return new Blackboard(spec);
}
