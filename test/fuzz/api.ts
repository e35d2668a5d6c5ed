/**
 * Calls the whole public API with junk as arguments. The law: a call that fails does so soon, with a GmmError whose code
 * says that the caller is at fault.
 */

import { fileURLToPath } from 'node:url';
import { createRandom, type Random } from '../../src/core/random.js';
import type { FitResult, GaussianMixture } from '../../src/index.js';
import * as api from '../package.js';
import { junk, pick, spoil } from './junk.js';

/** The codes for faulty arguments. The other codes are for threads that die and for packages that are missing. */
const CODES: readonly string[] = ['INVALID_OPTION', 'INVALID_DATA', 'INVALID_MODEL', 'DEGENERATE', 'IO'];

/** A call has a dozen rows: if it takes longer, it hangs. */
const MOST_MS = 20_000;

const FAITHFUL = fileURLToPath(new URL('../../data/faithful.csv', import.meta.url));
const ROWS = [
  [1, 2],
  [1.5, 2.25],
  [0.5, 1.5],
  [1.25, 1.75],
  [0.75, 2.5],
  [9, 8],
  [9.5, 8.5],
  [8.5, 7.75],
  [9.25, 8],
  [8.75, 8.25],
];
const LABELS = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1];

/** What makes two Gaussian components t components beside noise. */
const HEAVY_TAILED = {
  equalWeights: false,
  weights: [0.5, 0.3],
  noise: { weight: 0.2, volume: 100, box: { corner: [0, 0], edges: [10, 0, 0, 10] } },
  degreesOfFreedom: [3, 5],
  estimatedDegrees: 'none',
} as const;

/** One call of the API with its arguments. */
interface Call {
  readonly name: string;
  readonly arguments: readonly unknown[];
  readonly run: (...args: never[]) => unknown;
}

/** The number of calls with each outcome. */
export type Outcomes = Record<string, number>;

/**
 * Calls the API `count` times.
 *
 * @param seed - the same seed gives the same calls
 * @returns their outcomes: `returned`, or the error's code
 * @throws Error with the seed, the call and its arguments, if a call breaks the law
 */
export async function callWithJunk(seed: number, count: number): Promise<Outcomes> {
  const random = createRandom(seed);
  const engine = api.createEngine({ threads: 2 });
  const outcomes: Outcomes = {};
  try {
    const data = await api.Dataset.from(ROWS, { columns: ['a', 'b'] });
    const result = await engine.fit(data, { nComponents: 2, seed: 1, covarianceFloor: 1e-9 });
    const makers = createMakers(engine, data, result);
    for (let i = 0; i < count; i++) {
      const call = pick(random, makers)(random);
      const outcome = await judge(call).catch((cause) => {
        const where = `call ${i} of seed ${seed}, ${call.name}(${call.arguments.map(show).join(', ')})`;
        throw new Error(`${where}: ${cause instanceof Error ? cause.stack : String(cause)}`, { cause });
      });
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
  } finally {
    await engine.close();
  }
  return outcomes;
}

async function judge({ arguments: args, run }: Call): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${MOST_MS} ms`)), MOST_MS);
  });
  try {
    await Promise.race([run(...(args as never[])), late]);
    return 'returned';
  } catch (error) {
    if (error instanceof api.GmmError && CODES.includes(error.code)) return error.code;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Makers of calls. A call has sound arguments, of which one is spoiled. */
function createMakers(
  engine: ReturnType<typeof api.createEngine>,
  data: Awaited<ReturnType<typeof api.Dataset.from>>,
  result: FitResult,
): ((random: Random) => Call)[] {
  const { model } = result;
  const noisy = api.GaussianMixture.fromParameters({ ...parametersOf(model), ...HEAVY_TAILED });
  const spoiled =
    (name: string, run: Call['run'], ...sound: readonly unknown[]) =>
    (random: Random): Call => {
      const args = [...sound];
      const which = random.below(args.length);
      args[which] = spoil(random, args[which]);
      return { name, run, arguments: args };
    };
  const options = {
    nComponents: 2,
    covarianceType: 'diag',
    init: 'kmeans',
    nInit: 2,
    convergence: 'aitken',
    tol: 1e-6,
    maxIter: 20,
    acceleration: 'auto',
    equalWeights: false,
    covarianceFloor: 1e-9,
    regCovar: 1e-3,
    effectiveSampleSize: 'kish',
    prior: { meanShrinkage: 0.1, mean: [4, 5], degreesOfFreedom: 5, scale: [4, 0, 0, 4] },
    noise: { volume: 200 },
    seed: 3,
    nFeatures: 2,
    columns: ['a', 'b'],
    onProgress: () => undefined,
  };
  const {
    equalWeights: _equalWeights,
    covarianceFloor: _floor,
    regCovar: _ridge,
    prior: _prior,
    noise: _noise,
    ...common
  } = options;
  const heavyTailed = {
    ...common,
    noise: true,
    components: 't',
    degreesOfFreedom: 'shared',
  };
  const variational = {
    ...common,
    method: 'variational',
    weightPrior: 'dirichlet',
    concentration: 0.1,
    meanPrecision: 1,
    meanPrior: [4, 5],
    degreesOfFreedomPrior: 3,
    covariancePrior: [2, 3],
    dropEmpty: true,
  };
  const inits: readonly unknown[] = [
    {
      weights: [0.5, 0.5],
      means: [
        [1, 2],
        [9, 8],
      ],
      covariances: [
        [1, 1],
        [1, 1],
      ],
    },
    {
      means: [
        [1, 2],
        [9, 8],
      ],
    },
    { labels: LABELS },
    { responsibilities: LABELS.map((label) => [1 - label, label]) },
    model,
    result,
  ];
  const sweep = { ...options, nComponents: [1, 2], covarianceTypes: ['diag', 'spherical'], criterion: 'bic' };
  const { covarianceType: _, ...sweepOptions } = sweep;
  const run = { engine, nFeatures: 2, columns: ['a', 'b'] };
  const out = { labels: new Int32Array(new SharedArrayBuffer(40)), ...proba(80), ...logDensity(80) };
  const picture = {
    parameters: { ...parametersOf(model) },
    rows: ROWS.flat(),
    responsibilities: LABELS.flatMap((label) => [1 - label, label]),
    columns: ['a', 'b'],
    fringeMargin: 0.5,
    x: 0,
    y: 1,
    title: 'a title',
    subtitle: 'a subtitle',
    width: 300,
    height: 300,
  };
  const cells = [1, 2, 3].map((nComponents) => {
    return {
      nComponents,
      covarianceType: 'full',
      status: 'converged',
      bic: nComponents ** 2,
      aic: 1,
      icl: 2,
    };
  });
  const chart = { fits: cells, criterion: 'bic', best: cells[0], title: 'a title', width: 300, height: 300 };
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
  // The methods of an engine take no option `engine`.
  const onThreads = { ...options, threads: 1 };
  const withInit = (random: Random) =>
    spoiled('fit', engine.fit, data, { ...options, init: pick(random, inits) })(random);
  return [
    withInit,
    withInit,
    spoiled('fit', engine.fit, ROWS, options),
    spoiled('fit', api.fit, ROWS, { ...options, engine }),
    spoiled('fit', engine.fit, (async function* () {})(), options),
    (random) => ({
      name: 'fit',
      run: engine.fit,
      arguments: [batchesOf([ROWS, junk(random), ROWS]), options],
    }),
    spoiled('fit', engine.fit, ROWS, variational),
    spoiled('fit', engine.fit, ROWS, heavyTailed),
    spoiled('selectModel', engine.selectModel, data, { ...sweepOptions, noise: 'both' }),
    spoiled('fitPredict', engine.fitPredict, ROWS, options),
    spoiled('fitPredict', api.fitPredict, ROWS, { ...options, engine, signal: new AbortController().signal }),
    spoiled('selectModel', engine.selectModel, data, sweepOptions),
    spoiled('createEngine', closeEngine, { threads: 1 }),
    (random) =>
      random.below(20) === 0 ? spoiled('fit', api.fit, ROWS, onThreads)(random) : withInit(random),
    spoiled('Dataset.from', api.Dataset.from, ROWS, {
      nFeatures: 2,
      columns: ['a', 'b'],
      sampleWeight: LABELS,
      storage: 'float32',
    }),
    spoiled('Dataset.from', api.Dataset.from, Float64Array.from(ROWS.flat()), { nFeatures: 2 }),
    (random) => ({
      name: 'Dataset.read',
      run: api.Dataset.read,
      arguments:
        random.below(2) === 0
          ? [FAITHFUL, spoil(random, { columns: ['eruptions'], sampleWeight: 'waiting', storage: 'float32' })]
          : [junk(random), {}],
    }),
    spoiled('row', (i: never) => data.row(i), 0),
    spoiled('fromParameters', api.GaussianMixture.fromParameters, parametersOf(model)),
    spoiled('fromParameters', api.GaussianMixture.fromParameters, {
      ...parametersOf(model),
      ...HEAVY_TAILED,
    }),
    spoiled('fromJSON', api.GaussianMixture.fromJSON, model.toJSON()),
    spoiled('fromJSON', api.GaussianMixture.fromJSON, noisy.toJSON()),
    spoiled('scores', (rows: never, o: never) => noisy.scores(rows, o), ROWS, run),
    spoiled('sampler', (n: never, o: never) => noisy.sampler(o)(n), 5, { seed: 1 }),
    ...(['predict', 'predictProba', 'scoreSamples', 'uncertainty', 'score', 'bic', 'icl'] as const).map(
      (name) => spoiled(name, (rows: never, runOptions: never) => model[name](rows, runOptions), ROWS, run),
    ),
    spoiled('scores', (rows: never, o: never) => model.scores(rows, o), ROWS, { ...run, out }),
    spoiled('fringe', (rows: never, o: never) => model.fringe(rows, o), data, { ...run, margin: 0.5 }),
    spoiled('posterior', (x: never) => model.posterior(x), [1, 2]),
    spoiled('logDensity', (x: never) => model.logDensity(x), [1, 2]),
    spoiled('component', (j: never) => model.component(j), 1),
    spoiled('sample', (n: never, o: never) => model.sample(n, o), 5, { seed: 1 }),
    spoiled('sampler', (n: never, o: never) => model.sampler(o)(n), 5, { seed: 1 }),
    spoiled('pictureSvg', api.pictureSvg, picture),
    spoiled('scatterSvg', api.scatterSvg, picture),
    spoiled('histogramSvg', api.histogramSvg, picture),
    spoiled('criterionSvg', api.criterionSvg, chart),
    spoiled('svgToPng', api.svgToPng, svg, { scale: 1, width: 9 }),
  ];
}

function proba(numbers: number): { proba: Float64Array; uncertainty: Float64Array } {
  const create = () => new Float64Array(new SharedArrayBuffer(8 * numbers));
  return { proba: create(), uncertainty: create() };
}

function logDensity(numbers: number): { logDensity: Float64Array } {
  return { logDensity: new Float64Array(new SharedArrayBuffer(8 * numbers)) };
}

function parametersOf(model: GaussianMixture) {
  const { covarianceType, nComponents, nFeatures, equalWeights, weights, means, covariances } = model;
  return {
    covarianceType,
    equalWeights,
    nComponents,
    nFeatures,
    weights: [...weights],
    means: [...means],
    covariances: [...covariances],
  };
}

async function* batchesOf(batches: readonly unknown[]): AsyncGenerator<never> {
  for (const batch of batches) yield batch as never;
}

function closeEngine(options: never): Promise<void> {
  return api.createEngine(options).close();
}

/** A value on one line, shortened. */
function show(value: unknown): string {
  const text =
    JSON.stringify(value, (_, part) => {
      if (typeof part === 'number' && !Number.isFinite(part)) return `#${part}`;
      return ['bigint', 'symbol', 'function', 'undefined'].includes(typeof part) ? `#${String(part)}` : part;
    }) ?? String(value);
  return text.length > 1000 ? `${text.slice(0, 1000)}…` : text;
}
