/**
 * Jobs that wait for a thread, shared out fairly among the callers they belong to.
 *
 * Every caller has an account of the thread time that its leaders have had (assistants are idle threads: they cost
 * nobody anything, and don't count). The next job is one of the caller that has had least, in slices, so that small calls
 * end one after the other and not all at the end; callers within a slice take turns by age. Of one caller's jobs those that
 * were begun come first, then the costliest.
 *
 * A new caller, or one that comes back, begins with what a caller has had who was always there with a fair share:
 * a clock that gains leading threads / callers present each millisecond (fair queueing; Demers, Keshav & Shenker,
 * 1989). So none can save up time, and an endless stream of small calls does not hold up a large one.
 */

/** Thread time, in ms, by which callers may differ: above it a leader is asked to give way. */
export const SLICE_MS = 50;

/** One caller's jobs that wait, and the thread time that it has had. */
export interface Account<Job> {
  /** ms of leading threads, counted from the clock's time when the caller came. */
  served: number;
  readonly age: number;
  readonly waiting: Job[];
  /** Threads that lead its jobs now. */
  leading: number;
}

/** What the queue sees of a job. */
export interface Queued {
  readonly cost: number;
}

export interface FairQueue<Job extends Queued> {
  openAccount(): Account<Job>;
  /** Jobs that wait. */
  size(): number;
  add(account: Account<Job>, job: Job): void;
  /** A job that was begun waits again. */
  putBack(account: Account<Job>, job: Job): void;
  remove(account: Account<Job>, job: Job): void;
  /** The job whose turn it is; its caller has one leading thread more. */
  take(): Job | undefined;
  /** A leading thread of the caller's is free again. */
  release(account: Account<Job>): void;
  /** By how many ms of thread time a caller is ahead of the one whose turn it is, among those whose jobs wait. */
  lead(account: Account<Job>): number;
  /** Takes all jobs out. */
  clear(): Job[];
}

/** @param now - a clock, in ms */
export function createFairQueue<Job extends Queued>(now: () => number): FairQueue<Job> {
  /** Those with jobs that wait or are led. */
  const present = new Set<Account<Job>>();
  let fairShare = 0;
  let lastAge = 0;
  let last = now();

  /** Brings the accounts up to date. */
  const settle = (): void => {
    const time = now();
    const passed = time - last;
    last = time;
    let leading = 0;
    for (const account of present) {
      account.served += passed * account.leading;
      leading += account.leading;
    }
    if (present.size > 0) fairShare += (passed * leading) / present.size;
  };
  const leave = (account: Account<Job>): void => {
    if (account.leading === 0 && account.waiting.length === 0) present.delete(account);
  };
  const next = (): Account<Job> | undefined => {
    const slice = ({ served }: Account<Job>) => Math.floor(served / SLICE_MS);
    let first: Account<Job> | undefined;
    for (const account of present) {
      if (account.waiting.length === 0) continue;
      const ahead = first && (slice(account) - slice(first) || account.age - first.age);
      if (ahead === undefined || ahead < 0) first = account;
    }
    return first;
  };

  return {
    openAccount: () => ({ served: 0, age: ++lastAge, waiting: [], leading: 0 }),
    size() {
      let jobs = 0;
      for (const { waiting } of present) jobs += waiting.length;
      return jobs;
    },
    add(account, job) {
      settle();
      account.served = Math.max(account.served, fairShare);
      present.add(account);
      const before = account.waiting.findIndex(({ cost }) => cost < job.cost);
      account.waiting.splice(before < 0 ? account.waiting.length : before, 0, job);
    },
    putBack(account, job) {
      settle();
      present.add(account);
      account.waiting.unshift(job);
    },
    remove(account, job) {
      settle();
      const at = account.waiting.indexOf(job);
      if (at >= 0) account.waiting.splice(at, 1);
      leave(account);
    },
    take() {
      settle();
      const account = next();
      const job = account?.waiting.shift();
      if (account) account.leading++;
      return job;
    },
    release(account) {
      settle();
      account.leading--;
      leave(account);
    },
    lead(account) {
      settle();
      const first = next();
      return first ? account.served - first.served : 0;
    },
    clear() {
      const jobs: Job[] = [];
      for (const account of present) {
        jobs.push(...account.waiting.splice(0));
        leave(account);
      }
      return jobs;
    },
  };
}
