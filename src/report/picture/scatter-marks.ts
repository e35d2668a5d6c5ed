/** The marks of rows and components over two coordinates. */

import type { Area } from '../chart/area.js';
import type { Domain } from '../chart/axis.js';
import { dotRadius, drawDots, drawRings } from '../chart/dots.js';
import { drawGaussians, mixtureDomain } from '../chart/gaussian-marks.js';
import type { Look } from '../chart/look.js';
import type { SvgNode } from '../chart/svg-node.js';
import {
  type Coordinate,
  covarianceAlong,
  gaussianOver,
  meanAlong,
  takeValues,
  type View,
} from './coordinate.js';
import type { ResolvedInput } from './input.js';
import type { RowSelection } from './selection.js';

/** @returns the marks, from the back to the front */
export function drawMixture(
  look: Look,
  area: Area,
  input: ResolvedInput,
  selection: RowSelection,
  view: View,
): SvgNode[] {
  const { parameters } = input;
  const { drawn, fringe, labels, certainties } = selection;
  const k = parameters.nComponents;
  const placeAll = (rows: Uint32Array) => ({
    xs: takeValues(input, rows, view.x).map(area.toX),
    ys: takeValues(input, rows, view.y).map(area.toY),
  });
  const rows = {
    ...placeAll(drawn),
    labels: Int32Array.from(drawn, (i) => labels[i]),
    certainties: Float64Array.from(drawn, (i) => certainties[i]),
  };
  const rings = placeAll(fringe);
  const radius = dotRadius(area, drawn.length);
  const gaussians = Array.from({ length: k }, (_, j) => gaussianOver(parameters, j, view));
  return [
    drawDots(
      look,
      rows,
      drawn.map((_, at) => at),
      radius,
    ),
    drawRings(look, area, rings.xs, rings.ys, radius),
    ...drawGaussians(look, area, gaussians),
  ];
}

/** @returns the range of the drawn rows and of all ellipses along a coordinate */
export function computeDomain(input: ResolvedInput, selection: RowSelection, coordinate: Coordinate): Domain {
  const { parameters } = input;
  const components = Array.from(parameters.weights, (_, j) => ({
    mean: meanAlong(parameters, j, coordinate),
    variance: covarianceAlong(parameters, j, coordinate, coordinate),
    degrees: parameters.degreesOfFreedom?.[j],
  }));
  return mixtureDomain(takeValues(input, selection.drawn, coordinate), components);
}
