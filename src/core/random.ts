/** Seeded random streams: xoroshiro128+ (pure-rand), one stream for each start. No stream depends on threads. */

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of random numbers. */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform whole number in [0, n). */
  below(n: number): number;
  /** Standard normal. */
  normal(): number;
}

/** A bijection of 32-bit words that spreads every bit over all (the finaliser of MurmurHash3). */
function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * The seed of one start of a fit. For one fit, different starts have different seeds (a bijection in `start`).
 *
 * @param seed - the fit's seed, any safe whole number
 * @param stream - of the family, see `Family.stream`
 * @returns a whole number in [0, 2³²)
 */
export function deriveSeed(seed: number, k: number, stream: number, start: number): number {
  let h = mix(Math.floor(seed / 2 ** 32) + 0x9e3779b9);
  h = mix(h ^ seed);
  h = mix(h ^ k);
  h = mix(h ^ stream);
  return mix(h ^ start);
}

/**
 * @param seed - any safe whole number; each has its own stream
 */
export function createRandom(seed: number): Random {
  const high = Math.floor(seed / 2 ** 32);
  // Four different words of state, never all zero: the first two are a bijection of the seed.
  const state = [mix(seed), mix(high + 0x9e3779b9), mix(seed ^ 0x6a09e667), mix(high ^ 0x3c6ef372)];
  const generator = xoroshiro128plusFromState(state.map((word) => word | 0));
  // xoroshiro's first outputs still show the seed's bits: let it run in.
  for (let i = 0; i < 16; i++) generator.next();

  const uniform = () => uniformFloat64(generator);
  let spare = Number.NaN;
  return {
    uniform,
    // Exact to 2⁻⁵³ · n: no bias that a sample could show.
    below: (n) => Math.floor(uniform() * n),
    // Marsaglia's polar method gives two numbers at a time.
    normal: () => {
      if (!Number.isNaN(spare)) {
        const value = spare;
        spare = Number.NaN;
        return value;
      }
      for (;;) {
        const u = 2 * uniform() - 1;
        const v = 2 * uniform() - 1;
        const s = u * u + v * v;
        if (s > 0 && s < 1) {
          const scale = Math.sqrt((-2 * Math.log(s)) / s);
          spare = v * scale;
          return u * scale;
        }
      }
    },
  };
}

/**
 * A gamma variable of scale 1 (Marsaglia & Tsang, 2000). For shapes below 1 a variable of the next shape is multiplied by
 * U^(1/shape).
 *
 * @param shape - > 0
 */
export function drawGamma(random: Random, shape: number): number {
  if (shape < 1) {
    // 1 − U is in (0, 1].
    return drawGamma(random, shape + 1) * (1 - random.uniform()) ** (1 / shape);
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < (x * x) / 2 + d * (1 - v + Math.log(v))) return d * v;
  }
}
