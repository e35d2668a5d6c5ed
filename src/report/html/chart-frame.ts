/** Axes of a chart: a faint grid, numbers below and to the left, the columns' names. */

import { createAxis } from '../ticks.js';
import { px, type SvgNode, svg } from './svg-node.js';

/** A chart but for what is in it. */
export interface FrameInput {
  /** Pixels. */
  width: number;
  /** Pixels. */
  height: number;
  xDomain: [number, number];
  yDomain: [number, number];
  xLabel: string;
  yLabel: string;
}

/** Axes, and where values stand between them. */
export interface Frame {
  nodes: SvgNode[];
  /** Value → pixels from the left. */
  toX: (value: number) => number;
  /** Value → pixels from the top. */
  toY: (value: number) => number;
}

const TOP = 30;
const RIGHT = 14;
const BOTTOM = 46;
/** Pixels of a letter of the axes' font, rounded up. */
const LETTER = 7;

export function createFrame({ width, height, xDomain, yDomain, xLabel, yLabel }: FrameInput): Frame {
  const bottom = height - BOTTOM;
  const yAxis = createAxis(yDomain, Math.max(2, (bottom - TOP) / 50));
  const left = 14 + LETTER * Math.max(...yAxis.labels.map((label) => label.length));
  const right = width - RIGHT;
  const room = right - left;
  let xAxis = createAxis(xDomain, Math.max(2, room / 80));
  const widest = LETTER * Math.max(...xAxis.labels.map((label) => label.length)) + 14;
  if (widest > 80) xAxis = createAxis(xDomain, Math.max(2, room / widest));

  const toX = (value: number) => left + ((value - xDomain[0]) / (xDomain[1] - xDomain[0])) * room;
  const toY = (value: number) => bottom - ((value - yDomain[0]) / (yDomain[1] - yDomain[0])) * (bottom - TOP);
  const path = (d: string[]) => svg('path', { class: 'grid', d: d.join('') });
  const text = (x: number, y: number, anchor: string, content: string, name: string) =>
    svg('text', { x: px(x), y: px(y), 'text-anchor': anchor, class: name }, [content]);
  return {
    toX,
    toY,
    nodes: [
      path([
        ...xAxis.ticks.map((tick) => `M${px(toX(tick))} ${TOP}V${px(bottom)}`),
        ...yAxis.ticks.map((tick) => `M${px(left)} ${px(toY(tick))}H${px(right)}`),
      ]),
      svg(
        'g',
        { class: 'x-axis' },
        xAxis.ticks.map((tick, i) => text(toX(tick), bottom + 18, 'middle', xAxis.labels[i], 'tick')),
      ),
      svg(
        'g',
        { class: 'y-axis' },
        yAxis.ticks.map((tick, i) => text(left - 8, toY(tick) + 4, 'end', yAxis.labels[i], 'tick')),
      ),
      text(left + room / 2, bottom + 40, 'middle', fit(xLabel, room), 'x-label'),
      text(2, 16, 'start', fit(yLabel, width), 'y-label'),
    ],
  };
}

/** As much of the text as the room holds. */
function fit(text: string, room: number): string {
  const letters = Array.from(text);
  const most = Math.max(4, Math.floor(room / (LETTER + 1)));
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : text;
}
