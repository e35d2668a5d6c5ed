/** Leader and assistants of one job, played by one thread: whoever does a shard, the bits are the same. */

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { createStatisticsLayout } from '../../src/core/statistics.js';
import { createKernel } from '../../src/kernel/kernel.js';
import { compileKernel } from '../../src/kernel/module.js';
import { prepareInto } from '../../src/kernel/prepare.js';
import { createBlackboard, openBlackboard } from '../../src/parallel/blackboard.js';
import { Cancelled, type JobSpec, joinJob, type Participant } from '../../src/parallel/job.js';
import { leadPasses } from '../../src/parallel/lead-pass.js';
import { planShards } from '../../src/parallel/shards.js';
import { bitsOf } from '../close.js';
import { relativeToMagnitude, toleranceFor } from '../kernel/against-twin.js';
import { createTwin } from '../kernel/scalar-twin.js';
import { createMixture, drawRows } from '../mixtures.js';

const [N, D, K] = [20_000, 3, 2];
const random = createRandom(8);
const mixture = createMixture('full', K, D, random);
const values = drawRows(mixture, N, random);
const module = compileKernel();

/** Chunks that have nothing to do with shards. */
const chunkRows = 3777;
const chunks = Array.from({ length: Math.ceil(N / chunkRows) }, (_, c) =>
  values.slice(c * chunkRows * D, (c + 1) * chunkRows * D),
);

function createJob(): JobSpec {
  const { length } = createStatisticsLayout('full', K, D);
  const shape = {
    covarianceType: 'full',
    nComponents: K,
    nFeatures: D,
    withResponsibilities: false,
  } as const;
  const { parameters } = createKernel(module, shape);
  prepareInto(parameters, mixture);
  const board = createBlackboard(planShards(N, D, length), 4, parameters.length, length);
  openBlackboard(board).parameters.set(parameters);
  return {
    board,
    rows: { nSamples: N, nFeatures: D, chunkRows, chunks },
    shape,
    work: { kind: 'accumulate' },
  };
}

/** A job's leader, and what happens just after it has opened a pass. */
function leadWith(onPass: (leader: Participant, pass: number, seat: number) => void, job = createJob()) {
  const leader = joinJob(module, job);
  const seat = leader.board.takeSeat();
  const openPass = () => {
    const pass = leader.board.openPass();
    onPass(leader, pass, seat);
    return pass;
  };
  return leadPasses({ ...leader, board: { ...leader.board, openPass } });
}

const alone = leadPasses(joinJob(module, createJob())).run().slice();

describe('a pass', () => {
  it('has the statistics of all rows', () => {
    const twin = createTwin(mixture);
    for (let i = 0; i < N; i++) twin.add(values, i * D, 1);
    // Sums of 20,000 terms by the twin, one after the other: √n more roundings than the kernel's.
    expect(relativeToMagnitude(alone, twin.statistics, twin.magnitudes)).toBeLessThan(
      Math.sqrt(N) * toleranceFor(D),
    );
  });

  it('has the same bits when an assistant was quicker, with some shards or all', () => {
    for (const some of [1, 2, Number.POSITIVE_INFINITY]) {
      const job = createJob();
      const assistant = joinJob(module, job);
      const passes = leadWith((_, pass, seat) => {
        for (let done = 0; done < some; done++) {
          const shard = assistant.board.claim(pass, seat, done);
          if (shard < 0) return;
          assistant.workOff(pass, shard);
        }
      }, job);
      for (let pass = 0; pass < 3; pass++) expect(bitsOf(passes.run())).toBe(bitsOf(alone));
    }
  });

  it('has the same bits when an assistant has died with shards in its hands', () => {
    const passes = leadWith(({ board }, pass, seat) => {
      if (pass > 1) return;
      board.claim(pass, seat, 0);
      // Half-written: the slot of a shard that was never finished.
      board.slot(board.claim(pass, seat, 2)).fill(Number.NaN);
      board.markDead(seat);
    });
    for (let pass = 0; pass < 3; pass++) expect(bitsOf(passes.run())).toBe(bitsOf(alone));
  });

  it('ends where the caller wants no more, and closes the board', () => {
    const participant = joinJob(module, createJob());
    participant.board.cancel();
    const passes = leadPasses(participant);
    expect(() => passes.run()).toThrow(Cancelled);
    passes.close();
    expect(participant.board.pass()).toBe(-1);
  });
});
