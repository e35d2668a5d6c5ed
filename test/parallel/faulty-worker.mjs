/**
 * The built worker, which dies in the middle of a pass when the test orders a fault. Leaders and assistants count their
 * claims of shards down in shared memory; at 0 the thread that has just claimed a shard dies.
 *
 *   word      | content
 *   0         | claims until the next fault, below 0 for no fault
 *   1         | way to die: 0 throw, 1 exit, 2 fill the heap
 *   2, 3      | leaders and assistants that died so far
 *   4         | victim: 0 a leader, 1 an assistant
 *   5 + id    | 1 if the leader of this job died before: a second death would fail the job
 */

import { workerData } from 'piscina';
import { assist as realAssist, lead as realLead } from '../../dist/worker.js';

const words = new Int32Array(workerData.faults);
let job = -1;

const { compareExchange } = Atomics;
Atomics.compareExchange = (array, index, expected, value) => {
  const before = compareExchange(array, index, expected, value);
  // Workers use compareExchange on the blackboard for claims only.
  if (before === expected && array !== words && Atomics.load(words, 0) >= 0) {
    if (Atomics.sub(words, 0, 1) === 0) die();
  }
  return before;
};

function die() {
  const isLeader = job >= 0;
  const isMeant = isLeader === (Atomics.load(words, 4) === 0);
  if (!isMeant || (isLeader && compareExchange(words, 5 + job, 0, 1) !== 0)) {
    // Not a valid victim: another thread dies soon.
    Atomics.store(words, 0, 3);
    return;
  }
  Atomics.add(words, isLeader ? 2 : 3, 1);
  switch (Atomics.load(words, 1)) {
    case 0:
      throw new Error('injected');
    case 1:
      process.exit(1);
      break;
    default:
      for (const heap = []; ; ) heap.push(new Array(10_000).fill(heap.length));
  }
}

export function lead(messages) {
  return messages.map((message) => {
    job = message.id;
    try {
      return realLead([message])[0];
    } finally {
      job = -1;
    }
  });
}

export const assist = realAssist;
