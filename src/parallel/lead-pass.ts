/** The leader's side of a pass: open it, process shards like an assistant, wait for the others, merge the slots in order. */

import { mergeInto } from '../core/statistics.js';
import { ALL_ROWS, isSamePart, type RowPart } from '../rows/row-part.js';
import { Cancelled, type Participant, Yielding } from './job.js';
import { LEADER } from './seats.js';

/** Passes over the rows, one after the other. */
export interface PassLeader {
  /** in: parameters of the next pass, as `prepareInto` writes them. */
  readonly parameters: Float64Array;
  /**
   * @param part - the rows to pass over, a part of every shard; default: all rows
   * @returns the statistics of these rows; valid until the next pass
   * @throws Cancelled; Yielding, which leaves the pass open for the next leader
   */
  run(part?: RowPart): Float64Array;
  /** Ends the job: assistants leave. */
  close(): void;
}

export function leadPasses(participant: Participant): PassLeader {
  const { board, tracksChanges, processShards, processShard } = participant;
  const { nShards, statisticsLength, parameterLength } = board.spec;
  const parameters = new Float64Array(parameterLength);
  const total = new Float64Array(statisticsLength);
  /** The pass that an earlier leader left open; undefined if there is none. */
  let leftOpen = board.pass() || undefined;

  const complete = (pass: number, onFinished: (shard: number) => void): void => {
    processShards(pass, LEADER);
    for (let shard = 0; shard < nShards; shard++) {
      while (!board.isFinished(pass, shard)) {
        if (board.isCancelled()) throw new Cancelled();
        if (board.mustYield() && !tracksChanges) throw new Yielding();
        if (board.takeOver(pass, shard)) processShard(pass, shard);
        else board.awaitFinish(pass, shard);
      }
      onFinished(shard);
    }
  };
  const open = (part: RowPart): number => {
    if (leftOpen !== undefined) {
      const hasParameters = parameters.every((value, i) => Object.is(value, board.parameters[i]));
      if (hasParameters && isSamePart(part, board.part())) return leftOpen;
      // The open pass differs from the next one. Complete it first, so that no assistant still works on it.
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
      leftOpen = undefined;
      return total;
    },
    close: () => board.close(),
  };
}
