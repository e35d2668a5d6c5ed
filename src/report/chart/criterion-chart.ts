/**
 * How a model was chosen: the criterion of every cell of a sweep over its number of components, with a colour and a marker
 * for each covariance type, and the name of the chosen cell. Values far above the others would press these flat. They are
 * cut off, and an arrow at the upper edge stands for each.
 */

import type { Sweep } from '../sweep/sweep.js';
import { drawFrame } from './axes.js';
import { type AxisMaker, createCountAxis, type Domain } from './axis.js';
import { countOf } from './counts.js';
import {
  drawArrow,
  drawChosen,
  drawLines,
  drawMissing,
  drawPoints,
  drawTypeSymbol,
  inLegend,
} from './criterion-marks.js';
import { drawHeader, type LegendItem } from './header.js';
import type { Look } from './look.js';
import type { SvgNode } from './svg-node.js';
import { drawMarker } from './type-style.js';

export interface CriterionChartInput {
  sweep: Sweep;
  title: string;
  subtitle: string;
  width: number;
  height: number;
}

/** @returns the chart, without its root element */
export function drawCriterion(look: Look, input: CriterionChartInput): SvgNode[] {
  const { sweep, width, height } = input;
  const { name, types, counts, low, high } = sweep;
  const isOverCounts = counts.length > 1;
  const [first, last] = isOverCounts ? [counts[0], counts[counts.length - 1]] : [0, types.length - 1];
  const room = isOverCounts ? Math.max(0.4, (last - first) * 0.05) : 0.6;
  const createTypeAxis: AxisMaker = (domain) => ({ domain, ticks: types.map((_, i) => i), labels: types });
  // Room above for arrows and crosses, below for the name of the chosen cell.
  const yDomain: Domain = [low - (high - low) * 0.22, high + (high - low) * 0.1];
  const header = drawHeader(look, { ...input, legend: createLegend(look, sweep) });
  const { area, axes } = drawFrame(look, {
    ...{ width, height, top: header.bottom, xDomain: [first - room, last + room], yDomain },
    xTickDistance: 28,
    createXAxis: isOverCounts ? createCountAxis : createTypeAxis,
    xName: isOverCounts ? 'components' : `covariance, ${countOf(counts[0], 'component')}`,
    yName: name,
  });
  return [
    ...header.nodes,
    ...axes,
    drawLines(area, sweep),
    drawPoints(look, area, sweep),
    drawChosen(look, area, sweep),
  ];
}

/** @returns the chart in words, for readers who cannot see it */
export function describeCriterion({ name, points, tried, chosen, chosenName, edge, format }: Sweep): string {
  return (
    `${name} of ${countOf(points.length, 'model')}: ${tried}. ` +
    `Chosen: ${chosenName}, ${name} ${format(chosen.value)}${edge}.`
  );
}

function createLegend(look: Look, { types, points, missing, high, format }: Sweep): LegendItem[] {
  const items: LegendItem[] = types.map((type) => {
    const own = points.filter((point) => point.type === type);
    const isAbove = own.length > 0 && own.every(({ value }) => value > high);
    const text = isAbove ? `${type} (above the range)` : type;
    return { width: 26, symbol: drawTypeSymbol(look, type), text };
  });
  if (points.some(({ converged }) => !converged)) {
    const symbol = inLegend(drawMarker(look, types[0], false));
    items.push({ width: 26, symbol, text: 'hollow: not converged' });
  }
  const above = points.filter(({ value }) => value > high).map(({ value }) => value);
  if (above.length > 0) {
    const text = `above the range: ${above.length}, up to ${format(Math.max(...above))}`;
    items.push({ width: 26, symbol: inLegend(drawArrow(look.ink)), text });
  }
  if (missing.length > 0) {
    const text = `no model: ${missing.length}, failed or collapsed`;
    items.push({ width: 26, symbol: inLegend(drawMissing(look.ink)), text });
  }
  return items;
}
