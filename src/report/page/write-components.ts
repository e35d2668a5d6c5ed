/** The section on the mixture: weights and sizes, means, standard deviations, covariances. */

import { formOf } from '../../core/covariance/families.js';
import { countCovariances } from '../../core/covariance/form.js';
import type { Parameters } from '../../types.js';
import { NOISE_LABEL } from '../chart/certainty.js';
import { countOf, formatCount } from '../chart/counts.js';
import { toDrawn } from '../chart/drawn-mixture.js';
import { covarianceAt } from '../chart/ellipse.js';
import { type Html, html } from './html.js';
import { formatAlike } from './numbers.js';
import type { ReportInput } from './report-input.js';
import type { RowSummary } from './row-summary.js';
import { columnName, componentName, numberCell, section } from './section.js';
import { numberTables, tableFrame } from './table.js';

/** Matrices of more columns than this would fill pages; the model file has them. */
const WIDEST_MATRIX = 12;

/** A t component's variances are ν / (ν − 2) times these, for ν > 2. */
const SQUARED_SCALES = 'Diagonals of the scale matrices; all else is 0';

export function writeComponents({ parameters, columns, summary, isWeighted }: ReportInput): Html {
  const { nComponents: k, nFeatures: d, means, covarianceType, degreesOfFreedom } = parameters;
  const names = columns.map(columnName);
  const drawn = toDrawn(parameters);
  return section(
    'components',
    k === 1 ? 'The component' : 'Components',
    writeSizes(parameters, summary, isWeighted),
    perComponent('Means', parameters, names, (j, a) => means[j * d + a]),
    degreesOfFreedom &&
      perComponent('Degrees of freedom', parameters, [html`every column`], (j) => degreesOfFreedom[j]),
    perComponent(degreesOfFreedom ? 'Scales' : 'Standard deviations', parameters, names, (j, a) =>
      Math.sqrt(covarianceAt(drawn, j, a, a)),
    ),
    formOf(covarianceType).isDense
      ? writeMatrices(parameters, names)
      : perComponent(
          degreesOfFreedom ? SQUARED_SCALES : 'Variances; covariances are 0',
          parameters,
          names,
          (j, a) => covarianceAt(drawn, j, a, a),
        ),
  );
}

function writeSizes(
  { nComponents, weights, noise }: Parameters,
  { sizes, noiseSize, nSamples, effectiveRows }: RowSummary,
  isWeighted: boolean,
): Html {
  const ofNoise = nSamples - effectiveRows.reduce((sum, rows) => sum + rows, 0);
  const weightTexts = formatAlike([...weights, ...(noise ? [noise.weight] : [])]);
  const effective = formatAlike(
    [...effectiveRows, ...(noise ? [Math.max(0, ofNoise)] : [])].map((rows) => Number(rows.toFixed(1))),
  );
  const rows = Array.from(weightTexts, (weight, j) => {
    const [name, size] = j < nComponents ? [j, sizes[j]] : [NOISE_LABEL, noiseSize];
    return html`<tr><th scope="row">${componentName(name)}</th>${numberCell(weight)}${numberCell(formatCount(size))}${numberCell(effective[j])}</tr>\n`;
  });
  return html`${tableFrame(
    'Weights and sizes',
    html`<table><caption>Weights and sizes</caption><thead><tr><th scope="col">component</th><th scope="col" class="number">weight</th>
<th scope="col" class="number">rows</th><th scope="col" class="number">effective rows</th></tr></thead><tbody>${rows}</tbody></table>`,
  )}<p class="note">Rows: the rows whose likeliest component it is. Effective rows: the sum of its probabilities over all rows.${isWeighted && ' Both count every row once, without the sample weights of the fit.'}</p>\n`;
}

/** A table with a row for each data column, whose numbers have the same decimals, and a column for each component. */
function perComponent(
  caption: string,
  { nComponents }: Parameters,
  names: readonly Html[],
  value: (j: number, a: number) => number,
): Html {
  const each = Array.from({ length: nComponents }, (_, j) => j);
  const texts = names.map((_, a) => formatAlike(each.map((j) => value(j, a))));
  return numberTables({
    ...{ caption, corner: 'column', rowNames: names, columnNames: each.map(componentName) },
    cells: each.map((j) => texts.map((row) => row[j])),
  });
}

function writeMatrices(parameters: Parameters, names: readonly Html[]): Html {
  const { nComponents: k, nFeatures: d, covarianceType } = parameters;
  if (d > WIDEST_MATRIX)
    return html`<p class="note">The covariances of ${d} columns are in the model file.</p>\n`;
  const drawn = toDrawn(parameters);
  const form = formOf(covarianceType);
  const count = countCovariances(form, k);
  const one = parameters.degreesOfFreedom ? 'Scale matrix' : 'Covariance';
  const matrices = Array.from({ length: count }, (_, j) =>
    numberTables({
      caption: form.isShared ? `${one} of every component` : `${one} of component ${j}`,
      ...{ corner: 'column', rowNames: names, columnNames: names },
      cells: names.map((_, b) => formatAlike(names.map((_, a) => covarianceAt(drawn, j, a, b)))),
    }),
  );
  const title = parameters.degreesOfFreedom
    ? countOf(count, 'scale matrix', 'scale matrices')
    : countOf(count, 'covariance matrix', 'covariance matrices');
  return html`<details><summary>${title}</summary>\n${matrices}</details>\n`;
}
