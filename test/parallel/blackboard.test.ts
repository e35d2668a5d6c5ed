/** The protocol of the blackboard. One thread plays all seats, each with its own view of the memory. */

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { createBlackboard, openBlackboard } from '../../src/parallel/blackboard.js';
import { LEADER } from '../../src/parallel/seats.js';
import { claimShard, takeSeat } from './claims.js';

const SHARDS = 13;
const SEATS = 5;

const setUp = () => {
  const spec = createBlackboard({ nShards: SHARDS, shardRows: 100 }, SEATS, 3, 4);
  const board = openBlackboard(spec);
  /** A view for every seat. The seats of all assistants are taken. */
  const views = Array.from({ length: SEATS }, () => openBlackboard(spec));
  const seats = [LEADER, ...Array.from({ length: SEATS - 1 }, () => takeSeat(board))];
  return { board, views, seats };
};

describe('claims', () => {
  it('give every shard to one seat in every pass, in any order of claimants', () => {
    const { board, views, seats } = setUp();
    const random = createRandom(1);
    for (let round = 1; round <= 50; round++) {
      const pass = board.openPass();
      expect(pass).toBe(round);
      const owners = new Map<number, number>();
      const active = new Set(seats);
      while (active.size > 0) {
        const seat = [...active][random.below(active.size)];
        const shard = views[seat].claim(pass, seat, random.below(SHARDS));
        if (shard === undefined) {
          active.delete(seat);
          continue;
        }
        expect(owners.has(shard)).toBe(false);
        owners.set(shard, seat);
        expect(board.isFinished(pass, shard)).toBe(false);
        views[seat].finish(pass, shard);
        expect(board.isFinished(pass, shard)).toBe(true);
      }
      expect(owners.size).toBe(SHARDS);
    }
  });

  it('begin with the given shard', () => {
    const { board } = setUp();
    const pass = board.openPass();
    expect([5, 5, 12, 12].map((from) => board.claim(pass, LEADER, from))).toEqual([5, 6, 12, 0]);
  });

  it('fail for a worker that is late by one pass or by many', () => {
    const { board, views } = setUp();
    const old = board.openPass();
    for (let i = 0; i < SHARDS; i++) board.finish(old, claimShard(board, old, LEADER, 0));
    for (let passes = 0; passes < 5; passes++) {
      const pass = board.openPass();
      expect(views[1].claim(old, 1, 0)).toBeUndefined();
      for (let i = 0; i < SHARDS; i++) board.finish(pass, claimShard(board, pass, LEADER, 0));
      expect(views[1].claim(old, 1, 0)).toBeUndefined();
    }
  });
});

describe('takeOver', () => {
  it('takes a shard from a dead seat only, and once', () => {
    const { board, views } = setUp();
    const pass = board.openPass();
    const shard = claimShard(views[2], pass, 2, 7);
    expect(board.takeOver(pass, shard)).toBe(false);
    board.seats.askToLeave(2);
    expect(board.takeOver(pass, shard)).toBe(false);
    board.seats.markDead(2);
    expect(board.takeOver(pass, shard)).toBe(true);
    expect(board.takeOver(pass, shard)).toBe(false);
    // The shard counts as claimed in this pass: no further claim gets it.
    const rest = new Set(Array.from({ length: SHARDS - 1 }, () => claimShard(board, pass, LEADER, 0)));
    expect(rest.size).toBe(SHARDS - 1);
    expect(rest.has(shard)).toBe(false);
    expect(board.claim(pass, LEADER, 0)).toBeUndefined();
  });

  it('never takes the leader’s own shard', () => {
    const { board } = setUp();
    const pass = board.openPass();
    expect(board.takeOver(pass, claimShard(board, pass, LEADER, 0))).toBe(false);
  });
});

describe('the board', () => {
  it('shows passes, cancellation and its end in every view', () => {
    const { board, views } = setUp();
    expect(views[1].pass()).toBe(0);
    board.openPass();
    expect(views[1].pass()).toBe(1);
    expect(views[1].isCancelled()).toBe(false);
    board.cancel();
    expect(views[1].isCancelled()).toBe(true);
    board.close();
    expect(views[1].pass()).toBeUndefined();
  });

  it('keeps parameters, slots and seats apart', () => {
    const { board, views } = setUp();
    board.parameters.fill(1);
    for (let shard = 0; shard < SHARDS; shard++) board.slot(shard).fill(shard + 2);
    const pass = board.openPass();
    while (board.claim(pass, 4, 0) !== undefined);
    for (let seat = 1; seat < SEATS; seat++) board.seats.markDead(seat);
    expect(board.pass()).toBe(pass);
    expect(views[1].mustYield()).toBe(false);
    expect([...views[2].parameters]).toEqual([1, 1, 1]);
    for (let shard = 0; shard < SHARDS; shard++) {
      expect([...views[3].slot(shard)]).toEqual(new Array(4).fill(shard + 2));
      expect(board.takeOver(pass, shard)).toBe(true);
    }
  });

  it('does not wait for an event of the past, nor for ever', () => {
    const { board } = setUp();
    const pass = board.openPass();
    board.awaitPassAfter(pass - 1);
    board.finish(pass, 0);
    board.awaitFinish(pass, 0);
    // Nothing happens that these two wait for: they return by themselves.
    board.awaitPassAfter(pass);
    board.awaitFinish(pass, 1);
    expect(board.pass()).toBe(pass);
  });
});
