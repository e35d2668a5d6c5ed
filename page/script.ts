/** The script of a report: it makes the chart of the rows and the table of the fringe interactive. */

import type { PageData } from '../src/report/page/page-data.js';
import { find } from './elements.js';
import { startFringeTable } from './fringe-table.js';
import { RowsView } from './rows-view.js';

const data = JSON.parse(find('#data')?.textContent as string) as PageData;
startFringeTable(data, new RowsView(data));

// The Tab key stops only at frames that hide a part of their table.
const frames = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.setAttribute('tabindex', '0');
    else target.removeAttribute('tabindex');
  }
});
for (const frame of document.querySelectorAll('.frame')) frames.observe(frame);

// Details cannot be opened on paper, so they are opened before printing.
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('details')) details.open = true;
});
