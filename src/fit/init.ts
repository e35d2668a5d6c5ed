/** Start values that a caller gives: parameters, means, a clustering, or an earlier fit. */

import { addNoise, densityOf, type ModelShape } from '../core/parameters.js';
import type { EmSettings } from '../em/settings.js';
import type { Shares } from '../em/start/shares.js';
import { type RunStart, START_NOISE } from '../em/start/start.js';
import {
  compose,
  describe,
  GmmError,
  type GmmErrorFields,
  type Message,
  mention,
  subject,
} from '../errors.js';
import { resolveKnownParameters, resolveResponsibilities } from '../model/read-parameters.js';
import { trialSizeFor } from '../rows/sample.js';
import { allocateShared, countingRows } from '../rows/shared-rows.js';
import type { CovarianceType, InitInput, MeansInput } from '../types.js';
import type { NoiseChoice } from './noise-options.js';
import { type PreparedData, sampleNeeds } from './prepared-data.js';

/** Fields of start values. */
const FIELDS = ['weights', 'means', 'covariances', 'degreesOfFreedom', 'labels', 'responsibilities'] as const;
/** Fields that a model has beside its parameters. */
const OF_MODELS = [
  'covarianceType',
  'nComponents',
  'nFeatures',
  'equalWeights',
  'components',
  'estimatedDegrees',
  'noise',
  'columns',
  'format',
  'version',
  'fit',
];

/** Start values from the caller, checked as far as possible without the rows. Plain data. */
export type GivenInit =
  | { readonly kind: 'shares'; readonly shares: Shares }
  | {
      readonly kind: 'means';
      readonly parameters: MeansInput;
      /** Of the model, if the caller gave a model. */
      readonly columns: readonly string[] | undefined;
      /** π₀ of the model, if it has noise: its weights sum to 1 less this. */
      readonly noiseWeight: number | undefined;
    };

function invalidInit(message: string | Message, fields: GmmErrorFields = {}): GmmError {
  return new GmmError('INVALID_OPTION', message, { ...fields, option: 'init' });
}

/** The model of the fit, as far as start values must agree with it. */
interface WantedModel {
  readonly nComponents: number;
  readonly covarianceType: CovarianceType;
  readonly noise: NoiseChoice;
  readonly settings: Pick<EmSettings, 'degreesOfFreedom'>;
}

/**
 * @param wanted - the model of the fit
 * @throws GmmError INVALID_OPTION
 */
export function resolveInit(init: InitInput, wanted: WantedModel): GivenInit {
  const { nComponents: k } = wanted;
  const hasNoise = wanted.noise.kinds.includes(true);
  const value = ('model' in init ? init.model : init) as unknown as Partial<Record<string, unknown>>;
  if (typeof value !== 'object' || value === null) {
    throw invalidInit(`"init.model" must be a GaussianMixture, got ${describe(value)}`);
  }
  const unknown = Object.keys(value).find(
    (name) => !FIELDS.includes(name as (typeof FIELDS)[number]) && !OF_MODELS.includes(name),
  );
  if (unknown !== undefined) {
    const message = compose`unknown field ${describe(unknown)} of ${subject('init')}; there are ${FIELDS.join(', ')}`;
    throw invalidInit(message);
  }
  const { weights, means, covariances, degreesOfFreedom, labels, responsibilities } = value;
  const ways = Object.entries({ means, labels, responsibilities }).filter(([, given]) => given !== undefined);
  if (ways.length !== 1) {
    const got = ways.length === 0 ? 'none of them' : ways.map(([name]) => name).join(' and ');
    const message = compose`${subject('init')} must be a method's name or have one of means, labels and responsibilities, got ${got}`;
    throw invalidInit(message);
  }
  if (means !== undefined) {
    checkModel(value, wanted);
    if (densityOf(wanted.settings) === 'gaussian') checkGaussian(value);
    return {
      kind: 'means',
      parameters: { weights, means, covariances, degreesOfFreedom } as MeansInput,
      columns: value.columns as readonly string[] | undefined,
      noiseWeight: noiseWeightOf(value.noise, hasNoise),
    };
  }
  if (weights !== undefined || covariances !== undefined || degreesOfFreedom !== undefined) {
    const message = compose`${subject('init')} has ${ways[0][0]}, from which weights and covariances follow; leave these out`;
    throw invalidInit(message);
  }
  if (labels !== undefined)
    return {
      kind: 'shares',
      shares: { kind: 'labels', labels: resolveLabels(labels, k, hasNoise ? -1 : 0) },
    };
  const all = resolveResponsibilities(responsibilities, k);
  const shared = new Float64Array(allocateShared(all.byteLength, 'the responsibilities of "init"'));
  shared.set(all);
  return { kind: 'shares', shares: { kind: 'responsibilities', responsibilities: shared } };
}

/** @throws GmmError INVALID_OPTION if the value is a model of another type or k than those of the fit */
function checkModel(
  value: Partial<Record<string, unknown>>,
  { nComponents: k, covarianceType: type }: WantedModel,
): void {
  const { covarianceType = type, nComponents = k } = value;
  const differing = [
    ...(nComponents === k ? [] : [`${describe(nComponents)} components, nComponents is ${k}`]),
    ...(covarianceType === type
      ? []
      : [`covarianceType ${describe(covarianceType)}, the fit ${describe(type)}`]),
  ];
  if (differing.length === 0) return;
  const message = compose`${subject('init')} is a model that has ${differing.join('; and ')}; give one of the same kind, or only its means`;
  throw invalidInit(message);
}

/** @throws GmmError INVALID_OPTION if the start values are of t components: the scale matrices are no covariances */
function checkGaussian(value: Partial<Record<string, unknown>>): void {
  if (densityOf(value) === 'gaussian') return;
  const message = compose`${subject('init')} has t components, the fit Gaussian ones; set ${mention('components')} 't', or give only its means`;
  throw invalidInit(message);
}

/**
 * @param noise - of the model, if it has any
 * @returns π₀ of a model with noise, for a fit with noise
 * @throws GmmError INVALID_OPTION if the fit has none, or the value is not that of a model
 */
function noiseWeightOf(noise: unknown, hasNoise: boolean): number | undefined {
  if (noise === undefined) return undefined;
  if (!hasNoise) {
    throw invalidInit(
      compose`${subject('init')} is a model with noise; set ${mention('noise')}, or give only its means`,
    );
  }
  const weight = (noise as { weight?: unknown } | null)?.weight;
  if (typeof weight === 'number' && weight >= 0 && weight < 1) return weight;
  throw invalidInit(`"noise.weight" must be a number >= 0 and < 1, got ${describe(weight)}`);
}

/** @param least - 0; with noise −1, the label of noise */
function resolveLabels(value: unknown, k: number, least: number): Int32Array {
  const length = (value as ArrayLike<unknown>)?.length;
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) {
    throw invalidInit(`"labels" must be an array of whole numbers, got ${describe(value)}`);
  }
  const labels = new Int32Array(allocateShared(4 * length, 'the labels of "init"'));
  for (let i = 0; i < length; i++) {
    const label: unknown = (value as unknown as ArrayLike<unknown>)[i];
    if (!(Number.isInteger(label) && (label as number) >= least && (label as number) < k)) {
      const message = `"labels[${i}]" must be a whole number from ${least} to ${k - 1}, got ${describe(label)}`;
      throw invalidInit(message, { row: i });
    }
    labels[i] = label as number;
  }
  return labels;
}

/**
 * Start values for a run on all rows.
 *
 * @throws GmmError INVALID_OPTION if they do not fit the rows
 */
export async function createGivenStart(
  init: GivenInit,
  data: PreparedData,
  shape: ModelShape,
  { equalWeights }: EmSettings,
): Promise<RunStart> {
  const { covarianceType, nComponents: k, nFeatures: d } = shape;
  const { rows, moments, columns } = data;
  if (init.kind === 'shares') {
    checkShares(init.shares, data, k);
    return { kind: 'shares', shares: init.shares, sample: { rows, moments } };
  }
  checkColumns(init.columns, columns);
  const all = 1 - (init.noiseWeight ?? 0);
  const known = resolveKnownParameters(init.parameters, covarianceType, k, d, 'INVALID_OPTION', all);
  const { means, covariances, degreesOfFreedom } = known;
  // With equalWeights the start has equal weights, too: from others the first step might lower the log-likelihood.
  const weights = equalWeights ? new Float64Array(k).fill(1 / k) : known.weights?.map((value) => value / all);
  if (weights && covariances) {
    const { noise, ...plain } = shape;
    const mixture = { ...plain, weights, means, covariances, ...(degreesOfFreedom && { degreesOfFreedom }) };
    const parameters = noise ? addNoise(mixture, noise, init.noiseWeight ?? START_NOISE) : mixture;
    return { kind: 'parameters', parameters };
  }
  const sample = await data.sample(trialSizeFor(sampleNeeds(data, shape)));
  return { kind: 'means', known: { ...known, weights }, sample };
}

/** @throws GmmError INVALID_OPTION unless there are shares for every row, and every component gets a row */
function checkShares(shares: Shares, { rows }: PreparedData, k: number): void {
  const name = shares.kind;
  const given = shares.kind === 'labels' ? shares.labels.length : shares.responsibilities.length / k;
  if (given !== rows.nSamples) {
    const message = `"${name}" must be of all ${rows.nSamples} rows, got those of ${given}`;
    throw invalidInit(message);
  }
  const counts = new Float64Array(k);
  for (let i = 0; i < given; i++) {
    const weight = rows.sampleWeight ? rows.sampleWeight[i] : 1;
    if (weight === 0) continue;
    if (shares.kind === 'labels') {
      if (shares.labels[i] >= 0) counts[shares.labels[i]]++;
    } else for (let j = 0; j < k; j++) counts[j] += shares.responsibilities[i * k + j];
  }
  const empty = counts.indexOf(0);
  if (empty < 0) return;
  const where = countingRows(rows) < rows.nSamples ? 'row of positive weight' : 'row';
  const message = compose`"${name}" give component ${empty} no ${where}; every component needs one, or lower ${mention('nComponents')} (now ${k})`;
  throw invalidInit(message);
}

/** @throws GmmError INVALID_OPTION if the model was fitted on other columns */
function checkColumns(before: readonly string[] | undefined, columns: readonly string[]): void {
  if (!before || !Array.isArray(before)) return;
  if (before.length !== columns.length) {
    const message = compose`${subject('init')} is a model of other columns: it has ${before.length}, the rows have ${columns.length}`;
    throw invalidInit(message);
  }
  const isNamed = [before, columns].every((names) => names.some((name, a) => name !== `x${a}`));
  const differing = isNamed ? before.findIndex((name, a) => name !== columns[a]) : -1;
  if (differing < 0) return;
  const [there, here] = [before, columns].map((names) => describe(names[differing]));
  const message = compose`${subject('init')} is a model whose column ${differing} is ${there}, of the rows it is ${here}`;
  throw invalidInit(message, { column: columns[differing] });
}
