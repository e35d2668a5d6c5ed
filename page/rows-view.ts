/** The chart of the rows and its controls. */

import { dotPath } from '../src/report/chart/dots.js';
import { svg } from '../src/report/chart/svg-node.js';
import type { PageData } from '../src/report/page/page-data.js';
import { drawRows, type RowsChart } from '../src/report/page/rows-chart.js';
import { describeShown } from '../src/report/page/shown-text.js';
import type { View } from '../src/report/page/view.js';
import { fillCard } from './card.js';
import { createSvg, find } from './elements.js';

/** Pixels within which a point counts as pointed at. */
const REACH = 24;
const MIN_WIDTH = 280;

/** Lets other parts of the page select a row. */
export interface RowsView {
  /** Marks a drawn row and fills its card; `undefined` removes the mark. */
  select(point: number | undefined): void;
}

export function startRowsView(data: PageData): RowsView {
  const holder = find<HTMLElement>('#chart') as HTMLElement;
  const shown = find<HTMLElement>('#shown') as HTMLElement;
  const card = find<HTMLElement>('#card') as HTMLElement;
  const view: View = {
    ...{ x: data.x, y: data.y, margin: data.fringeMargin },
    ...{ onlyFringe: false, width: 0, height: 0 },
  };
  let chart: RowsChart;
  let root: Element;
  let selected: number | undefined;

  const mark = () => {
    root.querySelector('.selected')?.remove();
    if (selected === undefined) return;
    const [x, y] = [chart.xs[selected], chart.ys[selected]];
    root.append(
      createSvg(
        svg('g', { class: `selected c${data.labels[selected]}` }, [
          svg('path', { class: 'selected-ring', d: dotPath(x, y) }),
          svg('path', { class: 'selected-dot', d: dotPath(x, y) }),
        ]),
      ),
    );
  };
  const select = (point: number | undefined) => {
    if (point === selected) return;
    selected = point;
    mark();
    if (point !== undefined) fillCard(card, data, point);
  };
  const draw = () => {
    chart = drawRows(data, view);
    root = createSvg(chart.root);
    holder.replaceChildren(root);
    mark();
    shown.textContent = describeShown(data, view, chart.shown.length);
  };
  const resize = () => {
    const width = Math.max(MIN_WIDTH, Math.round(holder.clientWidth));
    if (width === view.width) return;
    view.width = width;
    view.height = Math.round(Math.min(520, Math.max(320, width * 0.72)));
    draw();
  };

  card.hidden = false;
  card.textContent = 'Point at a row to see its probabilities, or choose the chart and use the arrow keys.';
  // The chart reacts to keys, so its role is not that of a picture.
  holder.tabIndex = 0;
  holder.setAttribute('role', 'application');
  holder.setAttribute('aria-label', 'Chart of the rows; left and right go from row to row, Escape leaves');
  holder.setAttribute('aria-describedby', 'card');
  resize();
  new ResizeObserver(resize).observe(holder);
  connectControls(view, draw);

  holder.addEventListener('pointermove', (event) => {
    const point = nearest(chart, root, event);
    if (point !== undefined) select(point);
  });
  holder.addEventListener('pointerdown', (event) => select(nearest(chart, root, event)));
  holder.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === 'Escape') select(undefined);
    if (step === undefined || chart.shown.length === 0) return;
    event.preventDefault();
    select(neighbour(chart, selected, step));
  });
  return { select };
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

function connectControls(view: View, draw: () => void): void {
  const controls = find<HTMLElement>('#controls') as HTMLElement;
  controls.hidden = controls.childElementCount === 0;
  const columns = (['x', 'y'] as const).map((axis) => ({
    axis,
    select: find<HTMLSelectElement>(`#${axis}-column`),
  }));
  for (const { axis, select } of columns) {
    select?.addEventListener('change', () => {
      const before = view[axis];
      const other = axis === 'x' ? 'y' : 'x';
      view[axis] = Number(select.value);
      // A column against itself shows nothing, so the two change places.
      if (view[axis] === view[other]) view[other] = before;
      for (const column of columns) if (column.select) column.select.value = String(view[column.axis]);
      draw();
    });
  }
  const margin = find<HTMLInputElement>('#margin');
  margin?.addEventListener('input', () => {
    view.margin = Math.round(Number(margin.value) * 100) / 100;
    (find<HTMLOutputElement>('#margin-value') as HTMLOutputElement).value = String(view.margin);
    draw();
  });
  const onlyFringe = find<HTMLInputElement>('#only-fringe');
  onlyFringe?.addEventListener('change', () => {
    view.onlyFringe = onlyFringe.checked;
    draw();
  });
}
