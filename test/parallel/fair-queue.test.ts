/** The queue under a clock that the test sets: which job is next, and which caller is ahead. */

import { describe, expect, it } from 'vitest';
import { type Account, FairQueue, SLICE_MS } from '../../src/parallel/fair-queue.js';

interface Job {
  readonly cost: number;
  readonly name: string;
  readonly isAlone: boolean;
}

/** So many that each takes one job. */
const THREADS = 1000;

const setUp = () => {
  let time = 0;
  const queue = new FairQueue<Job>(() => time);
  return {
    queue,
    take: (): Job | undefined => queue.take(THREADS)[0],
    pass: (ms: number) => {
      time += ms;
    },
    job: (name: string, cost = 1, isAlone = false): Job => ({ name, cost, isAlone }),
  };
};

describe('one caller', () => {
  it('gets jobs that were begun first, then the costliest, and equal jobs in their order', () => {
    const { queue, take, job } = setUp();
    const account = queue.openAccount();
    for (const [name, cost] of [
      ['a', 2],
      ['b', 5],
      ['c', 2],
      ['d', 9],
    ] as const)
      queue.add(account, job(name, cost));
    expect(take()?.name).toBe('d');
    queue.putBack(account, job('begun', 0));
    expect(queue.size()).toBe(4);
    expect(Array.from({ length: 5 }, () => take()?.name)).toEqual(['begun', 'b', 'a', 'c', undefined]);
  });

  it('is never ahead of itself', () => {
    const { queue, take, pass, job } = setUp();
    const account = queue.openAccount();
    for (let i = 0; i < 3; i++) queue.add(account, job('a'));
    take();
    pass(10 * SLICE_MS);
    expect(queue.lead(account)).toBe(0);
  });
});

describe('several callers', () => {
  it('get threads before a caller that used them all, which is ahead by its thread time since they came', () => {
    const { queue, take, pass, job } = setUp();
    const large = queue.openAccount();
    for (let i = 0; i < 4; i++) queue.add(large, job('large', 1000));
    take();
    take();
    pass(10_000);
    const small = queue.openAccount();
    queue.add(small, job('small'));
    // The small caller has just come: earlier thread time of the large caller does not count.
    expect(queue.lead(large)).toBe(0);
    pass(SLICE_MS);
    // The large caller used two threads for one slice.
    expect(queue.lead(large)).toBe(2 * SLICE_MS);
    expect(take()?.name).toBe('small');
  });

  it('get the same thread time in the long run, for jobs of any length', () => {
    const { queue, take, pass, job } = setUp();
    const lengths = [3, 20, 70];
    const accounts = lengths.map(() => queue.openAccount());
    const had = lengths.map(() => 0);
    const add = (i: number) => queue.add(accounts[i], job(String(i)));
    for (let i = 0; i < lengths.length; i++) for (let n = 0; n < 3; n++) add(i);
    for (let round = 0; round < 5000; round++) {
      const i = Number(take()?.name);
      pass(lengths[i]);
      had[i] += lengths[i];
      queue.release(accounts[i]);
      add(i);
    }
    const total = had.reduce((sum, ms) => sum + ms, 0);
    // They differ by at most a slice and the longest job.
    for (const ms of had) expect(Math.abs(ms - total / 3)).toBeLessThan(SLICE_MS + 70);
  });

  it('that come one after the other without end do not hold up a large job', () => {
    const { queue, take, pass, job } = setUp();
    const large = queue.openAccount();
    queue.add(large, job('large', 1000));
    queue.add(large, job('large', 1000));
    take();
    pass(1000);
    queue.release(large);
    let newcomer: Account<Job> = queue.openAccount();
    queue.add(newcomer, job('small'));
    let turns = 0;
    // A small job always waits.
    for (; turns < 1000; turns++) {
      const next = queue.openAccount();
      queue.add(next, job('small'));
      if (take()?.name === 'large') break;
      pass(10);
      queue.release(newcomer);
      newcomer = next;
    }
    expect(turns).toBeLessThan(50);
  });

  it('save up no thread time while they are away', () => {
    const { queue, take, pass, job } = setUp();
    const [busy, idle] = [queue.openAccount(), queue.openAccount()];
    queue.add(idle, job('idle'));
    take();
    pass(1);
    queue.release(idle);
    queue.add(busy, job('busy'));
    take();
    pass(5000);
    queue.add(idle, job('idle'));
    expect(queue.lead(busy)).toBeLessThanOrEqual(1);
  });
});

describe('small jobs', () => {
  const namesOf = (jobs: readonly Job[]) => jobs.map(({ name }) => name).join('');
  const fill = (jobs: readonly [name: string, cost: number, isAlone?: boolean][]) => {
    const { queue, job } = setUp();
    const account = queue.openAccount();
    for (const args of jobs) queue.add(account, job(...args));
    return queue;
  };

  it('are taken several at once, ever fewer, so that all threads end at about the same time', () => {
    const queue = fill(Array.from('abcdefgh', (name) => [name, 1]));
    const taken = Array.from({ length: 6 }, () => namesOf(queue.take(3)));
    expect(taken).toEqual(['abc', 'de', 'f', 'g', 'h', '']);
  });

  it('are taken alone if they are large, or if one before failed', () => {
    const queue = fill([
      ['a', 9e6],
      ['b', 9e6],
      ['c', 4e6],
      ['d', 4e6, true],
      ['e', 2e6],
      ['f', 2e6],
    ]);
    expect(Array.from({ length: 5 }, () => namesOf(queue.take(1)))).toEqual(['a', 'b', 'c', 'd', 'ef']);
  });

  it('of different callers do not share a thread', () => {
    const { queue, job } = setUp();
    for (const name of ['a', 'b']) queue.add(queue.openAccount(), job(name));
    expect(namesOf(queue.take(1))).toBe('a');
  });
});
