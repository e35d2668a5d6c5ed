/** The sections on the course of the fit, the columns of the data, and the making of the report. */

import { countOf } from '../chart/counts.js';
import { type Html, html, svgHtml } from './html.js';
import { formatFixed, formatNumber } from './numbers.js';
import type { ReportInput } from './report-input.js';
import { chartFigure, columnName, section } from './section.js';
import { numberTables } from './table.js';
import { drawTrace } from './trace-chart.js';

export function writeTrace({ fit }: ReportInput): Html | undefined {
  const { objective, values = [] } = fit?.trace ?? {};
  if (!objective || values.length < 2) return undefined;
  return section(
    'trace',
    'How the fit went',
    html`<p>The ${objective} before each of ${countOf(values.length - 1, 'M-step')} and at the end: from ${formatFixed(values[0])}
to ${formatFixed(values[values.length - 1])}.</p>\n`,
    chartFigure('trace', (width) => svgHtml(drawTrace({ objective, values }, width))),
  );
}

export function writeColumns({ columns, summary }: ReportInput): Html {
  const lines = summary.columns.map(({ min, mean, deviation, max }) =>
    [min, mean, deviation, max].map((value) => (Number.isNaN(value) ? '–' : formatNumber(value))),
  );
  return section(
    'columns',
    'Columns of the data',
    numberTables({
      ...{ caption: 'Of all rows', corner: 'column', rowNames: columns.map(columnName) },
      columnNames: ['lowest', 'mean', 'standard deviation', 'highest'],
      cells: [0, 1, 2, 3].map((i) => lines.map((texts) => texts[i])),
    }),
  );
}

export function writeMaking({ made, fit, summary }: ReportInput): Html {
  const code = (text: string) => html`<code>${text}</code>`;
  const lines: (readonly [string, Html | string])[] = [
    ['command', code(made.command)],
    ...(made.options ?? []).map(([name, value]) => [name, code(value)] as const),
  ];
  if (fit) {
    lines.push(['seed', String(fit.seed)]);
    const { nSamples } = fit;
    if (nSamples !== summary.nSamples)
      lines.push(['fitted on', `${countOf(nSamples, 'row')}, not those shown here`]);
  }
  lines.push(['time', `${made.seconds.toFixed(2)} seconds`], ['version', `parallel-gmm ${made.version}`]);
  return section(
    'making',
    'How it was made',
    html`<dl class="making">${lines.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>\n`,
  );
}
