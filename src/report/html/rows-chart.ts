/**
 * The rows and the mixture over two columns, or over the only one. Runs where the page is written and in the page:
 * plain data in, plain data out.
 */

import type { Parameters } from '../../types.js';
import { chiSquare2, covarianceAt } from '../ellipse.js';
import { padDomain } from '../ticks.js';
import { createFrame } from './chart-frame.js';
import type { PageData } from './page-data.js';
import { px, type SvgNode, svg } from './svg-node.js';

/** What is shown of the data, and how large. */
export interface View {
  /** Column to the right. */
  x: number;
  /** Column upwards; not looked at where there is only one. */
  y: number;
  /** Rows are fringe whose two largest probabilities differ by less. */
  margin: number;
  onlyFringe: boolean;
  /** Pixels. */
  width: number;
  /** Pixels. */
  height: number;
}

/** A chart, and where its points are. */
export interface RowsChart {
  root: SvgNode;
  /** Indices of the drawn rows that are shown. */
  shown: number[];
  /** Pixels of every drawn row, shown or not. */
  xs: Float64Array;
  ys: Float64Array;
}

const ELLIPSES = [
  { p: 0.5, name: 'inner' },
  { p: 0.95, name: 'outer' },
];
const ELLIPSE_STEPS = 72;
/** Opacities of points, from the least sure to the surest. */
const FADES = [0.3, 0.45, 0.6, 0.8];
/** More rings than this are drawn fainter. */
const MANY_RINGS = 300;
/** Places of a density's curve. */
const CURVE_STEPS = 240;
/** Share of a density's chart below zero, where the rows stand. */
const STRIP = 0.22;

export function createParameters(data: PageData): Parameters {
  return {
    covarianceType: data.covarianceType,
    nComponents: data.weights.length,
    nFeatures: data.columns.length,
    weights: Float64Array.from(data.weights),
    means: Float64Array.from(data.means),
    covariances: Float64Array.from(data.covariances),
  };
}

export function drawRows(data: PageData, view: View): RowsChart {
  const parameters = createParameters(data);
  return data.columns.length === 1
    ? drawDensity(data, parameters, view)
    : drawScatter(data, parameters, view);
}

/** A dot is a line of no length with a round end: a twentieth of the markup of a circle. */
export function dotPath(x: number, y: number): string {
  return `M${px(x)} ${px(y)}h.01`;
}

function drawScatter(data: PageData, parameters: Parameters, view: View): RowsChart {
  const { x, y, width, height } = view;
  const { nComponents: k, nFeatures: d, means } = parameters;
  const { nodes, toX, toY } = createFrame({
    ...{ width, height, xLabel: data.columns[x], yLabel: data.columns[y] },
    xDomain: rangeOf(data, parameters, x),
    yDomain: rangeOf(data, parameters, y),
  });
  const xs = Float64Array.from(data.rows, (_, i) => toX(data.values[i * d + x]));
  const ys = Float64Array.from(data.rows, (_, i) => toY(data.values[i * d + y]));
  const shown = shownRows(data, view);
  const ellipses = Array.from({ length: k }, (_, j) =>
    svg(
      'g',
      { class: `ellipses c${j}` },
      ELLIPSES.map(({ p, name }) =>
        svg('path', { class: name, d: ellipsePath(parameters, j, x, y, p, toX, toY) }),
      ),
    ),
  );
  const centres = Array.from({ length: k }, (_, j) => {
    const cx = px(toX(means[j * d + x]));
    const cy = px(toY(means[j * d + y]));
    return svg('g', { class: 'mean', transform: `translate(${cx} ${cy})` }, [
      svg('path', { class: 'halo', d: 'M-5 0H5M0 -5V5' }),
      svg('path', { d: 'M-5 0H5M0 -5V5' }),
      svg('text', { x: 7, y: -5 }, [String(j)]),
    ]);
  });
  const points = drawPoints(data, view, shown, xs, ys);
  return { root: rootOf(data, view, [...nodes, ...points, ...ellipses, ...centres]), shown, xs, ys };
}

function drawDensity(data: PageData, parameters: Parameters, view: View): RowsChart {
  const { width, height } = view;
  const { nComponents: k, weights, means } = parameters;
  const { limits, heights } = data.histogram ?? { limits: [], heights: [] };
  const xDomain = rangeOf(data, parameters, 0);
  const deviations = Array.from(means, (_, j) => Math.sqrt(covarianceAt(parameters, j, 0, 0)));
  const densityAt = (j: number, at: number) =>
    (weights[j] * Math.exp(-0.5 * ((at - means[j]) / deviations[j]) ** 2)) /
    (deviations[j] * Math.sqrt(2 * Math.PI));
  // Even steps, and each component's own, so that a narrow peak is met.
  const even = Array.from(
    { length: CURVE_STEPS + 1 },
    (_, i) => xDomain[0] + ((xDomain[1] - xDomain[0]) * i) / CURVE_STEPS,
  );
  const own = Array.from(
    { length: 41 * k },
    (_, i) => means[i % k] + deviations[i % k] * (Math.floor(i / k) / 5 - 4),
  );
  const places = [...even, ...own].filter((at) => at >= xDomain[0] && at <= xDomain[1]).sort((a, b) => a - b);
  const curves = Array.from({ length: k }, (_, j) => places.map((at) => densityAt(j, at)));
  const sums = places.map((_, i) => curves.reduce((total, curve) => total + curve[i], 0));
  const highestBar = Math.max(0, ...heights);
  const highest = Math.max(highestBar, ...sums);
  // A spike of a component on few rows would flatten all else.
  const top = (highestBar > 0 ? Math.min(highest, 3 * highestBar) : highest) * 1.03;
  const { nodes, toX, toY } = createFrame({
    ...{ width, height, xLabel: data.columns[0], yLabel: 'density' },
    xDomain,
    yDomain: [-STRIP * top, top],
  });
  const line = (densities: number[]) =>
    densities
      .map((value, i) => `${i === 0 ? 'M' : 'L'}${px(toX(places[i]))} ${px(toY(Math.min(top, value)))}`)
      .join('');
  const bars = heights
    .map(
      (value, i) =>
        `M${px(toX(limits[i]))} ${px(toY(0))}V${px(toY(value))}H${px(toX(limits[i + 1]))}V${px(toY(0))}Z`,
    )
    .join('');
  const xs = Float64Array.from(data.rows, (_, i) => toX(data.values[i]));
  // Spread by the golden ratio: neighbours in the file do not lie on each other.
  const ys = Float64Array.from(data.rows, (row) =>
    toY(-top * STRIP * (0.2 + 0.7 * ((row * 0.618033988749895) % 1))),
  );
  const shown = shownRows(data, view);
  const marks = [
    svg('path', { class: 'bars', d: bars }),
    ...drawPoints(data, view, shown, xs, ys),
    ...curves.map((curve, j) =>
      svg('g', { class: `ellipses c${j}` }, [svg('path', { class: 'inner', d: line(curve) })]),
    ),
    svg('path', { class: 'sum', d: line(sums) }),
    svg('path', { class: 'zero', d: `M${px(toX(xDomain[0]))} ${px(toY(0))}H${px(toX(xDomain[1]))}` }),
    ...Array.from(means, (mean, j) =>
      svg(
        'g',
        {
          class: 'mean',
          transform: `translate(${px(toX(mean))} ${px(toY(Math.min(top, densityAt(j, mean))))})`,
        },
        [svg('text', { x: 0, y: -6, 'text-anchor': 'middle' }, [String(j)])],
      ),
    ),
  ];
  return { root: rootOf(data, view, [...nodes, ...marks]), shown, xs, ys };
}

function shownRows({ margins }: PageData, { margin, onlyFringe }: View): number[] {
  const all = margins.map((_, i) => i);
  return onlyFringe ? all.filter((i) => margins[i] < margin) : all;
}

/** The range of a column's drawn rows, of its bars and of the outer ellipses: one reaches √(Σₓₓ χ²) to either side. */
function rangeOf(data: PageData, parameters: Parameters, column: number): [number, number] {
  const { nComponents: k, nFeatures: d, means } = parameters;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = column; i < data.values.length; i += d) {
    if (data.values[i] < low) low = data.values[i];
    if (data.values[i] > high) high = data.values[i];
  }
  for (let j = 0; j < k; j++) {
    const reach = Math.sqrt(covarianceAt(parameters, j, column, column) * chiSquare2(0.95));
    low = Math.min(low, means[j * d + column] - reach);
    high = Math.max(high, means[j * d + column] + reach);
  }
  const limits = data.histogram?.limits ?? [];
  for (const limit of limits) {
    low = Math.min(low, limit);
    high = Math.max(high, limit);
  }
  return padDomain(low, high, 0.03);
}

/** One path a component and fade; the fringe again as rings. */
function drawPoints(
  data: PageData,
  view: View,
  shown: number[],
  xs: Float64Array,
  ys: Float64Array,
): SvgNode[] {
  const k = data.weights.length;
  const dots = Array.from({ length: k }, () => FADES.map((): string[] => []));
  const rings: string[] = [];
  const radius = shown.length > 2_000 ? 1.5 : shown.length > 600 ? 2.2 : 3;
  const nFringe = shown.filter((i) => data.margins[i] < view.margin).length;
  const isMany = nFringe > MANY_RINGS;
  const ring = radius + (isMany ? 0.6 : 1.6);
  for (const i of shown) {
    const label = data.labels[i];
    const certainty = data.probabilities[i * k + label];
    const fade = Math.min(FADES.length - 1, Math.max(0, Math.floor((certainty - 0.5) * 2 * FADES.length)));
    dots[label][fade].push(dotPath(xs[i], ys[i]));
    if (data.margins[i] < view.margin) {
      rings.push(
        `M${px(xs[i] - ring)} ${px(ys[i])}a${ring} ${ring} 0 1 0 ${2 * ring} 0a${ring} ${ring} 0 1 0 ${-2 * ring} 0`,
      );
    }
  }
  const groups = dots.map((fades, j) =>
    svg(
      'g',
      { class: `dots c${j}`, 'stroke-width': 2 * radius },
      fades
        .map((paths, fade) => ({ paths, opacity: FADES[fade] }))
        .filter(({ paths }) => paths.length > 0)
        .map(({ paths, opacity }) => svg('path', { d: paths.join(''), opacity })),
    ),
  );
  return [...groups, svg('path', { class: isMany ? 'rings many' : 'rings', d: rings.join('') })];
}

function rootOf(data: PageData, { x, y, width, height }: View, nodes: SvgNode[]): SvgNode {
  const k = data.weights.length;
  const components = k === 1 ? '1 component' : `${k} components`;
  const label =
    data.columns.length === 1
      ? `Histogram of ${data.columns[0]} with the densities of ${components} and their sum`
      : `${data.columns[y]} against ${data.columns[x]}: rows, and the ellipses of ${components}`;
  return svg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': label },
    nodes,
  );
}

function ellipsePath(
  parameters: Parameters,
  j: number,
  x: number,
  y: number,
  p: number,
  toX: (value: number) => number,
  toY: (value: number) => number,
): string {
  const { nFeatures: d, means } = parameters;
  const [xx, xy, yy] = [
    [x, x],
    [x, y],
    [y, y],
  ].map(([a, b]) => covarianceAt(parameters, j, a, b));
  // The circle of that radius, through the Cholesky factor of the 2 × 2 covariance.
  const radius = Math.sqrt(chiSquare2(p));
  const l11 = Math.sqrt(xx);
  const l21 = l11 > 0 ? xy / l11 : 0;
  const l22 = Math.sqrt(Math.max(0, yy - l21 * l21));
  let path = '';
  for (let step = 0; step < ELLIPSE_STEPS; step++) {
    const angle = (2 * Math.PI * step) / ELLIPSE_STEPS;
    const u = radius * Math.cos(angle);
    const v = radius * Math.sin(angle);
    const at = [toX(means[j * d + x] + l11 * u), toY(means[j * d + y] + l21 * u + l22 * v)];
    path += `${step === 0 ? 'M' : 'L'}${px(at[0])} ${px(at[1])}`;
  }
  return `${path}Z`;
}
