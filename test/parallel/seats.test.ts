import { describe, expect, it } from 'vitest';
import { Seats } from '../../src/parallel/seats.js';

/** Two views of the same five seats, as the pool and a worker have them. */
const setUp = () => {
  const words = new Int32Array(new SharedArrayBuffer(4 * 5));
  return [new Seats(words), new Seats(words)];
};

describe('seats', () => {
  it('go to one assistant each, never the leader’s, and again once free, unless dead', () => {
    const [seats] = setUp();
    expect(Array.from({ length: 5 }, () => seats.take())).toEqual([1, 2, 3, 4, undefined]);
    seats.free(3);
    expect(seats.take()).toBe(3);
    seats.markDead(2);
    expect(seats.take()).toBeUndefined();
  });

  it('show the request to leave, and drop it when they are taken anew', () => {
    const [seats, view] = setUp();
    seats.take();
    expect(view.mustLeave(1)).toBe(false);
    seats.askToLeave(1);
    expect([1, 2].map((seat) => view.mustLeave(seat))).toEqual([true, false]);
    seats.free(1);
    seats.take();
    expect(view.mustLeave(1)).toBe(false);
  });

  it('stay dead when they are asked to leave', () => {
    const [seats, view] = setUp();
    seats.take();
    expect(view.isDead(1)).toBe(false);
    seats.markDead(1);
    seats.askToLeave(1);
    expect(view.isDead(1)).toBe(true);
    expect(view.mustLeave(1)).toBe(false);
  });
});
