/** Leader and assistants of one job, played by one thread: the bits do not depend on who processes a shard. */

import { describe, expect, it } from 'vitest';
import { FULL_FORM } from '../../src/core/covariance/dense-forms.js';
import { factorMixture } from '../../src/core/factored-mixture.js';
import { createRandom } from '../../src/core/random.js';
import { createStatisticsLayout } from '../../src/core/statistics.js';
import { createKernel } from '../../src/kernel/kernel.js';
import type { KernelSource } from '../../src/kernel/kernel-cache.js';
import { compileKernel } from '../../src/kernel/module.js';
import { preparedLength, prepareInto } from '../../src/kernel/prepare.js';
import { createBlackboard } from '../../src/parallel/blackboard.js';
import { Cancelled, type JobSpec, joinJob, type Participant, Yielding } from '../../src/parallel/job.js';
import { leadPasses } from '../../src/parallel/lead-pass.js';
import { planShards } from '../../src/parallel/shards.js';
import { type RowPart, visitPieces } from '../../src/rows/row-part.js';
import { bitsOf } from '../close.js';
import { relativeToMagnitude, toleranceFor } from '../kernel/against-twin.js';
import { createTwin } from '../kernel/scalar-twin.js';
import { createMixture, drawRows } from '../mixtures.js';
import { claimShard, takeSeat } from './claims.js';

const [N, D, K] = [20_000, 3, 2];
const random = createRandom(8);
const mixture = createMixture('full', K, D, random);
const values = drawRows(mixture, N, random);
const module = compileKernel();
const kernels: KernelSource = (shape) => createKernel(module, shape);

/** The borders of chunks differ from those of shards. */
const chunkRows = 3777;
const chunks = Array.from({ length: Math.ceil(N / chunkRows) }, (_, c) =>
  values.slice(c * chunkRows * D, (c + 1) * chunkRows * D),
);

function createJob(): JobSpec {
  const { length } = createStatisticsLayout(FULL_FORM, K, D);
  const shape = {
    form: 'full',
    components: 'gaussian',
    nComponents: K,
    nFeatures: D,
    withResponsibilities: false,
  } as const;
  const parameterLength = preparedLength('full', K, D);
  const board = createBlackboard(planShards(N, D, length), 4, parameterLength, length);
  return {
    board,
    rows: { nSamples: N, nFeatures: D, chunkRows, chunks },
    shape,
    work: { kind: 'accumulate' },
  };
}

/** A leader of passes with the mixture's parameters. */
function leadMixture(participant: Participant) {
  const passes = leadPasses(participant);
  prepareInto(passes.parameters, factorMixture(mixture));
  return passes;
}

/** A job's leader; `onPass` is called just after it has opened a pass. */
function leadWith(onPass: (leader: Participant, pass: number, seat: number) => void, job = createJob()) {
  const leader = joinJob(kernels, job);
  const { board } = leader;
  const seat = takeSeat(board);
  const openPass = board.openPass.bind(board);
  board.openPass = (part?: RowPart) => {
    const pass = openPass(part);
    onPass(leader, pass, seat);
    return pass;
  };
  return leadMixture(leader);
}

const alone = leadMixture(joinJob(kernels, createJob())).run().slice();

describe('a pass', () => {
  it('has the statistics of all rows', () => {
    const twin = createTwin(mixture);
    for (let i = 0; i < N; i++) twin.add(values, i * D, 1);
    // Sums of 20,000 terms by the twin, one after the other: √n more roundings than the kernel's.
    expect(relativeToMagnitude(alone, twin.statistics, twin.magnitudes)).toBeLessThan(
      Math.sqrt(N) * toleranceFor(D),
    );
  });

  it('over a part of the rows has the statistics of that part', () => {
    const passes = leadMixture(joinJob(kernels, createJob()));
    for (const part of [
      { oneIn: 2, index: 1 },
      { oneIn: 7, index: 0 },
      { oneIn: 7, index: 4 },
      { oneIn: 1000, index: 999 },
    ]) {
      const twin = createTwin(mixture);
      visitPieces(part, N, 0, N, (first, count) => {
        for (let i = first; i < first + count; i++) twin.add(values, i * D, 1);
      });
      const statistics = passes.run(part);
      expect(relativeToMagnitude(statistics, twin.statistics, twin.magnitudes)).toBeLessThan(
        Math.sqrt(N) * toleranceFor(D),
      );
    }
    expect(bitsOf(passes.run())).toBe(bitsOf(alone));
  });

  it('over a part of the rows leaves the responsibilities of the pass before as they are', () => {
    const job = createJob();
    const previous = new Float64Array(new SharedArrayBuffer(8 * N * K));
    const tracking: JobSpec = {
      ...job,
      shape: { ...job.shape, withResponsibilities: true },
      work: { kind: 'accumulate', previous },
    };
    const passes = leadMixture(joinJob(kernels, tracking));
    passes.run();
    const before = bitsOf(previous);
    const other = createMixture('full', K, D, createRandom(9));
    prepareInto(passes.parameters, factorMixture(other));
    passes.run({ oneIn: 3, index: 1 });
    expect(bitsOf(previous)).toBe(before);
    passes.run();
    expect(bitsOf(previous)).not.toBe(before);
  });

  it('has the same bits when an assistant processes a few shards or all', () => {
    for (const most of [1, 2, Number.POSITIVE_INFINITY]) {
      const job = createJob();
      const assistant = joinJob(kernels, job);
      const passes = leadWith((_, pass, seat) => {
        for (let done = 0; done < most; done++) {
          const shard = assistant.board.claim(pass, seat, done);
          if (shard === undefined) return;
          assistant.processShard(pass, shard);
        }
      }, job);
      for (let pass = 0; pass < 3; pass++) expect(bitsOf(passes.run())).toBe(bitsOf(alone));
    }
  });

  it('has the same bits when an assistant dies with claimed shards', () => {
    const passes = leadWith(({ board }, pass, seat) => {
      if (pass > 1) return;
      board.claim(pass, seat, 0);
      // The slot of an unfinished shard, half written.
      board.slot(claimShard(board, pass, seat, 2)).fill(Number.NaN);
      board.seats.markDead(seat);
    });
    for (let pass = 0; pass < 3; pass++) expect(bitsOf(passes.run())).toBe(bitsOf(alone));
  });

  it('ends when the caller cancels, and closes the board', () => {
    const participant = joinJob(kernels, createJob());
    participant.board.cancel();
    const passes = leadMixture(participant);
    expect(() => passes.run()).toThrow(Cancelled);
    passes.close();
    expect(participant.board.pass()).toBeUndefined();
  });

  describe('left open by a leader that was asked to yield', () => {
    /** A pass with `done` finished shards. */
    const leaveOpen = (done: number, part?: RowPart): JobSpec => {
      const job = createJob();
      const passes = leadWith(({ board, processShard }, pass, seat) => {
        for (let i = 0; i < done; i++) processShard(pass, claimShard(board, pass, seat, i));
        board.askToYield(true);
      }, job);
      expect(() => passes.run(part)).toThrow(Yielding);
      return job;
    };

    it.each([0, 1, 3])('after %i shards is continued by the next leader', (done) => {
      const job = leaveOpen(done);
      const next = joinJob(kernels, job);
      next.board.askToYield(false);
      const passes = leadMixture(next);
      expect(bitsOf(passes.run())).toBe(bitsOf(alone));
      expect(next.board.pass()).toBe(1);
      expect(bitsOf(passes.run())).toBe(bitsOf(alone));
      expect(next.board.pass()).toBe(2);
    });

    it('is completed first if the next leader wants a part of the rows', () => {
      const next = joinJob(kernels, leaveOpen(2));
      next.board.askToYield(false);
      const passes = leadMixture(next);
      const part = { oneIn: 3, index: 1 };
      const expected = leadMixture(joinJob(kernels, createJob())).run(part);
      expect(bitsOf(passes.run(part))).toBe(bitsOf(expected));
      expect(next.board.pass()).toBe(2);
    });

    it('is completed first if the next leader wants another part', () => {
      const part = { oneIn: 3, index: 1 };
      const next = joinJob(kernels, leaveOpen(2, { oneIn: 3, index: 2 }));
      next.board.askToYield(false);
      const expected = leadMixture(joinJob(kernels, createJob())).run(part);
      expect(bitsOf(leadMixture(next).run(part))).toBe(bitsOf(expected));
      expect(next.board.pass()).toBe(2);
    });

    it('is completed first if the next leader has other parameters', () => {
      const other = createMixture('full', K, D, createRandom(9));
      const expected = leadPasses(joinJob(kernels, createJob()));
      prepareInto(expected.parameters, factorMixture(other));
      const next = joinJob(kernels, leaveOpen(2));
      next.board.askToYield(false);
      const passes = leadPasses(next);
      prepareInto(passes.parameters, factorMixture(other));
      expect(bitsOf(passes.run())).toBe(bitsOf(expected.run()));
      expect(next.board.pass()).toBe(2);
    });
  });
});
