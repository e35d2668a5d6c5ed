/** A report: one HTML file that contains everything, loads nothing, and may run only its own script. */

import { createHash } from 'node:crypto';
import { judgeRow } from '../chart/certainty.js';
import { describeCriterion, drawCriterion } from '../chart/criterion-chart.js';
import { toDrawn } from '../chart/drawn-mixture.js';
import type { DrawnMixture } from '../chart/ellipse.js';
import { computeHistogram } from '../chart/histogram.js';
import { drawRoot, PAGE_LOOK } from '../chart/look.js';
import { createSweep } from '../sweep/sweep.js';
import { componentStyle } from './component-style.js';
import { PAGE_SCRIPT, PAGE_STYLE } from './generated.js';
import { html, jsonHtml, nameOf, svgHtml, trusted } from './html.js';
import type { PageData } from './page-data.js';
import type { ReportInput, ReportSweep } from './report-input.js';
import { drawRows } from './rows-chart.js';
import type { Chart } from './section.js';
import { describeShown } from './shown-text.js';
import { writeChoice } from './write-choice.js';
import { writeComponents } from './write-components.js';
import { writeFringe } from './write-fringe.js';
import { writeColumns, writeMaking, writeTrace } from './write-origin.js';
import { writeRows } from './write-rows.js';
import { writeHeader, writeSummary } from './write-summary.js';

export type { ReportInput } from './report-input.js';

/** Values are written to a millionth of their column's range. */
const RANGE_DIGITS = 6;

/**
 * Writes a report.
 *
 * @param input - mixture, rows, and their origin
 * @returns an HTML document; its security policy names the hashes of its own script and style, and allows nothing else
 */
export function reportHtml(input: ReportInput): string {
  const data = createPageData(input);
  const style = PAGE_STYLE + componentStyle(input.parameters.nComponents);
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(PAGE_SCRIPT)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const view = { margin: data.fringeMargin, onlyFringe: false };
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Gaussian mixture of ${nameOf(input.source)}</title>
<link rel="icon" href="data:,">
<style>${trusted(style)}</style>
</head>
<body>
<main>
${writeHeader(input)}
${writeSummary(input)}
${input.sweep && writeChoice(input.sweep, input.summary.nSamples, createCriterionChart(input.sweep))}
${writeRows(input, data, (width) => svgHtml(drawStatic(data, width)), describeShown(data, view, data.rows.length))}
${writeFringe(input)}
${writeComponents(input)}
${writeTrace(input)}
${writeColumns(input)}
${writeMaking(input)}
</main>
<script type="application/json" id="data">${jsonHtml(data)}</script>
<script>${trusted(PAGE_SCRIPT)}</script>
</body>
</html>
`;
  return page.markup;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function drawStatic(data: PageData, width: number) {
  const height = Math.round(Math.max(300, width * 0.66));
  const view = { x: data.x, y: data.y, margin: data.fringeMargin, onlyFringe: false };
  return drawRows(data, { ...view, width, height }).root;
}

/** @returns the chart of a sweep; none for a single cell */
function createCriterionChart({ cells, best, criterion }: ReportSweep): Chart | undefined {
  if (cells.length < 2) return undefined;
  const sweep = createSweep({ fits: cells, criterion, best: cells[best] });
  return (width) => {
    const size = { width, height: 420 };
    const children = drawCriterion(PAGE_LOOK, { sweep, ...size, title: '', subtitle: '' });
    return svgHtml(drawRoot(PAGE_LOOK, size, { 'aria-label': describeCriterion(sweep) }, children));
  };
}

function createPageData(input: ReportInput): PageData {
  const { parameters, columns, summary, chosen, rows, responsibilities } = input;
  const { nComponents: k, nFeatures: d, noise } = parameters;
  const drawn = toDrawn(parameters);
  const judged = Array.from(chosen.drawn, (_, at) => judgeRow(responsibilities, at, k, noise !== undefined));
  const digits = summary.columns.map(({ min, max }) => {
    const size = Math.max(Math.abs(min), Math.abs(max)) / (max - min || 1);
    return Math.min(17, Math.max(0, Math.ceil(Math.log10(size || 1))) + RANGE_DIGITS);
  });
  return {
    columns: columns.map(nameOf),
    ...resolveAxes(input),
    form: drawn.form,
    weights: Array.from(parameters.weights),
    means: Array.from(parameters.means),
    covariances: Array.from(parameters.covariances),
    ...(parameters.degreesOfFreedom && { degreesOfFreedom: Array.from(parameters.degreesOfFreedom) }),
    nSamples: summary.nSamples,
    fringeMargin: input.fringeMargin,
    nFringe: chosen.nFringe,
    fringeCounts: chosen.fringeCounts,
    rows: Array.from(chosen.drawn),
    values: Array.from(rows, (value, i) => Number(value.toPrecision(digits[i % d]))),
    probabilities: Array.from(responsibilities, (r) => Number(r.toFixed(6))),
    hasNoise: noise !== undefined,
    labels: judged.map(({ label }) => label),
    margins: judged.map(({ margin }) => margin),
    ...(summary.onlyColumn && { histogram: countBars(summary.onlyColumn, drawn) }),
  };
}

/** Fills in the columns that the caller did not choose. A single column is both. */
function resolveAxes({ x, y, columns }: ReportInput): { x: number; y: number } {
  const right = x ?? (y === 0 && columns.length > 1 ? 1 : 0);
  return { x: right, y: y ?? (right === 0 && columns.length > 1 ? 1 : 0) };
}

/** @param rows - (n × 1) all rows */
function countBars(rows: Float64Array, parameters: DrawnMixture): PageData['histogram'] {
  const { limits, heights } = computeHistogram(parameters, rows, 0);
  return { limits, heights };
}
