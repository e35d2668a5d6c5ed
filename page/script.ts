/** The script of a report: makes the chart of the rows and the table of the fringe answer. */

import type { PageData } from '../src/report/html/page-data.js';
import { find } from './elements.js';
import { startFringeTable } from './fringe-table.js';
import { startRowsView } from './rows-view.js';

const data = JSON.parse(find('#data')?.textContent as string) as PageData;
startFringeTable(data, startRowsView(data));

// A table that is seen whole is no stop on the way through the page.
const frames = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.setAttribute('tabindex', '0');
    else target.removeAttribute('tabindex');
  }
});
for (const frame of document.querySelectorAll('.frame')) frames.observe(frame);

// Paper has no buttons: what is folded is opened for it.
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('details')) details.open = true;
});
