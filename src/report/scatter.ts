/**
 * A mixture as a picture of two of its columns: members of a component in a blue of its own, fringe rows (those
 * that two components claim alike) in red on top, each component's ellipses of 50 % and 95 %.
 */

import type { Parameters } from '../types.js';
import {
  type Blue,
  type Canvas,
  createBlues,
  createElement,
  drawFrame,
  FRINGE_COLOUR,
  type LegendItem,
  type Mark,
  openCanvas,
  type SvgElement,
} from './canvas.js';
import { chiSquare2, computeEllipse, covarianceAt, marginalCovariance } from './ellipse.js';
import { drawHistogram } from './histogram.js';
import { formatCount, type ResolvedInput, resolveInput, type ScatterInput } from './input.js';
import { type RowSelection, selectRows, takeColumn } from './selection.js';
import { padDomain } from './ticks.js';

export { histogramSvg } from './histogram.js';
export type { ScatterInput } from './input.js';

/** Share of a component's points inside its inner and its outer ellipse. */
const INNER = 0.5;
const OUTER = 0.95;

/**
 * Draws rows and components over two columns; a mixture of one column as a histogram.
 *
 * @param input - mixture, rows (n × d), responsibilities (n × k), names, what to draw
 * @returns a self-contained SVG document
 * @throws GmmError `MISSING_DEPENDENCY` without @observablehq/plot and linkedom; `INVALID_OPTION` or
 *   `INVALID_DATA` for columns, sizes or lengths that do not fit the mixture
 * @example
 * ```ts
 * const svg = await scatterSvg({ parameters, rows, responsibilities, columns: ['eruptions', 'waiting'] });
 * ```
 */
export async function scatterSvg(input: ScatterInput): Promise<string> {
  const resolved = resolveInput(input);
  const canvas = await openCanvas();
  return resolved.parameters.nFeatures === 1
    ? drawHistogram(canvas, resolved)
    : drawScatter(canvas, resolved);
}

function drawScatter(canvas: Canvas, input: ResolvedInput): string {
  const { parameters, x, y, width, height } = input;
  const { nComponents } = parameters;
  const selection = selectRows(input);
  const blues = createBlues(nComponents);
  const radius = selection.nDrawn > 5_000 ? 1.5 : selection.nDrawn > 1_000 ? 2 : 3;
  const { Plot } = canvas;

  const dots = (indices: Uint32Array, fill: string, r: number, opacity: number): Mark =>
    Plot.dot(
      { length: indices.length },
      {
        x: takeColumn(input, indices, x),
        y: takeColumn(input, indices, y),
        fill,
        fillOpacity: opacity,
        r,
      },
    );
  const marks: Mark[] = [
    ...selection.members.map((indices, j) => dots(indices, blues[j].fill, radius, 0.6)),
    ...blues.map((blue, j) => ellipses(canvas, parameters, j, x, y, blue.stroke)),
    dots(selection.fringe, FRINGE_COLOUR, radius + 1, 0.9),
    ...blues.map((_, j) => meanMark(canvas, parameters, j, x, y)),
  ];

  const xName = input.columns[x];
  const yName = input.columns[y];
  return drawFrame(
    canvas,
    {
      title: input.title ?? `${yName} against ${xName}`,
      subtitle: input.subtitle,
      description:
        `Scatter plot of ${formatCount(input.nSamples)} rows, ${formatCount(selection.nFringe)} of them fringe, ` +
        `with ellipses of ${nComponents} Gaussian components.`,
      width,
      height,
      xDomain: computeDomain(input, selection, x),
      yDomain: computeDomain(input, selection, y),
      xLabel: xName,
      yLabel: yName,
      legend: scatterLegend(canvas, input, selection, blues),
    },
    marks,
  );
}

/** The range of a column's drawn rows and of all ellipses: an ellipse reaches √(Σₓₓ χ²) to either side. */
function computeDomain(input: ResolvedInput, selection: RowSelection, column: number): [number, number] {
  const { means, nComponents: k, nFeatures: d } = input.parameters;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const indices of [...selection.members, selection.fringe]) {
    for (const i of indices) {
      const value = input.rows[i * d + column];
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  for (let j = 0; j < k; j++) {
    const mean = means[j * d + column];
    const reach = Math.sqrt(covarianceAt(input.parameters, j, column, column) * chiSquare2(OUTER));
    low = Math.min(low, mean - reach);
    high = Math.max(high, mean + reach);
  }
  return padDomain(low, high, 0.03);
}

/** The part of Plot's scales that a mark of ours uses: values → pixels. */
interface PixelScales {
  x?: ((value: number) => number) | undefined;
  y?: ((value: number) => number) | undefined;
}

/** Both ellipses of a component. Scaled axes are linear, so an ellipse stays one: S Σ Sᵀ with pixels per unit S. */
function ellipses(
  canvas: Canvas,
  parameters: Parameters,
  j: number,
  x: number,
  y: number,
  colour: string,
): Mark {
  return (_index: number[], scales: PixelScales) => {
    const toX = scales.x as (value: number) => number;
    const toY = scales.y as (value: number) => number;
    const meanX = parameters.means[j * parameters.nFeatures + x];
    const meanY = parameters.means[j * parameters.nFeatures + y];
    const perX = toX(1) - toX(0);
    const perY = toY(1) - toY(0);
    const { xx, xy, yy } = marginalCovariance(parameters, j, x, y);
    const inPixels = { xx: xx * perX * perX, xy: xy * perX * perY, yy: yy * perY * perY };
    const group = createElement(canvas, 'g', {
      fill: 'none',
      stroke: colour,
      'aria-label': `component ${j}`,
    });
    for (const p of [OUTER, INNER]) {
      const { major, minor, angle } = computeEllipse(inPixels, p);
      const degrees = (angle * 180) / Math.PI;
      group.append(
        createElement(canvas, 'ellipse', {
          // Half a pixel at least: an ellipse without width is not drawn.
          rx: Math.max(0.5, major),
          ry: Math.max(0.5, minor),
          transform: `translate(${toX(meanX)},${toY(meanY)}) rotate(${degrees})`,
          ...strokeOf(p),
        }),
      );
    }
    return group;
  };
}

function strokeOf(p: number): Record<string, string | number> {
  return p === INNER ? { 'stroke-width': 2 } : { 'stroke-width': 1.5, 'stroke-dasharray': '5 3' };
}

/** A cross at the mean and the component's number beside it, from 0 as in `predict`'s labels, with a white edge to stand out from the points. */
function meanMark(canvas: Canvas, parameters: Parameters, j: number, x: number, y: number): Mark {
  return (_index: number[], scales: PixelScales) => {
    const cx = scales.x?.(parameters.means[j * parameters.nFeatures + x]);
    const cy = scales.y?.(parameters.means[j * parameters.nFeatures + y]);
    const group = createElement(canvas, 'g', {
      transform: `translate(${cx},${cy})`,
      'stroke-linejoin': 'round',
    });
    const number = (attributes: Record<string, string | number>): SvgElement => {
      const text = createElement(canvas, 'text', {
        x: 7,
        y: -5,
        'font-weight': 700,
        'font-size': 13,
        ...attributes,
      });
      text.setAttribute('text-anchor', 'start');
      text.textContent = String(j);
      return text;
    };
    group.append(
      number({ stroke: '#fff', 'stroke-width': 4 }),
      cross(canvas, '#fff', 5),
      cross(canvas, '#111', 2),
      number({ fill: '#111' }),
    );
    return group;
  };
}

function cross(canvas: Canvas, stroke: string, strokeWidth: number): SvgElement {
  return createElement(canvas, 'path', {
    d: 'M-5,0H5M0,-5V5',
    fill: 'none',
    stroke,
    'stroke-width': strokeWidth,
  });
}

function scatterLegend(
  canvas: Canvas,
  input: ResolvedInput,
  { nFringe, nDrawn }: RowSelection,
  blues: Blue[],
): LegendItem[] {
  const { nSamples, fringeMargin } = input;
  const shown = blues.slice(0, 5);
  const items: LegendItem[] = [
    {
      symbolWidth: shown.length * 10,
      draw: () =>
        shown.map(({ fill }, j) => createElement(canvas, 'circle', { cx: 5 + j * 10, cy: 0, r: 4, fill })),
      text: `members (${formatCount(nSamples - nFringe)}${blues.length > 1 ? ', a shade per component' : ''})`,
    },
    {
      symbolWidth: 10,
      draw: () => [createElement(canvas, 'circle', { cx: 5, cy: 0, r: 4.5, fill: FRINGE_COLOUR })],
      text: `fringe (${formatCount(nFringe)}, top two probabilities within ${fringeMargin})`,
    },
    ...[INNER, OUTER].map((p) => ({
      symbolWidth: 22,
      draw: () => [
        createElement(canvas, 'ellipse', {
          ...{ cx: 11, cy: 0, rx: 10, ry: 5, fill: 'none', stroke: blues[0].stroke },
          ...strokeOf(p),
        }),
      ],
      text: p === INNER ? `holds ${INNER * 100} % of a component` : `holds ${OUTER * 100} %`,
    })),
    {
      symbolWidth: 12,
      draw: () => {
        const group = createElement(canvas, 'g', { transform: 'translate(6,0)' });
        group.append(cross(canvas, '#111', 2));
        return [group];
      },
      text: 'mean',
    },
  ];
  if (nDrawn < nSamples) {
    items.push({
      symbolWidth: 0,
      draw: () => [],
      text: `${formatCount(nDrawn)} of ${formatCount(nSamples)} rows drawn`,
    });
  }
  return items;
}
