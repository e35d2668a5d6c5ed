/** The parts of a report, each a section with a heading, from top to bottom. */

import type { Criterion, Parameters } from '../../types.js';
import { covarianceAt } from '../ellipse.js';
import { MAX_TIES } from './choose-rows.js';
import { type Html, html, nameOf, svgHtml } from './html.js';
import { countOf, formatAlike, formatCount, formatNumber, formatProbability } from './numbers.js';
import type { ReportCell, ReportInput } from './report-input.js';
import { judgeRow } from './row-summary.js';
import { numberTables, tableFrame } from './table.js';
import { drawTrace } from './trace-chart.js';

/** Matrices of more columns than this fill pages; they are in the model file. */
const WIDEST_MATRIX = 12;
/** Values beside a fringe row: more would make the table too wide to print. */
const MOST_VALUES = 6;
/** Widths of a chart: for a desk and a page, and for a phone. */
export const WIDE = 720;
export const NARROW = 350;

const CRITERIA: Record<Criterion, string> = {
  bic: 'BIC, the Bayesian information criterion',
  aic: 'AIC, Akaike’s information criterion',
  icl: 'ICL, the integrated completed likelihood',
};

export function section(id: string, heading: string, ...content: readonly (Html | undefined)[]): Html {
  return html`<section aria-labelledby="${id}">\n<h2 id="${id}">${heading}</h2>\n${content}</section>\n`;
}

/** The same chart in two widths; the style shows one of them. */
export function chartFigure(name: string, draw: (width: number) => Html): Html {
  return html`<figure class="chart ${name}"><div class="wide">${draw(WIDE)}</div><div class="narrow">${draw(NARROW)}</div></figure>\n`;
}

function componentName(j: number): Html {
  return html`<span class="swatch c${j}"></span>${j}`;
}

export function writeHeader(input: ReportInput): Html {
  const { parameters, summary, columns, fit } = input;
  const k = parameters.nComponents;
  const ended =
    fit === undefined
      ? undefined
      : fit.status === 'converged'
        ? html`, converged after ${countOf(fit.nIterations, 'iteration')}`
        : html`, <strong>not converged</strong> after ${countOf(fit.nIterations, 'iteration')}`;
  return html`<header>
<h1>${k === 1 ? 'One Gaussian' : `A mixture of ${k} Gaussians`}</h1>
<p class="lead">${nameOf(input.source)}: ${countOf(summary.nSamples, 'row')}, ${countOf(columns.length, 'column')}.
${parameters.covarianceType[0].toUpperCase() + parameters.covarianceType.slice(1)} covariance${ended}.</p>
</header>
`;
}

export function writeSummary({ summary, score, fringeMargin, chosen, fit }: ReportInput): Html {
  const { nSamples } = summary;
  const figures: readonly (readonly [string, string, string])[] = [
    [
      'log-likelihood',
      formatFixed(score.logLikelihood),
      `${formatNumber(score.logLikelihood / nSamples)} a row`,
    ],
    ['BIC', formatFixed(score.bic), 'lower is better'],
    ['AIC', formatFixed(score.aic), 'lower is better'],
    ['ICL', formatFixed(score.icl), 'BIC and how far apart'],
    ['free parameters', formatCount(score.nParameters), ''],
    [
      'on the fringe',
      formatCount(chosen.nFringe),
      `${nSamples === 0 ? 0 : formatNumber(Number(((100 * chosen.nFringe) / nSamples).toPrecision(2)))} % of the rows`,
    ],
  ];
  const collapsed = fit?.starts?.filter((status) => status === 'degenerate').length ?? 0;
  const starts =
    fit?.starts && fit.starts.length > 1
      ? html`<p class="note">The best of ${fit.starts.length} starts${collapsed > 0 ? `; ${collapsed} of them collapsed onto too few rows` : ''}.</p>\n`
      : undefined;
  return section(
    'summary',
    'Summary',
    html`<dl class="figures">${figures.map(
      ([name, value, note]) =>
        html`<div><dt>${name}</dt><dd>${value}${note && html`<small>${note}</small>`}</dd></div>\n`,
    )}</dl>\n`,
    starts,
    html`<p class="note">A row is on the fringe when its two largest probabilities differ by less than ${fringeMargin}:
no component can claim it for sure.</p>\n`,
  );
}

function formatFixed(value: number): string {
  return Math.abs(value) < 1e12 ? value.toFixed(2).replace('-', '−') : formatNumber(value);
}

/** @param chart - by width; none for a single cell */
export function writeChoice(
  { sweep }: ReportInput,
  chart: ((width: number) => Html) | undefined,
): Html | undefined {
  if (!sweep) return undefined;
  const { cells, best, criterion } = sweep;
  const rows = cells.map((cell, i) => writeCell(cell, i === best));
  const names: Criterion[] = ['bic', 'aic', 'icl'];
  const head = names.map(
    (name) =>
      html`<th scope="col" class="number">${name.toUpperCase()}${name === criterion ? ' ▾' : ''}</th>`,
  );
  return section(
    'choice',
    'Choice of the model',
    html`<p>${countOf(cells.length, 'model')} fitted; the one with the lowest ${CRITERIA[criterion]}, was chosen. It weighs how well
the mixture fits against how many parameters that took.</p>\n`,
    chart && chartFigure('criterion', chart),
    tableFrame(
      'Models tried',
      html`<table><caption>Models tried, the chosen one marked</caption><thead><tr><th scope="col"><span class="hidden">chosen</span></th>
<th scope="col" class="number">k</th><th scope="col">covariance</th><th scope="col" class="number">log-likelihood</th>
<th scope="col" class="number">parameters</th>${head}<th scope="col" class="number">iterations</th><th scope="col">status</th></tr></thead>
<tbody>${rows}</tbody></table>`,
    ),
  );
}

function writeCell(cell: ReportCell, isBest: boolean): Html {
  const fixed = (value: number | undefined) =>
    html`<td class="number">${value === undefined ? '–' : formatFixed(value)}</td>`;
  const whole = (value: number | undefined) =>
    html`<td class="number">${value === undefined ? '–' : formatCount(value)}</td>`;
  return html`<tr${isBest ? html` class="best"` : ''}><td>${isBest ? html`<span aria-hidden="true">●</span><span class="hidden">chosen</span>` : ''}</td>
<td class="number">${cell.nComponents}</td><td>${cell.covarianceType}</td>${fixed(cell.logLikelihood)}${whole(cell.nParameters)}
${fixed(cell.bic)}${fixed(cell.aic)}${fixed(cell.icl)}${whole(cell.nIterations)}<td>${cell.status}${cell.error === undefined ? '' : html`<small>${cell.error}</small>`}</td></tr>\n`;
}

/** The chart of the rows, with controls that the page's script brings to life. */
export function writeRows(input: ReportInput, draw: (width: number) => Html): Html {
  const { columns, chosen, summary, parameters } = input;
  const options = (selected: number) =>
    columns.map(
      (name, a) =>
        html`<option value="${a}"${a === selected ? html` selected` : ''}>${nameOf(name)}</option>`,
    );
  const choice = (id: string, label: string, selected: number) =>
    html`<label for="${id}">${label}<select id="${id}">${options(selected)}</select></label>`;
  const isSample = chosen.drawn.length < summary.nSamples;
  const several = columns.length > 1;
  return section(
    'rows',
    'Rows and components',
    html`<div id="controls" class="controls" hidden>
${several ? html`${choice('x-column', 'To the right', 0)}${choice('y-column', 'Upwards', 1)}` : ''}
<label for="margin" class="slider">Fringe: probabilities closer than <output id="margin-value" for="margin">${input.fringeMargin}</output>
<input id="margin" type="range" min="0" max="1" step="0.01" value="${input.fringeMargin}"></label>
<label for="only-fringe" class="check"><input id="only-fringe" type="checkbox">Only the fringe</label>
</div>
<div class="explore"><div id="chart" class="chart">${chartFigure('rows', draw)}</div>
<div id="card" class="card" hidden aria-live="polite"></div></div>
<p id="shown" class="note" role="status">${shownText(input)}</p>
<p class="note">${
      several
        ? html`Colour is the likeliest component, paler where it is less sure; a ring is a row on the fringe. The ellipses hold
50 % (solid) and 95 % (dashed) of a component; a cross with its number is its mean.`
        : html`Bars are all rows, lines the components and (dashed) their sum. Below them every dot is a row, at a random height: colour is the
likeliest component, paler where it is less sure; a ring is a row on the fringe.`
    }${
      isSample
        ? ' Of so many rows a sample is drawn, denser on the fringe than elsewhere; all numbers are of all rows.'
        : ''
    }${parameters.nComponents === 1 ? ' With one component no row is on the fringe.' : ''}</p>
`,
  );
}

function shownText({ chosen, summary, fringeMargin, parameters }: ReportInput): string {
  const drawn = chosen.drawn.length;
  const all = summary.nSamples;
  const shown =
    drawn < all ? `${formatCount(drawn)} of ${countOf(all, 'row')} shown` : `${countOf(all, 'row')} shown`;
  if (parameters.nComponents === 1) return `${shown}.`;
  return `${shown}; ${formatCount(chosen.nFringe)} of all on the fringe at ${fringeMargin}.`;
}

export function writeComponents({ parameters, columns, summary }: ReportInput): Html {
  const { nComponents: k, nFeatures: d, weights, means, covarianceType } = parameters;
  const each = Array.from({ length: k }, (_, j) => j);
  const names = columns.map(nameOf);
  const weightTexts = formatAlike(Array.from(weights));
  const effective = summary.effectiveRows.map((rows) =>
    rows < 1e7
      ? Number(rows.toFixed(1)).toLocaleString('en-US', { minimumFractionDigits: 1 })
      : formatCount(Math.round(rows)),
  );
  const overview = each.map(
    (j) => html`<tr><th scope="row">${componentName(j)}</th><td class="number">${weightTexts[j]}</td>
<td class="number">${formatCount(summary.sizes[j])}</td><td class="number">${effective[j]}</td></tr>\n`,
  );
  // By data column, so that a column's means have the same decimals.
  const byColumn = (value: (j: number, a: number) => number) =>
    names.map((_, a) => formatAlike(each.map((j) => value(j, a))));
  const meanTexts = byColumn((j, a) => means[j * d + a]);
  const deviationTexts = byColumn((j, a) => Math.sqrt(covarianceAt(parameters, j, a, a)));
  const transposed = (texts: string[][]) => each.map((j) => texts.map((column) => column[j]));
  const heads = each.map(componentName);
  return section(
    'components',
    k === 1 ? 'The component' : 'Components',
    tableFrame(
      'Weights and sizes',
      html`<table><caption>Weights and sizes</caption><thead><tr><th scope="col">component</th><th scope="col" class="number">weight</th>
<th scope="col" class="number">rows</th><th scope="col" class="number">effective rows</th></tr></thead><tbody>${overview}</tbody></table>`,
    ),
    html`<p class="note">Rows: those whose likeliest component it is. Effective rows: the sum of its probabilities over all rows.</p>\n`,
    numberTables({
      ...{ caption: 'Means', corner: 'column', rowNames: names, columnNames: heads },
      cells: transposed(meanTexts),
    }),
    numberTables({
      ...{ caption: 'Standard deviations', corner: 'column', rowNames: names, columnNames: heads },
      cells: transposed(deviationTexts),
    }),
    covarianceType === 'full' || covarianceType === 'tied'
      ? writeMatrices(parameters, names)
      : writeVariances(parameters, names),
  );
}

function writeVariances(parameters: Parameters, names: readonly string[]): Html {
  const each = Array.from({ length: parameters.nComponents }, (_, j) => j);
  const isSpherical = parameters.covarianceType === 'spherical';
  const rowNames = isSpherical ? ['every column'] : names;
  const cells = rowNames.map((_, a) => formatAlike(each.map((j) => covarianceAt(parameters, j, a, a))));
  return numberTables({
    caption: 'Variances; covariances are 0',
    corner: 'column',
    rowNames,
    columnNames: each.map(componentName),
    cells: each.map((j) => cells.map((column) => column[j])),
  });
}

function writeMatrices(parameters: Parameters, names: readonly string[]): Html {
  const { nComponents: k, nFeatures: d, covarianceType } = parameters;
  if (d > WIDEST_MATRIX)
    return html`<p class="note">The covariances of ${d} columns are in the model file.</p>\n`;
  const count = covarianceType === 'tied' ? 1 : k;
  const matrices = Array.from({ length: count }, (_, j) =>
    numberTables({
      caption: covarianceType === 'tied' ? 'Covariance of every component' : `Covariance of component ${j}`,
      corner: '',
      rowNames: names,
      columnNames: names,
      cells: names.map((_, b) => formatAlike(names.map((_, a) => covarianceAt(parameters, j, a, b)))),
    }),
  );
  return html`<details><summary>${count === 1 ? 'Covariance matrix' : `${count} covariance matrices`}</summary>\n${matrices}</details>\n`;
}

/** Closest ties first. The script lets sort by any column; `data-key` tells it what stands there. */
export function writeFringe({
  chosen,
  rows,
  responsibilities,
  parameters,
  columns,
  fringeMargin,
}: ReportInput): Html | undefined {
  const { nComponents: k, nFeatures: d } = parameters;
  if (k === 1) return undefined;
  const { ties, nFringe, drawn } = chosen;
  if (ties.length === 0) {
    return section(
      'fringe',
      'The fringe',
      html`<p>No two largest probabilities of a row differ by less than ${fringeMargin}.</p>\n`,
    );
  }
  const places = new Map(Array.from(drawn, (row, at) => [row, at]));
  const points = Array.from(ties, (row) => places.get(row) as number);
  const shownColumns = columns.slice(0, MOST_VALUES);
  const values = shownColumns.map((_, a) => formatAlike(points.map((at) => rows[at * d + a])));
  const body = points.map((at, i) => {
    const { label, second, margin } = judgeRow(responsibilities, at, k);
    const p = (j: number) => formatProbability(responsibilities[at * k + j]);
    return html`<tr data-point="${at}"><th scope="row" class="number">${ties[i]}</th><td>${componentName(label)}</td><td class="number">${p(label)}</td>
<td>${componentName(second)}</td><td class="number">${p(second)}</td><td class="number">${formatProbability(margin)}</td>${values.map((column) => html`<td class="number">${column[i]}</td>`)}</tr>\n`;
  });
  const head = (key: string, name: string, isNumber: boolean) =>
    html`<th scope="col" data-key="${key}"${isNumber ? html` class="number"` : ''}${key === 'margin' ? html` aria-sort="ascending"` : ''}>${name}</th>`;
  const many = nFringe > ties.length;
  return section(
    'fringe',
    'The fringe',
    html`<p>${many ? `The ${MAX_TIES} closest ties of ${countOf(nFringe, 'row')}` : countOf(nFringe, 'row')} whose two largest probabilities differ by
less than ${fringeMargin}. Rows are numbered from 0 in the order of the input.<span id="fringe-help" hidden> Choose a row, also with the arrow keys, to see it in the chart.</span></p>\n`,
    tableFrame(
      'Rows on the fringe',
      html`<table id="fringe-table"><caption>Rows on the fringe${columns.length > MOST_VALUES ? `, with the first ${MOST_VALUES} of ${columns.length} columns` : ''}</caption>
<thead><tr>${head('row', 'row', true)}${head('label', 'likeliest', false)}${head('first', 'probability', true)}${head('other', 'second', false)}${head('second', 'probability', true)}${head('margin', 'difference', true)}${shownColumns.map((name, a) => head(`value-${a}`, nameOf(name), true))}</tr></thead>
<tbody>${body}</tbody></table>`,
    ),
  );
}

export function writeTrace({ fit, score }: ReportInput): Html | undefined {
  const trace = fit?.logLikelihoods;
  if (!trace || trace.length === 0) return undefined;
  const all = [...trace, score.logLikelihood];
  return section(
    'trace',
    'How the fit went',
    html`<p>The log-likelihood at each of ${countOf(trace.length, 'iteration')} and at the end: from ${formatFixed(all[0])} to ${formatFixed(score.logLikelihood)}.</p>\n`,
    chartFigure('trace', (width) => svgHtml(drawTrace(all, width))),
  );
}

export function writeColumns({ columns, summary }: ReportInput): Html {
  const lines = columns.map((name, a) => {
    const { min, mean, deviation, max } = summary.columns[a];
    return {
      name: nameOf(name),
      texts: [min, mean, deviation, max].map((value) => (Number.isNaN(value) ? '–' : formatNumber(value))),
    };
  });
  return section(
    'columns',
    'Columns of the data',
    numberTables({
      caption: 'Of all rows',
      corner: 'column',
      rowNames: lines.map(({ name }) => name),
      columnNames: ['lowest', 'mean', 'standard deviation', 'highest'],
      cells: [0, 1, 2, 3].map((i) => lines.map(({ texts }) => texts[i])),
    }),
  );
}

export function writeMaking({ made, fit, summary }: ReportInput): Html {
  const lines: (readonly [string, Html])[] = [
    ['command', html`<code>${made.command}</code>`],
    ...(made.options ?? []).map(([name, value]): readonly [string, Html] => [
      name,
      html`<code>${value}</code>`,
    ]),
  ];
  if (fit) {
    lines.push(['seed', html`${fit.seed}`]);
    if (fit.nSamples !== summary.nSamples)
      lines.push(['fitted on', html`${countOf(fit.nSamples, 'row')}, other than those shown`]);
  }
  lines.push(
    ['time', html`${made.seconds.toFixed(2)} seconds`],
    ['version', html`parallel-gmm ${made.version}`],
  );
  return section(
    'making',
    'How it was made',
    html`<dl class="making">${lines.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>\n`,
  );
}
