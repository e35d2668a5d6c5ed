/**
 * The seats of a blackboard: a worker at work on a job has one, and the pool asks it to leave or marks it dead there.
 *
 * A seat whose thread died stays dead, so that the leader can take over its shards at any later time.
 */

const FREE = 0;
const TAKEN = 1;
/** Taken, and the assistant is asked to leave. */
const LEAVING = 2;
const DEAD = 3;

/** The leader's seat. */
export const LEADER = 0;

export class Seats {
  readonly #words: Int32Array;

  /** @param words - in/out: (seats) over the blackboard's memory, a word for each seat */
  constructor(words: Int32Array) {
    this.#words = words;
  }

  /** @returns a seat for a new assistant, undefined if none is free */
  take(): number | undefined {
    for (let seat = LEADER + 1; seat < this.#words.length; seat++) {
      if (Atomics.compareExchange(this.#words, seat, FREE, TAKEN) === FREE) return seat;
    }
    return undefined;
  }

  /** The assistant of this seat has left. */
  free(seat: number): void {
    Atomics.store(this.#words, seat, FREE);
  }

  /** The thread of this seat has died: its unfinished shards must be done again. */
  markDead(seat: number): void {
    Atomics.store(this.#words, seat, DEAD);
  }

  isDead(seat: number): boolean {
    return Atomics.load(this.#words, seat) === DEAD;
  }

  /** Asks the assistant of this seat to leave after its shard. A dead seat stays dead. */
  askToLeave(seat: number): void {
    Atomics.compareExchange(this.#words, seat, TAKEN, LEAVING);
  }

  mustLeave(seat: number): boolean {
    return Atomics.load(this.#words, seat) === LEAVING;
  }
}
