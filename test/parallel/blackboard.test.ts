/** The blackboard's protocol, several seats played by one thread, each with its own view of the memory. */

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { createBlackboard, LEADER, openBlackboard } from '../../src/parallel/blackboard.js';

const SHARDS = 13;
const SEATS = 5;

const setUp = () => {
  const spec = createBlackboard({ nShards: SHARDS, shardRows: 100 }, SEATS, 3, 4);
  const board = openBlackboard(spec);
  /** A view of its own for every seat; the assistants' are taken. */
  const views = Array.from({ length: SEATS }, () => openBlackboard(spec));
  const seats = [LEADER, ...Array.from({ length: SEATS - 1 }, () => board.takeSeat())];
  return { board, views, seats };
};

describe('claims', () => {
  it('give every shard to one seat, pass after pass, whoever claims when', () => {
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
        if (shard < 0) {
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

  it('begin with the shard asked for', () => {
    const { board } = setUp();
    const pass = board.openPass();
    expect([5, 5, 12, 12].map((from) => board.claim(pass, LEADER, from))).toEqual([5, 6, 12, 0]);
  });

  it('fail for one who is late by a pass, or by many', () => {
    const { board, views } = setUp();
    const old = board.openPass();
    for (let shard = 0; shard < SHARDS; shard++) board.finish(old, board.claim(old, LEADER, 0));
    for (let passes = 0; passes < 5; passes++) {
      const pass = board.openPass();
      expect(views[1].claim(old, 1, 0)).toBe(-1);
      for (let shard = 0; shard < SHARDS; shard++) board.finish(pass, board.claim(pass, LEADER, 0));
      expect(views[1].claim(old, 1, 0)).toBe(-1);
    }
  });
});

describe('takeOver', () => {
  it('takes a shard from a dead seat only, and once', () => {
    const { board, views } = setUp();
    const pass = board.openPass();
    const shard = views[2].claim(pass, 2, 7);
    expect(board.takeOver(pass, shard)).toBe(false);
    board.askToLeave(2);
    expect(board.takeOver(pass, shard)).toBe(false);
    board.markDead(2);
    expect(board.takeOver(pass, shard)).toBe(true);
    expect(board.takeOver(pass, shard)).toBe(false);
    // It is claimed in this pass, and by nobody else.
    const rest = new Set(Array.from({ length: SHARDS - 1 }, () => board.claim(pass, LEADER, 0)));
    expect(rest.size).toBe(SHARDS - 1);
    expect(rest.has(shard)).toBe(false);
    expect(board.claim(pass, LEADER, 0)).toBe(-1);
  });

  it('never takes the leader’s own', () => {
    const { board } = setUp();
    const pass = board.openPass();
    expect(board.takeOver(pass, board.claim(pass, LEADER, 0))).toBe(false);
  });
});

describe('seats', () => {
  it('are handed out once each, never the leader’s, and again when freed, unless dead', () => {
    const { board, seats } = setUp();
    expect(seats).toEqual([0, 1, 2, 3, 4]);
    expect(board.takeSeat()).toBe(-1);
    board.freeSeat(3);
    expect(board.takeSeat()).toBe(3);
    board.markDead(2);
    expect(board.takeSeat()).toBe(-1);
  });

  it('learn that they are asked to leave, and are whole again when taken anew', () => {
    const { board, views } = setUp();
    expect(views[1].mustLeave(1)).toBe(false);
    board.askToLeave(1);
    expect([1, 2].map((seat) => views[1].mustLeave(seat))).toEqual([true, false]);
    board.freeSeat(1);
    board.takeSeat();
    expect(views[1].mustLeave(1)).toBe(false);
    // A dead seat is not brought to life by being asked to leave.
    board.markDead(1);
    board.askToLeave(1);
    const pass = board.openPass();
    expect(board.takeOver(pass, views[1].claim(pass, 1, 0))).toBe(true);
  });
});

describe('the board', () => {
  it('shows passes, cancellation and its end to all', () => {
    const { board, views } = setUp();
    expect(views[1].pass()).toBe(0);
    board.openPass();
    expect(views[1].pass()).toBe(1);
    expect(views[1].isCancelled()).toBe(false);
    board.cancel();
    expect(views[1].isCancelled()).toBe(true);
    board.close();
    expect(views[1].pass()).toBe(-1);
  });

  it('keeps parameters and slots apart', () => {
    const { board, views } = setUp();
    board.parameters.fill(1);
    for (let shard = 0; shard < SHARDS; shard++) board.slot(shard).fill(shard + 2);
    const pass = board.openPass();
    while (board.claim(pass, 4, 0) >= 0);
    expect([...views[2].parameters]).toEqual([1, 1, 1]);
    for (let shard = 0; shard < SHARDS; shard++)
      expect([...views[3].slot(shard)]).toEqual(new Array(4).fill(shard + 2));
  });

  it('does not wait for what has happened, nor for ever', () => {
    const { board } = setUp();
    const pass = board.openPass();
    // The last two end by themselves.
    board.awaitPassAfter(pass - 1);
    board.finish(pass, 0);
    board.awaitFinish(pass, 0);
    board.awaitPassAfter(pass);
    board.awaitFinish(pass, 1);
    expect(board.pass()).toBe(pass);
  });
});
