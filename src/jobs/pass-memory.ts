/** The passes of a run since EM's last point: an interrupted run hands them to EM again instead of running them. */

import type { FactoredMixture } from '../core/factored-mixture.js';
import type { Parameters } from '../core/parameters.js';
import type { EStep } from '../em/run.js';
import { ALL_ROWS, type RowPart } from '../rows/row-part.js';
import type { EmLeadState } from './tasks.js';

interface RememberedPass {
  /** Of a pass over all rows: only these can be the parameters of a point. */
  readonly parameters: Parameters | undefined;
  readonly statistics: Float64Array;
}

export class PassMemory {
  readonly #eStep: EStep;
  readonly #onPass: (read: () => EmLeadState['passes']) => void;
  /** Passes of an earlier leader that EM has not asked for yet. */
  readonly #known: Float64Array[];
  #mustRefill: boolean;
  #passes: RememberedPass[] = [];
  /** The mixture of the last pass over all rows. */
  #last: FactoredMixture | undefined;

  /**
   * @param before - passes of an earlier leader, which are not run again
   * @param mustRefill - whether the last of them must run again before the next pass, for what it leaves in memory
   * @param onPass - called with all passes since the last point, when there is one more
   */
  constructor(
    eStep: EStep,
    before: EmLeadState['passes'],
    mustRefill: boolean,
    onPass: (read: () => EmLeadState['passes']) => void,
  ) {
    this.#eStep = eStep;
    this.#known = [...before];
    this.#mustRefill = mustRefill;
    this.#onPass = onPass;
  }

  /** The E-step that remembers. */
  readonly eStep: EStep = (mixture, part = ALL_ROWS) => {
    const statistics = this.#known.shift() ?? this.#run(mixture, part);
    const isWhole = part.oneIn === 1;
    if (isWhole) this.#last = mixture;
    this.#passes.push({ parameters: isWhole ? mixture.parameters : undefined, statistics });
    if (this.#known.length === 0) this.#onPass(() => this.#passes.map((pass) => pass.statistics));
    return statistics;
  };

  /** EM has come to a point with these parameters: earlier passes are not needed any more. */
  beginAt(parameters: Parameters): void {
    this.#passes = this.#passes.filter((pass) => pass.parameters === parameters);
  }

  #run(mixture: FactoredMixture, part: RowPart): Float64Array {
    if (this.#mustRefill && this.#last) this.#eStep(this.#last);
    this.#mustRefill = false;
    return this.#eStep(mixture, part).slice();
  }
}
