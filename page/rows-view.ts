/** The chart of the rows on the page. */

import { dotPath } from '../src/report/chart/dots.js';
import { svg } from '../src/report/chart/svg-node.js';
import type { PageData } from '../src/report/page/page-data.js';
import { drawRows, type RowsChart } from '../src/report/page/rows-chart.js';
import { describeShown } from '../src/report/page/shown-text.js';
import type { View } from '../src/report/page/view.js';
import { fillCard } from './card.js';
import { connectControls } from './controls.js';
import { createSvg, find } from './elements.js';

/** Pixels within which a point counts as pointed at. */
const REACH = 24;
const MIN_WIDTH = 280;

/** The chart of the rows, and the card of the row that is selected. */
export class RowsView {
  private readonly data: PageData;
  private readonly view: View;
  private readonly holder = find<HTMLElement>('#chart') as HTMLElement;
  private readonly shown = find<HTMLElement>('#shown') as HTMLElement;
  private readonly card = find<HTMLElement>('#card') as HTMLElement;
  private chart: RowsChart;
  private root: Element;
  private selected: number | undefined;

  constructor(data: PageData) {
    this.data = data;
    // The card takes room from the chart, so it is shown before the chart is measured.
    this.card.hidden = false;
    this.card.textContent =
      'Point at a row to see its probabilities, or choose the chart and use the arrow keys.';
    this.view = {
      ...{ x: data.x, y: data.y, margin: data.fringeMargin, onlyFringe: false },
      ...sizeFor(this.holder),
    };
    this.chart = drawRows(data, this.view);
    this.root = createSvg(this.chart.root);
    this.show();
    new ResizeObserver(() => this.resize()).observe(this.holder);
    connectControls(this.view, () => this.draw());
    this.listen();
  }

  /** Marks a drawn row and fills its card; `undefined` removes the mark. */
  select(point: number | undefined): void {
    if (point === this.selected) return;
    this.selected = point;
    this.mark();
    if (point !== undefined) fillCard(this.card, this.data, point);
  }

  private draw(): void {
    this.chart = drawRows(this.data, this.view);
    this.root = createSvg(this.chart.root);
    this.show();
  }

  private show(): void {
    this.holder.replaceChildren(this.root);
    this.mark();
    this.shown.textContent = describeShown(this.data, this.view, this.chart.shown.length);
  }

  private mark(): void {
    this.root.querySelector('.selected')?.remove();
    if (this.selected === undefined) return;
    const d = dotPath(this.chart.xs[this.selected], this.chart.ys[this.selected]);
    const marks = ['selected-ring', 'selected-dot'].map((name) => svg('path', { class: name, d }));
    const label = this.data.labels[this.selected];
    this.root.append(createSvg(svg('g', { class: `selected c${label}` }, marks)));
  }

  private resize(): void {
    const size = sizeFor(this.holder);
    if (size.width === this.view.width) return;
    Object.assign(this.view, size);
    this.draw();
  }

  private listen(): void {
    const holder = this.holder;
    // The chart reacts to keys, so its role is not that of a picture.
    holder.tabIndex = 0;
    holder.setAttribute('role', 'application');
    holder.setAttribute('aria-label', 'Chart of the rows; left and right go from row to row, Escape leaves');
    holder.setAttribute('aria-describedby', 'card');
    holder.addEventListener('pointermove', (event) => {
      const point = nearest(this.chart, this.root, event);
      if (point !== undefined) this.select(point);
    });
    holder.addEventListener('pointerdown', (event) => this.select(nearest(this.chart, this.root, event)));
    holder.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (event.key === 'Escape') this.select(undefined);
      if (step === undefined || this.chart.shown.length === 0) return;
      event.preventDefault();
      this.select(neighbour(this.chart, this.selected, step));
    });
  }
}

/** @returns the size of the chart in its place on the page */
function sizeFor(holder: HTMLElement): Pick<View, 'width' | 'height'> {
  const width = Math.max(MIN_WIDTH, Math.round(holder.clientWidth));
  return { width, height: Math.round(Math.min(520, Math.max(320, width * 0.72))) };
}

/** @returns the shown row nearest to the pointer, if one is near */
function nearest({ shown, xs, ys }: RowsChart, root: Element, event: PointerEvent): number | undefined {
  const box = root.getBoundingClientRect();
  const x = event.clientX - box.left;
  const y = event.clientY - box.top;
  let best: number | undefined;
  let least = REACH * REACH;
  for (const i of shown) {
    const distance = (xs[i] - x) ** 2 + (ys[i] - y) ** 2;
    if (distance < least) {
      least = distance;
      best = i;
    }
  }
  return best;
}

/** @returns the shown row to the right or to the left of the selected row; the first or the last if none is selected */
function neighbour({ shown, xs, ys }: RowsChart, selected: number | undefined, step: number): number {
  const order = [...shown].sort((a, b) => xs[a] - xs[b] || ys[a] - ys[b] || a - b);
  const at = selected === undefined ? -1 : order.indexOf(selected);
  if (at < 0) return step > 0 ? order[0] : order[order.length - 1];
  return order[Math.min(order.length - 1, Math.max(0, at + step))];
}
