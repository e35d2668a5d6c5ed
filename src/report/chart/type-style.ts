/** How a covariance type is drawn: a colour and a marker of its own. */

import { type SymbolType, symbol, symbolCircle, symbolDiamond, symbolSquare, symbolTriangle } from 'd3-shape';
import type { CovarianceType } from '../../types.js';
import type { Look } from './look.js';
import { BLUE, GREEN, PURPLE, VERMILLION } from './palette.js';
import { type SvgNode, svg } from './svg-node.js';

interface TypeStyle {
  colour: string;
  shape: SymbolType;
  /** Of the marker, in square pixels. */
  area: number;
  strokeWidth: number;
}

/** Later types have smaller markers and thinner lines, so that all are seen where they agree. */
const STYLES: Record<CovarianceType, TypeStyle> = {
  full: { colour: BLUE, shape: symbolCircle, area: 95, strokeWidth: 3 },
  tied: { colour: VERMILLION, shape: symbolSquare, area: 81, strokeWidth: 2.5 },
  diag: { colour: GREEN, shape: symbolTriangle, area: 48, strokeWidth: 2 },
  spherical: { colour: PURPLE, shape: symbolDiamond, area: 40, strokeWidth: 1.5 },
};

export function typeColour(type: CovarianceType): string {
  return STYLES[type].colour;
}

/** @returns the width of a type's line in pixels */
export function typeLineWidth(type: CovarianceType): number {
  return STYLES[type].strokeWidth;
}

/** @returns the marker of a type at the origin; hollow if the fit did not converge */
export function drawMarker(look: Look, type: CovarianceType, isFilled: boolean): SvgNode {
  const { colour, shape, area } = STYLES[type];
  const d = symbol(shape, area).digits(2)() ?? '';
  const paint = isFilled ? { fill: colour, stroke: look.paper } : { fill: look.paper, stroke: colour };
  return svg('path', { class: 'marker', d, ...paint, 'stroke-width': isFilled ? 1 : 2 });
}
