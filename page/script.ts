/** The script of a report: makes the chart of the rows and the table of the fringe answer. */

import type { PageData } from '../src/report/html/page-data.js';
import { find } from './elements.js';
import { startFringeTable } from './fringe-table.js';
import { startRowsView } from './rows-view.js';

const data = JSON.parse(find('#data')?.textContent as string) as PageData;
startFringeTable(data, startRowsView(data));

// Paper has no buttons: what is folded is opened for it.
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('details')) details.open = true;
});
