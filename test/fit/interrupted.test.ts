/** A fit that is killed goes on from what its checkpoint has kept, to the same bits: every method, at many moments. */

import { describe, expect, it } from 'vitest';
import type { CallMemory } from '../../src/checkpoint/call-memory.js';
import { decodeValue, encodeValue } from '../../src/checkpoint/checkpoint-text.js';
import type { ModelShape } from '../../src/core/parameters.js';
import { createRandom } from '../../src/core/random.js';
import { fitShape } from '../../src/fit/fit-shape.js';
import { fitVariational } from '../../src/fit/variational.js';
import type { FitOptions } from '../../src/types.js';
import { bitsOf } from '../close.js';
import { METHODS } from '../methods.js';
import { createMixture, drawRows } from '../mixtures.js';
import { createContext } from './in-process.js';

const [N, D, K] = [400, 2, 3];
const random = createRandom(6);
const rows = drawRows(createMixture('full', K, D, random, 2), N, random);

/** Values by name, as text: what a file can hold. */
type Kept = Map<string, string>;

/** @param most - values after which the process dies */
function createMemory(kept: Kept, most: number): CallMemory & { readonly count: () => number } {
  let count = 0;
  return {
    recall(name, isWanted) {
      const text = kept.get(name);
      const value = text === undefined ? undefined : decodeValue(text);
      return isWanted(value) ? value : undefined;
    },
    keep(name, value) {
      if (count === most) throw new Error('killed');
      kept.set(name, encodeValue(value));
      count++;
    },
    forget(prefix) {
      for (const name of kept.keys()) if (name.startsWith(prefix)) kept.delete(name);
    },
    count: () => count,
  };
}

describe.each(METHODS)('$method', ({ options }) => {
  it('has the same bits after an interruption', async () => {
    const given: FitOptions = { nComponents: K, nInit: 2, search: 'none', seed: 2, ...options };
    const fitWith = async (memory: CallMemory): Promise<string> => {
      const context = await createContext(rows, D, given, memory);
      const { noise } = context.data;
      const shape: ModelShape = { covarianceType: 'full', nComponents: K, nFeatures: D, noise };
      const { variational } = context.options as { variational?: Parameters<typeof fitVariational>[2] };
      const outcome = await (variational
        ? fitVariational(context, shape, variational)
        : fitShape(context, shape, 1));
      return bitsOf({ ...outcome, seconds: 0 });
    };
    const whole = createMemory(new Map(), Number.POSITIVE_INFINITY);
    const expected = await fitWith(whole);
    expect(whole.count()).toBeGreaterThan(20);
    for (const part of [0.1, 0.4, 0.7, 0.95]) {
      const kept: Kept = new Map();
      await expect(fitWith(createMemory(kept, Math.floor(part * whole.count())))).rejects.toThrow('killed');
      const rest = createMemory(kept, Number.POSITIVE_INFINITY);
      expect(await fitWith(rest)).toBe(expected);
      expect(rest.count()).toBeLessThan(whole.count());
    }
  });
});
