/** The pool's side of a job's blackboard: its assistants and the requests to yield. */

import { type Blackboard, openBlackboard } from './blackboard.js';
import type { JobSpec } from './job.js';

export class JobBoard {
  readonly spec: JobSpec;
  readonly #board: Blackboard;
  /** Seats of the assistants at work; true for those asked to leave. */
  readonly #assistants = new Map<number, boolean>();
  #isYielding = false;

  constructor(spec: JobSpec) {
    this.spec = spec;
    this.#board = openBlackboard(spec.board);
  }

  /** Whether a leader can work on it: it is not closed. */
  get isOpen(): boolean {
    return this.#board.pass() !== undefined;
  }

  /** Whether the leader is asked to yield. */
  get isYielding(): boolean {
    return this.#isYielding;
  }

  /** Assistants that are asked to leave and have not left yet. */
  get nLeaving(): number {
    let leaving = 0;
    for (const isLeaving of this.#assistants.values()) if (isLeaving) leaving++;
    return leaving;
  }

  /** Shards for each worker, the leader included. */
  get shardsPerWorker(): number {
    return this.spec.board.nShards / (this.#assistants.size + 1);
  }

  /** @returns a seat for a new assistant, undefined if all are taken */
  seat(): number | undefined {
    const seat = this.#board.seats.take();
    if (seat !== undefined) this.#assistants.set(seat, false);
    return seat;
  }

  /** The assistant of this seat has left. */
  free(seat: number): void {
    this.#board.seats.free(seat);
    this.#assistants.delete(seat);
  }

  /** The assistant of this seat has died: the leader will do its unfinished shards again. */
  markDead(seat: number): void {
    this.#board.seats.markDead(seat);
    this.#assistants.delete(seat);
  }

  /**
   * Asks assistants to leave after their shard.
   *
   * @returns how many it asked, at most `most`
   */
  dismissAssistants(most: number): number {
    let dismissed = 0;
    for (const [seat, isLeaving] of this.#assistants) {
      if (dismissed >= most) break;
      if (isLeaving) continue;
      this.#board.seats.askToLeave(seat);
      this.#assistants.set(seat, true);
      dismissed++;
    }
    return dismissed;
  }

  /** Asks the leader to yield, and all assistants to leave: without a leader no pass opens. */
  askToYield(): void {
    this.#isYielding = true;
    this.#board.askToYield(true);
    this.dismissAssistants(Number.POSITIVE_INFINITY);
  }

  /** A leader begins, or continues the open pass of a leader that yielded. */
  resume(): void {
    this.#isYielding = false;
    this.#board.askToYield(false);
  }

  cancel(): void {
    this.#board.cancel();
  }

  close(): void {
    this.#board.close();
  }
}
