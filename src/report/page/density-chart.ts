/** The chart of a single column: bars and densities, and below zero a strip in which every row is a dot. */

import type { Parameters } from '../../types.js';
import { drawFrame } from '../chart/axes.js';
import { createPositiveAxis, type Domain } from '../chart/axis.js';
import { createCurves } from '../chart/curve.js';
import { createDensityLines, densityTop, drawBars, drawCurves, drawNumbers } from '../chart/density-marks.js';
import { PAGE_LOOK as look } from '../chart/look.js';
import type { PageData } from './page-data.js';
import type { Layers, View } from './view.js';

/** Height of the strip as a share of the axis above zero. */
const STRIP = 0.22;
const GOLDEN_RATIO = 0.618033988749895;

export function drawDensity(
  data: PageData,
  parameters: Parameters,
  { width, height }: View,
  xDomain: Domain,
): Layers {
  const bars = data.histogram ?? { limits: [], heights: [] };
  const lines = createDensityLines(bars, createCurves(parameters, 0), xDomain);
  const top = densityTop(lines);
  const { area, axes } = drawFrame(look, {
    ...{ width, height, top: 0, xDomain, yDomain: [-STRIP * top, top] },
    ...{ xName: data.columns[0], yName: 'density', createYAxis: createPositiveAxis },
  });
  return {
    area,
    behind: [...axes, drawBars(look, area, bars)],
    before: [...drawCurves(look, area, lines), drawNumbers(look, area, lines)],
    rightOf: (i) => data.values[i],
    // The golden ratio spreads the rows evenly: neighbours in the file do not lie on each other.
    heightOf: (i) => -top * STRIP * (0.2 + 0.7 * ((data.rows[i] * GOLDEN_RATIO) % 1)),
  };
}
