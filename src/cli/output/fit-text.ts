/** A fit as text for a person: its outcome, the criteria, the mixture. */

import type { Dataset, FitResult, GaussianMixture } from '../../index.js';
import { describeAgreement } from '../../report/page/agreement.js';
import { describeInputs } from '../files/inputs.js';
import { countOf, escapeControls, formatName, formatNumber, formatTable } from '../terminal/text.js';

/** Matrices with more columns are not printed; they are in the model file. */
const WIDEST_MATRIX = 12;

/** `data.csv: 272 rows, 2 columns` */
export function describeData(
  inputs: readonly string[],
  { nSamples, columns }: Dataset,
  weights: string | undefined,
): string {
  const weighted = weights === undefined ? '' : `, weights from ${formatName(weights)}`;
  return `${describeInputs(inputs)}: ${countOf(nSamples, 'row')}, ${countOf(columns.length, 'column')}${weighted}`;
}

/** @returns lines */
export function describeFit(result: FitResult): string[] {
  const { model, status, converged, nIterations, restarts, logLikelihood, logPrior } = result;
  const ended = converged ? 'converged after' : 'not converged after';
  const how = `${ended} ${countOf(nIterations, 'iteration')}`;
  const onto = result.collapse === undefined ? ' onto too few rows' : ` (${escapeControls(result.collapse)})`;
  const why = `every start collapsed${onto}, so this is a fit with a prior; see --prior`;
  const agreement = describeAgreement(restarts, logLikelihood);
  const { lowerBound } = result;
  const criteria = [
    ...(lowerBound === undefined ? [] : [['lower bound', lowerBound.toFixed(4)]]),
    ['log-likelihood', logLikelihood.toFixed(4)],
    ['  per row', result.meanLogLikelihood.toFixed(6)],
    ...(logPrior === undefined ? [] : [['log prior', logPrior.toFixed(4)]]),
    ['free parameters', String(result.nParameters)],
    ['BIC', result.bic.toFixed(4)],
    ['AIC', result.aic.toFixed(4)],
    ['ICL', result.icl.toFixed(4)],
  ];
  return [
    `${countComponents(model)}${model.noise ? ' and noise' : ''}, ${model.covarianceType} covariance: ${how}`,
    ...(status === 'regularized' ? [why] : []),
    ...(agreement ? [agreement] : []),
    '',
    ...formatTable(criteria, ['left', 'right']),
    '',
    ...describeMixture(model),
  ];
}

function countComponents({ components, nComponents }: GaussianMixture): string {
  return components === 't' ? countOf(nComponents, 't component') : countOf(nComponents, 'component');
}

/** Weights and means, with a column per component; then the covariances. */
function describeMixture(model: GaussianMixture): string[] {
  const { nComponents: k, nFeatures: d, weights, means, columns, degreesOfFreedom } = model;
  const names = columns.map(formatName);
  const across = (name: string, cell: (j: number) => number): string[] => [
    name,
    ...Array.from({ length: k }, (_, j) => formatNumber(cell(j))),
  ];
  const head = ['component', ...Array.from({ length: k }, (_, j) => String(j))];
  const rows = [
    head,
    across('weight', (j) => weights[j]),
    ...(degreesOfFreedom ? [across('degrees of freedom', (j) => degreesOfFreedom[j])] : []),
    ...names.map((name, a) => across(`mean ${name}`, (j) => means[j * d + a])),
    ...describeVariances(model, names, across),
  ];
  return [
    ...(model.noise ? [`noise: weight ${formatNumber(model.noise.weight)}`, ''] : []),
    ...formatTable(rows, ['left', 'right']),
    ...describeMatrices(model, names),
  ];
}

/** Variances, unlike matrices, are further rows of the table. */
function describeVariances(
  { covarianceForm, covariances, components, nFeatures: d }: GaussianMixture,
  names: readonly string[],
  across: (name: string, cell: (j: number) => number) => string[],
): string[][] {
  // The variance of a t component is ν / (ν − 2) times this, and infinite for ν of 2 or less.
  const what = components === 't' ? 'squared scale' : 'variance';
  if (covarianceForm === 'spherical') return [across(what, (j) => covariances[j])];
  if (covarianceForm !== 'diagonal') return [];
  return names.map((name, a) => across(`${what} ${name}`, (j) => covariances[j * d + a]));
}

function describeMatrices(model: GaussianMixture, names: readonly string[]): string[] {
  const { covarianceForm, covariances, components, nComponents: k, nFeatures: d } = model;
  if (covarianceForm !== 'full' && covarianceForm !== 'tied') return [];
  if (d > WIDEST_MATRIX) return ['', `covariances of ${d} columns: see --json or --model`];
  const count = covarianceForm === 'tied' ? 1 : k;
  return Array.from({ length: count }, (_, j) => {
    const rows = names.map((name, a) => [
      name,
      ...names.map((_, b) => formatNumber(covariances[(j * d + a) * d + b])),
    ]);
    const what = components === 't' ? 'scale matrix' : 'covariance';
    const of = covarianceForm === 'tied' ? `${what} of every component` : `${what} of component ${j}`;
    return ['', of, ...formatTable([['', ...names], ...rows], ['left', 'right'], '  ')];
  }).flat();
}
