/**
 * The rows and the mixture over two columns, or over the only column. Node.js draws the chart when a report is written, and
 * the script of the report draws it again.
 */

import type { Area } from '../chart/area.js';
import { drawFrame } from '../chart/axes.js';
import type { Domain } from '../chart/axis.js';
import { judgeRow } from '../chart/certainty.js';
import { countOf } from '../chart/counts.js';
import { dotRadius, drawDots, drawRings } from '../chart/dots.js';
import { covarianceAt, type DrawnMixture } from '../chart/ellipse.js';
import { drawGaussians, type Gaussian2, mixtureDomain } from '../chart/gaussian-marks.js';
import { drawRoot, PAGE_LOOK as look } from '../chart/look.js';
import type { SvgNode } from '../chart/svg-node.js';
import { drawDensity } from './density-chart.js';
import type { PageData } from './page-data.js';
import type { Layers, View } from './view.js';

/** The chart, and the places of its rows. */
export interface RowsChart {
  root: SvgNode;
  /** Indices of the drawn rows that are shown. */
  shown: number[];
  /** Pixels of every drawn row, shown or not. */
  xs: Float64Array;
  ys: Float64Array;
}

/** @returns the mixture of a page */
export function createParameters(data: PageData): DrawnMixture {
  return {
    form: data.form,
    nComponents: data.weights.length,
    nFeatures: data.columns.length,
    weights: Float64Array.from(data.weights),
    means: Float64Array.from(data.means),
    covariances: Float64Array.from(data.covariances),
    ...(data.degreesOfFreedom && { degreesOfFreedom: Float64Array.from(data.degreesOfFreedom) }),
  };
}

/** @returns the chart of the rows; for a single column it is a histogram with a strip of dots below */
export function drawRows(data: PageData, view: View): RowsChart {
  const parameters = createParameters(data);
  const layers =
    data.columns.length === 1
      ? drawDensity(data, parameters, view, computeDomain(data, parameters, 0))
      : drawPlane(data, parameters, view);
  const { area, behind, before, rightOf, heightOf } = layers;
  const xs = Float64Array.from(data.rows, (_, i) => area.toX(rightOf(i)));
  const ys = Float64Array.from(data.rows, (_, i) => area.toY(heightOf(i)));
  const shown = data.margins
    .map((_, i) => i)
    .filter((i) => !view.onlyFringe || data.margins[i] < view.margin);
  const marks = [...behind, ...drawPoints(data, view, area, shown, { xs, ys }), ...before];
  const root = drawRoot(look, view, { 'aria-label': describeChart(data, view) }, marks);
  return { root, shown, xs, ys };
}

function drawPlane(data: PageData, parameters: DrawnMixture, { x, y, width, height }: View): Layers {
  const { nComponents, nFeatures: d, means } = parameters;
  const { area, axes } = drawFrame(look, {
    ...{ width, height, top: 0, xName: data.columns[x], yName: data.columns[y] },
    xDomain: computeDomain(data, parameters, x),
    yDomain: computeDomain(data, parameters, y),
  });
  const gaussians = Array.from({ length: nComponents }, (_, j): Gaussian2 => {
    const at = (a: number, b: number) => covarianceAt(parameters, j, a, b);
    const covariance = { xx: at(x, x), xy: at(x, y), yy: at(y, y) };
    const degrees = parameters.degreesOfFreedom?.[j];
    return { x: means[j * d + x], y: means[j * d + y], covariance, degrees };
  });
  return {
    area,
    behind: axes,
    before: drawGaussians(look, area, gaussians),
    rightOf: (i) => data.values[i * d + x],
    heightOf: (i) => data.values[i * d + y],
  };
}

/** The range of a column's drawn rows, of its bars and of the outer ellipses. */
function computeDomain(data: PageData, parameters: DrawnMixture, column: number): Domain {
  const { nComponents: k, nFeatures: d, means } = parameters;
  const values = data.rows.map((_, i) => data.values[i * d + column]);
  const components = Array.from({ length: k }, (_, j) => ({
    mean: means[j * d + column],
    variance: covarianceAt(parameters, j, column, column),
    degrees: parameters.degreesOfFreedom?.[j],
  }));
  return mixtureDomain([...values, ...(data.histogram?.limits ?? [])], components);
}

/** The shown rows as dots, with rings around those on the fringe. */
function drawPoints(
  data: PageData,
  { margin }: View,
  area: Area,
  shown: readonly number[],
  { xs, ys }: { xs: Float64Array; ys: Float64Array },
): SvgNode[] {
  const { labels, probabilities, margins, weights, hasNoise } = data;
  const certainties = labels.map((_, i) => judgeRow(probabilities, i, weights.length, hasNoise).first);
  const radius = dotRadius(area, shown.length);
  const fringe = shown.filter((i) => margins[i] < margin);
  const ring = (places: Float64Array) => fringe.map((i) => places[i]);
  return [
    drawDots(look, { xs, ys, labels, certainties }, shown, radius),
    drawRings(look, area, ring(xs), ring(ys), radius),
  ];
}

function describeChart({ columns, weights }: PageData, { x, y }: View): string {
  const components = countOf(weights.length, 'component');
  return columns.length === 1
    ? `Histogram of ${columns[0]} with the densities of ${components} and their sum`
    : `${columns[y]} against ${columns[x]}: rows, and the ellipses of ${components}`;
}
