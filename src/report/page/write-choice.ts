/** The section on the choice among the models of a sweep. */

import { findRangeEdge } from '../../core/range-edge.js';
import type { Criterion } from '../../types.js';
import { countOf, formatCount } from '../chart/counts.js';
import { formatCounts, groupCells } from '../sweep/findings.js';
import { type Html, html } from './html.js';
import { formatFixed } from './numbers.js';
import type { ReportCell, ReportSweep } from './report-input.js';
import { type Chart, chartFigure, numberCell, section } from './section.js';
import { tableFrame } from './table.js';

const CRITERIA: Record<Criterion, string> = {
  bic: 'BIC, the Bayesian information criterion',
  aic: 'AIC, Akaike’s information criterion',
  icl: 'ICL, the integrated completed likelihood',
};

/**
 * @param nSamples - number of rows
 * @param chart - of the criterion; `undefined` for a single cell
 */
export function writeChoice(
  { cells, best, criterion }: ReportSweep,
  nSamples: number,
  chart: Chart | undefined,
): Html {
  const names = Object.keys(CRITERIA) as Criterion[];
  const number = (name: string) => html`<th scope="col" class="number">${name}</th>`;
  const criteria = names.map((name) => number(name.toUpperCase() + (name === criterion ? ' ▾' : '')));
  const edge = findRangeEdge(cells, cells[best], nSamples);
  return section(
    'choice',
    'Choice of the model',
    html`<p>${countOf(cells.length, 'model')} tried; the one with the lowest ${CRITERIA[criterion]}, was chosen. It weighs the fit
of the mixture against its number of parameters.</p>\n`,
    edge &&
      html`<p class="note">The number of components chosen, ${cells[best].nComponents}, is the ${edge.side} tried. Another may be better: try ${edge.from} to ${edge.to}.</p>\n`,
    chart && chartFigure('criterion', chart),
    tableFrame(
      'Models tried',
      html`<table><caption>Models tried, the chosen one marked</caption>
<thead><tr><th scope="col"><span class="hidden">chosen</span></th>${number('k')}<th scope="col">covariance</th>${criteria}
${number('log-likelihood')}${number('parameters')}${number('iterations')}<th scope="col">status</th></tr></thead>
<tbody>${groupCells(cells).map((group) => writeCells(group, group[0] === cells[best]))}</tbody></table>`,
    ),
  );
}

/** @param cells - a single cell with a model, or neighbours without one */
function writeCells(cells: readonly ReportCell[], isBest: boolean): Html {
  const [cell] = cells;
  const numbers = [
    ...[cell.bic, cell.aic, cell.icl, cell.logLikelihood].map((value) => [value, formatFixed] as const),
    ...[cell.nParameters, cell.nIterations].map((value) => [value, formatCount] as const),
  ];
  const mark = html`<span aria-hidden="true">●</span><span class="hidden">chosen</span>`;
  return html`<tr${isBest && html` class="best"`}><td>${isBest && mark}</td>${numberCell(formatCounts(cells).replaceAll('..', '–').replaceAll(',', ', '))}<td>${cell.covarianceType}${cell.hasNoise && ', noise'}</td>${numbers.map(
    ([value, format]) => numberCell(value === undefined ? '–' : format(value)),
  )}<td>${cell.status}${cell.error !== undefined && html`<small>${cell.error}</small>`}</td></tr>\n`;
}
