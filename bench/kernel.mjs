/**
 * The kernel on one thread: (row × component) pairs a second for each covariance type, d and k, also as a share of the
 * machine's ceiling. Then the gain on separated data, where the kernel leaves out rows of negligible responsibility.
 */

import { createEngine, Dataset } from 'parallel-gmm';
import { measureCeiling } from './ceiling.mjs';
import { createOverlapping, createSeparated, createStart, drawRows, shapeStart } from './data.mjs';
import { exactEm, median, timePass } from './measure.mjs';
import { count, formatTable, percent, short, times } from './table.mjs';

const TYPES = ['full', 'tied', 'diag', 'spherical'];

/** Multiply–adds of exp: 3 for range reduction, 10 for the polynomial, 1 from distance to exponent. */
const EXP = 14;

/**
 * Multiply–adds of a pair, in E-step and statistics together. Centring, scaling, log and the maximum are not counted, as
 * they are no multiply–adds. Their time lowers the share of the ceiling.
 */
const MULTIPLY_ADDS = {
  /** W (x − μ) and its square; r (x − μ) and r (x − μ)(x − μ)ᵀ, lower triangles. */
  full: (d) => d * (d + 1) + 2 * d + EXP,
  /** W x once for all components; distance; r (x − μ). */
  tied: (d, k) => (d * (d + 1)) / (2 * k) + 2 * d + EXP,
  /** Scaling and square; r (x − μ) and r (x − μ)². */
  diag: (d) => 4 * d + EXP,
  /** Square; r (x − μ) and r ‖x − μ‖². */
  spherical: (d) => 3 * d + EXP,
};

const FORMULAS = {
  full: `d (d + 1) + 2 d + ${EXP}`,
  tied: `d (d + 1) / 2 k + 2 d + ${EXP}`,
  diag: `4 d + ${EXP}`,
  spherical: `3 d + ${EXP}`,
};

const SIZES = {
  all: { d: [1, 2, 8, 16, 32, 64], k: [2, 4, 8, 16, 32, 64], rounds: 3, seconds: 0.02 },
  overview: { d: [2, 8, 32], k: [2, 8, 32], rounds: 3, seconds: 0.015 },
  quick: { d: [2, 8], k: [8], rounds: 3, seconds: 0.01 },
};

/** Most numbers of a data set in this bench: 96 MB. */
const MOST_NUMBERS = 12e6;

/** Measures one cell of the table, with so many rows that a pass takes about `seconds`. */
async function measureCell(engine, rows, { d, k, covarianceType, mixture, rounds, seconds, quiet }) {
  // k · d is large here, so components have few rows. The ridge keeps them from collapsing and costs no time.
  const start = shapeStart(createStart(mixture), covarianceType);
  const options = { ...exactEm(start, 1), covarianceType, regCovar: 0.5 };
  const most = rows.length / d;
  const prepare = async (nSamples) => {
    const data = await Dataset.from(new Float64Array(rows.buffer, 0, nSamples * d), { nFeatures: d });
    return (maxIter) => engine.fit(data, { ...options, maxIter });
  };
  const probe = Math.min(most, 4096 * Math.ceil(16 / k));
  const small = await prepare(probe);
  await small(20);
  const probes = [];
  for (let round = 0; round < 3; round++) probes.push(await timePass(small, 10));
  // A probe is short: if it was disturbed, its difference can be near 0 or negative.
  const wanted = (seconds / Math.max(median(probes), 1e-5)) * probe;
  const nSamples = Math.max(1024, Math.min(most, Math.round(wanted / 128) * 128));
  const fit = await prepare(nSamples);
  await fit(4);
  const passes = [];
  for (let round = 0; round < rounds; round++) passes.push(await quiet.measure(() => timePass(fit, 4)));
  return { nSamples, secondsPerPass: median(passes) };
}

async function measureGrid(engine, ceiling, { d: features, k: components, rounds, seconds }, { quiet, say }) {
  const figures = [];
  for (const d of features) {
    for (const k of components) {
      say(`kernel: d ${d}, k ${k}`);
      const mixture = createOverlapping({ d, k });
      const rows = drawRows(mixture, Math.min(2_000_000, Math.floor(MOST_NUMBERS / d / Math.sqrt(k / 2))));
      for (const covarianceType of TYPES) {
        const cell = { d, k, covarianceType, mixture, rounds, seconds, quiet };
        const { nSamples, secondsPerPass } = await measureCell(engine, rows, cell);
        const pairsPerSecond = (nSamples * k) / secondsPerPass;
        const multiplyAddsPerPair = MULTIPLY_ADDS[covarianceType](d, k);
        figures.push({
          covarianceType,
          nFeatures: d,
          nComponents: k,
          nSamples,
          secondsPerPass,
          pairsPerSecond,
          multiplyAddsPerPair,
          shareOfCeiling: (pairsPerSecond * multiplyAddsPerPair) / ceiling,
        });
      }
    }
  }
  return figures;
}

/** Measures both kinds of rows in turn, so that disturbances affect both. */
async function measureSkips(engine, nSamples, rounds, { quiet, say }) {
  const d = 16;
  const k = 16;
  const fits = {};
  for (const [kind, create] of Object.entries({
    overlapping: createOverlapping,
    separated: createSeparated,
  })) {
    say(`kernel: ${kind} rows`);
    const mixture = create({ d, k });
    const data = await Dataset.from(drawRows(mixture, nSamples), { nFeatures: d });
    const start = createStart(mixture);
    fits[kind] = (maxIter) => engine.fit(data, exactEm(start, maxIter));
    await fits[kind](2);
  }
  const passes = { overlapping: [], separated: [] };
  for (let round = 0; round < rounds; round++) {
    for (const kind of Object.keys(fits)) {
      passes[kind].push(await quiet.measure(() => timePass(fits[kind], 4)));
    }
  }
  const overlapping = (nSamples * k) / median(passes.overlapping);
  const separated = (nSamples * k) / median(passes.separated);
  return {
    covarianceType: 'full',
    nSamples,
    nFeatures: d,
    nComponents: k,
    overlappingPairsPerSecond: overlapping,
    separatedPairsPerSecond: separated,
    ratio: separated / overlapping,
  };
}

export async function measure({ size, quiet, say }) {
  const sizes = SIZES[size];
  say('kernel: the ceiling');
  const ceiling = await quiet.measure(measureCeiling);
  const engine = createEngine({ threads: 1 });
  try {
    const cells = await measureGrid(engine, ceiling.multiplyAddsPerSecond, sizes, { quiet, say });
    const skips = await measureSkips(engine, size === 'quick' ? 5e4 : 5e5, sizes.rounds, { quiet, say });
    return { ceiling, cells, skips };
  } finally {
    await engine.close();
  }
}

/** The table of a covariance type: a row for each d, a column for each k. */
function formatGrid(cells, covarianceType) {
  const own = cells.filter((cell) => cell.covarianceType === covarianceType);
  const components = [...new Set(own.map(({ nComponents }) => nComponents))];
  const features = [...new Set(own.map(({ nFeatures }) => nFeatures))];
  const title = `${covarianceType}: million pairs a second, one thread (share of the ceiling at ${FORMULAS[covarianceType]} multiply–adds a pair)`;
  const rows = features.map((d) => [
    `d = ${d}`,
    ...own
      .filter(({ nFeatures }) => nFeatures === d)
      .map((cell) => `${short(cell.pairsPerSecond / 1e6)} (${percent(cell.shareOfCeiling)})`),
  ]);
  return formatTable(title, ['', ...components.map((k) => `k = ${k}`)], rows);
}

export function format({ ceiling, cells, skips }) {
  const { build, multiplyAddsPerSecond } = ceiling;
  const { nSamples, nFeatures, nComponents } = skips;
  return [
    `Ceiling: ${short(multiplyAddsPerSecond / 1e9)} thousand million multiply–adds a second on one thread (${build})\n`,
    ...TYPES.map((covarianceType) => formatGrid(cells, covarianceType)),
    formatTable(
      `Rows that count for nothing: full, ${count(nSamples)} × ${nFeatures}, k = ${nComponents}, one thread`,
      ['components', 'million pairs/s', 'ratio'],
      [
        ['overlapping (the dense loop)', short(skips.overlappingPairsPerSecond / 1e6), ''],
        [
          'separated, 3 sd in every direction',
          short(skips.separatedPairsPerSecond / 1e6),
          times(skips.ratio),
        ],
      ],
    ),
  ].join('\n');
}
