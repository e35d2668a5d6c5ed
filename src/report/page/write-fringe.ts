/** The section on the fringe: its rows, the closest ties first. The page's script sorts them by the headings' `data-key`. */

import { judgeRow } from '../chart/certainty.js';
import { countOf } from '../chart/counts.js';
import { type Html, type HtmlValue, html } from './html.js';
import { formatAlike, formatMargin, formatProbability } from './numbers.js';
import type { ReportInput } from './report-input.js';
import { columnName, componentName, numberCell, section } from './section.js';
import { tableFrame } from './table.js';

/** Most columns of data in the table: with more it would be too wide to print. */
const MOST_VALUES = 6;

export function writeFringe(input: ReportInput): Html | undefined {
  const { chosen, parameters, columns, fringeMargin } = input;
  if (parameters.nComponents === 1 && !parameters.noise) return undefined;
  const { ties, nFringe } = chosen;
  if (ties.length === 0) {
    return section('fringe', 'The fringe', html`<p>No row has a margin below ${fringeMargin}.</p>\n`);
  }
  const head = (key: string, name: HtmlValue, isNumber: boolean) =>
    html`<th scope="col" data-key="${key}"${isNumber && html` class="number"`}${key === 'margin' && html` aria-sort="ascending"`}>${name}</th>`;
  const names = columns.slice(0, MOST_VALUES);
  const first =
    ties.length < nFringe
      ? `The first ${ties.length} of ${countOf(nFringe, 'row')}`
      : countOf(nFringe, 'row');
  const some = columns.length > names.length ? `, with ${names.length} of ${columns.length} columns` : '';
  return section(
    'fringe',
    'The fringe',
    html`<p>${first} with a margin below ${fringeMargin}, the closest tie first. Rows are numbered from 0 in the order of the
input.<span id="fringe-help" hidden> Choose a row, with the pointer or the arrow keys, to see it in the chart.</span></p>\n`,
    tableFrame(
      'Rows on the fringe',
      html`<table id="fringe-table"><caption>Rows on the fringe${some}</caption>
<thead><tr>${head('row', 'row', true)}${head('margin', 'margin', true)}${head('label', 'likeliest', false)}${head('first', 'probability', true)}${head('other', 'second', false)}${head('second', 'probability', true)}${names.map(
        (name, a) => head(`value-${a}`, columnName(name), true),
      )}</tr></thead>
<tbody>${writeTies(input, names.length)}</tbody></table>`,
    ),
  );
}

/** @param nValues - number of data columns in the table */
function writeTies({ chosen, rows, responsibilities, parameters }: ReportInput, nValues: number): Html[] {
  const { nComponents: k, nFeatures: d } = parameters;
  const places = new Map(Array.from(chosen.drawn, (row, at) => [row, at]));
  const points = Array.from(chosen.ties, (row) => places.get(row) as number);
  const values = Array.from({ length: nValues }, (_, a) => formatAlike(points.map((at) => rows[at * d + a])));
  return points.map((at, i) => {
    const { label, second, first, other, margin } = judgeRow(
      responsibilities,
      at,
      k,
      parameters.noise !== undefined,
    );
    const component = (j: number, p: number) =>
      html`<td>${componentName(j)}</td>${numberCell(formatProbability(p))}`;
    return html`<tr data-point="${at}"><th scope="row" class="number">${chosen.ties[i]}</th>${numberCell(formatMargin(margin))}${component(label, first)}${component(second ?? label, second === undefined ? first : other)}${values.map((column) => numberCell(column[i]))}</tr>\n`;
  });
}
