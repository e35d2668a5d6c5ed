/**
 * Jobs that wait for a thread, shared out fairly among their callers.
 *
 * Every caller has an account of the thread time that leaders of its jobs have used. Assistants do not count: they use
 * threads that are idle otherwise. The next job belongs to the caller with the least time, in slices of SLICE_MS, so
 * that small calls end one after the other and not all at the end. Within a slice the oldest caller goes first. Of one
 * caller's jobs those already begun come first, then the costliest.
 *
 * A caller that arrives or comes back starts with the time of an imaginary caller that was always present and always
 * got its fair share: a clock that gains leading threads / callers present each millisecond (fair queueing; Demers,
 * Keshav & Shenker, 1989). So no caller can save up time, and an endless stream of small calls cannot hold up a large one.
 *
 * A thread takes several small jobs of a caller at once, since its messages cost as much as a small job. How many falls as fewer of
 * them are left, so that all threads end at about the same time (guided self-scheduling; Polychronopoulos & Kuck, 1987).
 */

/** Thread time, in ms, by which callers may differ; beyond it a leader is asked to yield. */
export const SLICE_MS = 50;

/** Most cost of the jobs that a thread takes at once: some milliseconds. */
const MOST_AT_ONCE = 1e7;

/** One caller's waiting jobs, and the thread time that it has used. */
export interface Account<Job> {
  /** ms of leading threads, on the scale of the fair share. */
  served: number;
  /** Order of arrival. */
  readonly age: number;
  readonly waiting: Job[];
  /** Threads that lead its jobs now. */
  leading: number;
}

/** The queue's view of a job. */
export interface Queued {
  /** In multiplications. */
  readonly cost: number;
  /** Whether no other job may share its thread. */
  readonly isAlone: boolean;
}

export class FairQueue<Job extends Queued> {
  readonly #now: () => number;
  /** Accounts with jobs that wait or are led. */
  readonly #present = new Set<Account<Job>>();
  /** ms that a caller present from the beginning would have had. */
  #fairShare = 0;
  #lastAge = 0;
  #lastUpdate: number;

  /** @param now - a clock, in ms */
  constructor(now: () => number) {
    this.#now = now;
    this.#lastUpdate = now();
  }

  openAccount(): Account<Job> {
    return { served: 0, age: ++this.#lastAge, waiting: [], leading: 0 };
  }

  /** Number of waiting jobs. */
  size(): number {
    let jobs = 0;
    for (const { waiting } of this.#present) jobs += waiting.length;
    return jobs;
  }

  add(account: Account<Job>, job: Job): void {
    this.#update();
    account.served = Math.max(account.served, this.#fairShare);
    this.#present.add(account);
    const before = account.waiting.findIndex(({ cost }) => cost < job.cost);
    account.waiting.splice(before < 0 ? account.waiting.length : before, 0, job);
  }

  /** Adds a job that was begun: it goes before the caller's other jobs. */
  putBack(account: Account<Job>, job: Job): void {
    this.#update();
    this.#present.add(account);
    account.waiting.unshift(job);
  }

  remove(account: Account<Job>, job: Job): void {
    this.#update();
    const at = account.waiting.indexOf(job);
    if (at >= 0) account.waiting.splice(at, 1);
    this.#leaveIfIdle(account);
  }

  /**
   * Takes out the next jobs, all of one caller, which then has one leading thread more.
   *
   * @param threads - that may take jobs
   * @returns one job or several small ones; none if none waits
   */
  take(threads: number): Job[] {
    this.#update();
    const account = this.#next();
    if (!account) return [];
    account.leading++;
    const { waiting } = account;
    const most = Math.ceil(waiting.length / threads);
    let count = 1;
    for (let { cost, isAlone } = waiting[0]; count < most && !isAlone; count++) {
      cost += waiting[count].cost;
      if (cost > MOST_AT_ONCE || waiting[count].isAlone) break;
    }
    return waiting.splice(0, count);
  }

  /** A leading thread of the caller is free again. */
  release(account: Account<Job>): void {
    this.#update();
    account.leading--;
    this.#leaveIfIdle(account);
  }

  /** @returns ms of thread time by which a caller is ahead of the next caller with a waiting job; 0 if none waits */
  lead(account: Account<Job>): number {
    this.#update();
    const next = this.#next();
    return next ? account.served - next.served : 0;
  }

  /** Takes all jobs out. */
  clear(): Job[] {
    const jobs: Job[] = [];
    for (const account of this.#present) {
      jobs.push(...account.waiting.splice(0));
      this.#leaveIfIdle(account);
    }
    return jobs;
  }

  /** Brings the accounts up to the present time. */
  #update(): void {
    const time = this.#now();
    const passed = time - this.#lastUpdate;
    this.#lastUpdate = time;
    let leading = 0;
    for (const account of this.#present) {
      account.served += passed * account.leading;
      leading += account.leading;
    }
    if (this.#present.size > 0) this.#fairShare += (passed * leading) / this.#present.size;
  }

  #leaveIfIdle(account: Account<Job>): void {
    if (account.leading === 0 && account.waiting.length === 0) this.#present.delete(account);
  }

  /** The account whose turn it is, among those with waiting jobs. */
  #next(): Account<Job> | undefined {
    const slice = ({ served }: Account<Job>) => Math.floor(served / SLICE_MS);
    let first: Account<Job> | undefined;
    for (const account of this.#present) {
      if (account.waiting.length === 0) continue;
      const ahead = first && (slice(account) - slice(first) || account.age - first.age);
      if (ahead === undefined || ahead < 0) first = account;
    }
    return first;
  }
}
