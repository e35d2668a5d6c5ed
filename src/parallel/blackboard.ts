/**
 * The blackboard of a job: shared memory on which a leader and any number of assistants work off its shards,
 * pass after pass, with no message between them.
 *
 *   words                      | content
 *   0                          | PASS: number of the pass that is open, 0 before the first, −1 when the job is over
 *   1                          | CANCELLED: 1 once the caller wants no more
 *   2                          | YIELD: 1 while the leader is asked to give up its thread
 *   3, 4                       | ONE_IN, INDEX: the part of the rows that the open pass is over
 *   5 … 4 + seats              | SEATS: 0 free, 1 taken, 2 asked to leave, 3 dead
 *   then nShards               | OWNERS: who claimed the shard, in which pass
 *   then nShards               | FINISHED: the pass in which the shard's slot was last filled
 *   then, in doubles:
 *   parameterLength            | parameters of the open pass, as the kernel wants them
 *   nShards · statisticsLength | slots, one a shard
 *
 * A claim is one compare-and-swap of the shard's owner word from the pass before to (pass, seat): it names the
 * shard and the claimant at once, so that nothing is lost when a thread dies at any moment, and it fails for one
 * who is late and still thinks an older pass is open. The next pass opens only when every shard of this one is
 * finished: who holds a claim may read the parameters. The leader takes shards away only from seats marked dead,
 * whose thread is gone and can't write any more. When the leader itself dies its board is closed and the job gets
 * a new one: a late assistant can only spoil the old. A leader that yields leaves the board as it is, between two
 * shards; whoever leads next goes on with the open pass.
 * Slots are merged in the order of the shards: the same bits for any number of threads.
 */

import { ALL_ROWS, type RowPart } from '../rows/row-part.js';
import { allocateShared } from '../rows/shared-rows.js';
import type { ShardPlan } from './shards.js';

const PASS = 0;
const CANCELLED = 1;
const YIELD = 2;
const ONE_IN = 3;
const INDEX = 4;
const SEATS = 5;

const FREE = 0;
const TAKEN = 1;
const LEAVING = 2;
const DEAD = 3;

/** Bits of an owner word that hold the seat; the rest hold the pass, modulo 2²¹. Every shard is claimed in every pass. */
const SEAT_BITS = 10;
const SEAT_MASK = (1 << SEAT_BITS) - 1;
const PASS_MASK = (1 << (31 - SEAT_BITS)) - 1;

/** The most workers that can share a job. */
export const MOST_SEATS = SEAT_MASK + 1;

/** The leader's seat. */
export const LEADER = 0;

/** A wait longer than this is cut up, so that a death, a cancellation or a wish to have the thread back is noticed. */
const WAIT_MS = 20;

/** What makes a blackboard; posted to workers. */
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
 * @param seats - the most workers, leader included, that may work on the job at once
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

/** A thread's view of a blackboard. */
export interface Blackboard {
  readonly spec: BlackboardSpec;
  /** Parameters of the open pass. */
  readonly parameters: Float64Array;
  /** The statistics that shard s left. */
  slot(shard: number): Float64Array;

  // The main thread's side.
  /** A seat for a new assistant, or −1 when all are taken. */
  takeSeat(): number;
  /** The worker of this seat left in peace. */
  freeSeat(seat: number): void;
  /** The worker of this seat is gone, and what it claimed is to be done again. */
  markDead(seat: number): void;
  /** Asks the assistant of this seat to leave after its shard. */
  askToLeave(seat: number): void;
  /** Asks the leader to give up its thread after its shard, or takes that back. */
  askToYield(asked: boolean): void;
  cancel(): void;

  // The workers' side.
  isCancelled(): boolean;
  mustLeave(seat: number): boolean;
  mustYield(): boolean;
  /** What the open pass is over. */
  part(): RowPart;
  /** The open pass; 0 before the first, −1 when the job is over. */
  pass(): number;
  /** Blocks till another pass than this is open, or some milliseconds went by. */
  awaitPassAfter(pass: number): void;
  /** Claims a shard of an open pass, looking from `from` on; −1 if none is left. */
  claim(pass: number, seat: number, from: number): number;
  /** The shard's slot is filled. */
  finish(pass: number, shard: number): void;

  // The leader's side.
  /** Opens the next pass, over all rows or a part of them; the parameters stand on the board. */
  openPass(part?: RowPart): number;
  isFinished(pass: number, shard: number): boolean;
  /** Blocks till the shard is finished or some milliseconds went by. */
  awaitFinish(pass: number, shard: number): void;
  /** Takes over a shard whose owner is dead. */
  takeOver(pass: number, shard: number): boolean;
  /** The job is over: assistants leave. */
  close(): void;
}

export function openBlackboard(spec: BlackboardSpec): Blackboard {
  const { memory, nShards, seats, parameterLength, statisticsLength } = spec;
  const length = wordsLength(nShards, seats);
  const words = new Int32Array(memory, 0, length);
  const numbers = new Float64Array(memory, 4 * length);
  const owners = SEATS + seats;
  const finished = owners + nShards;
  const ownerWord = (pass: number, seat: number) => ((pass & PASS_MASK) << SEAT_BITS) | seat;

  return {
    spec,
    parameters: numbers.subarray(0, parameterLength),
    slot: (shard) => {
      const at = parameterLength + shard * statisticsLength;
      return numbers.subarray(at, at + statisticsLength);
    },

    takeSeat() {
      for (let seat = LEADER + 1; seat < seats; seat++) {
        if (Atomics.compareExchange(words, SEATS + seat, FREE, TAKEN) === FREE) return seat;
      }
      return -1;
    },
    freeSeat: (seat) => void Atomics.store(words, SEATS + seat, FREE),
    markDead: (seat) => void Atomics.store(words, SEATS + seat, DEAD),
    askToLeave: (seat) => void Atomics.compareExchange(words, SEATS + seat, TAKEN, LEAVING),
    askToYield: (asked) => void Atomics.store(words, YIELD, asked ? 1 : 0),
    cancel() {
      Atomics.store(words, CANCELLED, 1);
    },

    isCancelled: () => Atomics.load(words, CANCELLED) === 1,
    mustLeave: (seat) => Atomics.load(words, SEATS + seat) === LEAVING,
    mustYield: () => Atomics.load(words, YIELD) === 1,
    part: () => ({ oneIn: Atomics.load(words, ONE_IN), index: Atomics.load(words, INDEX) }),
    pass: () => Atomics.load(words, PASS),
    awaitPassAfter: (pass) => void Atomics.wait(words, PASS, pass, WAIT_MS),
    claim(pass, seat, from) {
      const mine = ownerWord(pass, seat);
      const before = (pass - 1) & PASS_MASK;
      for (let i = 0; i < nShards; i++) {
        const shard = (from + i) % nShards;
        const owner = Atomics.load(words, owners + shard);
        if (owner >> SEAT_BITS !== before) continue;
        if (Atomics.compareExchange(words, owners + shard, owner, mine) === owner) return shard;
      }
      return -1;
    },
    finish(pass, shard) {
      Atomics.store(words, finished + shard, pass);
      Atomics.notify(words, finished + shard);
    },

    openPass({ oneIn, index } = ALL_ROWS) {
      Atomics.store(words, ONE_IN, oneIn);
      Atomics.store(words, INDEX, index);
      const pass = Atomics.load(words, PASS) + 1;
      Atomics.store(words, PASS, pass);
      Atomics.notify(words, PASS);
      return pass;
    },
    isFinished: (pass, shard) => Atomics.load(words, finished + shard) === pass,
    awaitFinish(pass, shard) {
      const seen = Atomics.load(words, finished + shard);
      if (seen !== pass) Atomics.wait(words, finished + shard, seen, WAIT_MS);
    },
    takeOver(pass, shard) {
      const owner = Atomics.load(words, owners + shard);
      const seat = owner & SEAT_MASK;
      if (seat === LEADER || Atomics.load(words, SEATS + seat) !== DEAD) return false;
      return Atomics.compareExchange(words, owners + shard, owner, ownerWord(pass, LEADER)) === owner;
    },
    close() {
      Atomics.store(words, PASS, -1);
      Atomics.notify(words, PASS);
    },
  };
}
