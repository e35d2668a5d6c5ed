/** The queue with a clock of the test's own: who is next, and who has had too much. */

import { describe, expect, it } from 'vitest';
import { type Account, createFairQueue, SLICE_MS } from '../../src/parallel/fair-queue.js';

interface Job {
  readonly cost: number;
  readonly name: string;
}

const setUp = () => {
  let time = 0;
  const queue = createFairQueue<Job>(() => time);
  return {
    queue,
    pass: (ms: number) => {
      time += ms;
    },
    job: (name: string, cost = 1): Job => ({ name, cost }),
  };
};

describe('one caller', () => {
  it('has its costliest jobs first, equals in their order, and those that were begun before all', () => {
    const { queue, job } = setUp();
    const account = queue.openAccount();
    for (const [name, cost] of [
      ['a', 2],
      ['b', 5],
      ['c', 2],
      ['d', 9],
    ] as const)
      queue.add(account, job(name, cost));
    expect(queue.take()?.name).toBe('d');
    queue.putBack(account, job('begun', 0));
    expect(queue.size()).toBe(4);
    expect(Array.from({ length: 5 }, () => queue.take()?.name)).toEqual(['begun', 'b', 'a', 'c', undefined]);
  });

  it('is never ahead of itself', () => {
    const { queue, pass, job } = setUp();
    const account = queue.openAccount();
    for (let i = 0; i < 3; i++) queue.add(account, job('a'));
    queue.take();
    pass(10 * SLICE_MS);
    expect(queue.lead(account)).toBe(0);
  });
});

describe('several callers', () => {
  it('of little work go before one that has had all threads, which is ahead of them by what it has had since', () => {
    const { queue, pass, job } = setUp();
    const large = queue.openAccount();
    for (let i = 0; i < 4; i++) queue.add(large, job('large', 1000));
    queue.take();
    queue.take();
    pass(10_000);
    const small = queue.openAccount();
    queue.add(small, job('small'));
    // It came just now: what the large one has had before is not held against it.
    expect(queue.lead(large)).toBe(0);
    pass(SLICE_MS);
    // Two threads for one slice.
    expect(queue.lead(large)).toBe(2 * SLICE_MS);
    expect(queue.take()?.name).toBe('small');
  });

  it('have the same thread time in the long run, whatever their jobs take', () => {
    const { queue, pass, job } = setUp();
    const lengths = [3, 20, 70];
    const accounts = lengths.map(() => queue.openAccount());
    const had = lengths.map(() => 0);
    const add = (i: number) => queue.add(accounts[i], job(String(i)));
    for (let i = 0; i < lengths.length; i++) for (let n = 0; n < 3; n++) add(i);
    for (let round = 0; round < 5000; round++) {
      const i = Number(queue.take()?.name);
      pass(lengths[i]);
      had[i] += lengths[i];
      queue.release(accounts[i]);
      add(i);
    }
    const total = had.reduce((sum, ms) => sum + ms, 0);
    // Within a slice and the longest job of one another.
    for (const ms of had) expect(Math.abs(ms - total / 3)).toBeLessThan(SLICE_MS + 70);
  });

  it('that come one after the other without end do not hold up one that waits', () => {
    const { queue, pass, job } = setUp();
    const large = queue.openAccount();
    queue.add(large, job('large', 1000));
    queue.add(large, job('large', 1000));
    queue.take();
    pass(1000);
    queue.release(large);
    let newcomer: Account<Job> = queue.openAccount();
    queue.add(newcomer, job('small'));
    let turns = 0;
    // There is always a small one that waits.
    for (; turns < 1000; turns++) {
      const next = queue.openAccount();
      queue.add(next, job('small'));
      if (queue.take()?.name === 'large') break;
      pass(10);
      queue.release(newcomer);
      newcomer = next;
    }
    expect(turns).toBeLessThan(50);
  });

  it('do not save up what they did not ask for', () => {
    const { queue, pass, job } = setUp();
    const [busy, idle] = [queue.openAccount(), queue.openAccount()];
    queue.add(idle, job('idle'));
    queue.take();
    pass(1);
    queue.release(idle);
    queue.add(busy, job('busy'));
    queue.take();
    pass(5000);
    queue.add(idle, job('idle'));
    expect(queue.lead(busy)).toBeLessThanOrEqual(1);
  });
});
