/** The rows of a component that collapsed, and how they scatter. */

import { createPointDensity } from '../core/density.js';
import { factorMixture } from '../core/factored-mixture.js';
import type { Parameters } from '../core/parameters.js';
import { drawSample } from '../rows/sample.js';
import { copyAllRows } from '../rows/shared-rows.js';
import type { PreparedData } from './prepared-data.js';

/** Multiply-adds of the search, some hundredths of a second; of more rows a sample is searched. */
const MOST_WORK = 4e7;
const MOST_ROWS = 200_000;
const FEWEST_ROWS = 1000;

/** The rows that are searched, and those of the component. */
export interface Group {
  readonly rows: Float64Array;
  readonly d: number;
  readonly nSamples: number;
  readonly isWhole: boolean;
  /** Whether there is one covariance for all components, and so one group. */
  readonly isShared: boolean;
  /** Indices of the component's rows; of a covariance for all components, of all rows. */
  readonly members: readonly number[];
  /** (members × d) deviations from the mean of the rows of the same component. */
  readonly deviations: Float64Array;
}

/** @param component - undefined for all */
export function findGroup(data: PreparedData, parameters: Parameters, component: number | undefined): Group {
  const { nComponents: k, nFeatures: d } = parameters;
  const size = Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, Math.floor(MOST_WORK / (k * d * d))));
  const sample = drawSample(data.rows, size, 0);
  const rows = copyAllRows(sample);
  // Where a run ended before its first pass, all rows are examined together.
  const isSingular = factorMixture(parameters).factors.singular !== undefined;
  const density = isSingular ? undefined : createPointDensity(parameters);
  const logProb = new Float64Array(k);
  const members: number[] = [];
  const labels: number[] = [];
  for (let i = 0; i < sample.nSamples; i++) {
    if (sample.sampleWeight?.[i] === 0) continue;
    density?.weightedLogProbInto(logProb, rows, i * d);
    const label = density ? logProb.indexOf(Math.max(...logProb)) : 0;
    if (density && component !== undefined && label !== component) continue;
    members.push(i);
    labels.push(label);
  }
  const deviations = deviate(rows, members, labels, parameters);
  const { nSamples } = data.rows;
  return {
    rows,
    d,
    nSamples,
    isWhole: sample === data.rows,
    isShared: component === undefined,
    members,
    deviations,
  };
}

function deviate(
  rows: Float64Array,
  members: readonly number[],
  labels: readonly number[],
  { nComponents: k, nFeatures: d }: Parameters,
): Float64Array {
  const counts = new Float64Array(k);
  const means = new Float64Array(k * d);
  members.forEach((row, i) => {
    const j = labels[i];
    counts[j]++;
    // Running means: the mean of equal numbers is that number.
    for (let a = 0; a < d; a++) means[j * d + a] += (rows[row * d + a] - means[j * d + a]) / counts[j];
  });
  const deviations = new Float64Array(members.length * d);
  members.forEach((row, i) => {
    for (let a = 0; a < d; a++) deviations[i * d + a] = rows[row * d + a] - means[labels[i] * d + a];
  });
  return deviations;
}

/** (d × d) */
export function scatterOf({ deviations, d, members }: Group): Float64Array {
  const scatter = new Float64Array(d * d);
  for (let i = 0; i < members.length; i++) {
    for (let a = 0; a < d; a++) {
      const part = deviations[i * d + a] / members.length;
      for (let b = 0; b < d; b++) scatter[a * d + b] += part * deviations[i * d + b];
    }
  }
  return scatter;
}
