/** The controls of the rows' chart: columns, margin, and whether to show only the fringe. */

import type { View } from '../src/report/page/view.js';
import { find } from './elements.js';

/**
 * @param view - in/out: changed by the controls
 * @param draw - draws the chart anew
 */
export function connectControls(view: View, draw: () => void): void {
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
