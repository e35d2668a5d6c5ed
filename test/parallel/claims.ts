/** Seats and claims where a test knows that there is one. */

import type { Blackboard } from '../../src/parallel/blackboard.js';

export function takeSeat(board: Blackboard): number {
  const seat = board.seats.take();
  if (seat === undefined) throw new Error('every seat is taken');
  return seat;
}

export function claimShard(board: Blackboard, pass: number, seat: number, from: number): number {
  const shard = board.claim(pass, seat, from);
  if (shard === undefined) throw new Error('no shard is left');
  return shard;
}
