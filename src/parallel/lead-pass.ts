/** The leader's side of a pass: open it, work on it like any assistant, wait for the others, merge in order. */

import { mergeInto } from '../core/statistics.js';
import { ALL_ROWS, type RowPart } from '../rows/row-part.js';
import { LEADER } from './blackboard.js';
import { Cancelled, type Participant, Yielding } from './job.js';

/** Passes over the rows, one after the other. */
export interface PassLeader {
  /** in: the next pass's, as `prepareInto` writes them. */
  readonly parameters: Float64Array;
  /**
   * @param part - of every shard's rows; default: all
   * @returns the statistics of these rows; valid till the next pass
   * @throws Cancelled; Yielding, and then whoever leads next finds the pass as it is and goes on with it
   */
  run(part?: RowPart): Float64Array;
  /** The job is over: assistants leave. */
  close(): void;
}

export function leadPasses(participant: Participant): PassLeader {
  const { board, tracksChanges, workThrough, workOff } = participant;
  const { nShards, statisticsLength, parameterLength } = board.spec;
  const parameters = new Float64Array(parameterLength);
  const total = new Float64Array(statisticsLength);
  /** A pass that a leader before this one has left open. */
  let leftOpen = board.pass();

  const complete = (pass: number, onFinished: (shard: number) => void): void => {
    workThrough(pass, LEADER);
    for (let shard = 0; shard < nShards; shard++) {
      while (!board.isFinished(pass, shard)) {
        if (board.isCancelled()) throw new Cancelled();
        if (board.mustYield() && !tracksChanges) throw new Yielding();
        if (board.takeOver(pass, shard)) workOff(pass, shard);
        else board.awaitFinish(pass, shard);
      }
      onFinished(shard);
    }
  };
  const open = (part: RowPart): number => {
    if (leftOpen > 0) {
      const isWanted = parameters.every((value, i) => Object.is(value, board.parameters[i]));
      const { oneIn, index } = board.part();
      if (isWanted && part.oneIn === oneIn && part.index === index) return leftOpen;
      // Another one than is wanted now: nobody may be at work on it when the next is opened.
      complete(leftOpen, () => undefined);
    }
    board.parameters.set(parameters);
    return board.openPass(part);
  };
  return {
    parameters,
    run(part = ALL_ROWS) {
      const pass = open(part);
      total.fill(0);
      complete(pass, (shard) => mergeInto(total, board.slot(shard)));
      leftOpen = 0;
      return total;
    },
    close: () => board.close(),
  };
}
