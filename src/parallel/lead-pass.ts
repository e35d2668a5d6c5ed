/** The leader's side of a pass: open it, work on it like any assistant, wait for the others, merge in order. */

import { mergeInto } from '../core/statistics.js';
import { LEADER } from './blackboard.js';
import { Cancelled, type Participant } from './job.js';

/** Passes over the rows, one after the other; parameters stand on the board before each. */
export interface PassLeader {
  /** @returns the statistics of all rows; valid till the next pass */
  run(): Float64Array;
  /** The job is over: assistants leave. */
  close(): void;
}

export function leadPasses(participant: Participant): PassLeader {
  const { board, workThrough, workOff } = participant;
  const { nShards, statisticsLength } = board.spec;
  const total = new Float64Array(statisticsLength);
  return {
    run() {
      const pass = board.openPass();
      workThrough(pass, LEADER);
      total.fill(0);
      for (let shard = 0; shard < nShards; shard++) {
        while (!board.isFinished(pass, shard)) {
          if (board.isCancelled()) throw new Cancelled();
          if (board.takeOver(pass, shard)) workOff(pass, shard);
          else board.awaitFinish(pass, shard);
        }
        mergeInto(total, board.slot(shard));
      }
      return total;
    },
    close: () => board.close(),
  };
}
