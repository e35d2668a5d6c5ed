/** What the chart of the rows shows, and what it is drawn from. */

import type { Area } from '../chart/area.js';
import type { SvgNode } from '../chart/svg-node.js';

/** The reader's choices, and the size of the chart. */
export interface View {
  /** Column to the right. */
  x: number;
  /** Column upwards; not used if there is only one column. */
  y: number;
  /** Rows whose two largest probabilities differ by less are on the fringe. */
  margin: number;
  onlyFringe: boolean;
  /** Pixels. */
  width: number;
  /** Pixels. */
  height: number;
}

/** A chart without its rows. */
export interface Layers {
  area: Area;
  /** Marks behind the rows. */
  behind: SvgNode[];
  /** Marks before the rows. */
  before: SvgNode[];
  /** Value of the i-th drawn row on the axis to the right. */
  rightOf(i: number): number;
  /** Value of the i-th drawn row on the axis upwards. */
  heightOf(i: number): number;
}
