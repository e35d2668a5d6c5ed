/** The table of the fringe: headings sort it, and the arrow keys go from row to row. */

import { judgeRow } from '../src/report/chart/certainty.js';
import type { PageData } from '../src/report/page/page-data.js';
import { create, find } from './elements.js';
import type { RowsView } from './rows-view.js';

export function startFringeTable(data: PageData, rowsView: RowsView): void {
  const table = find<HTMLTableElement>('#fringe-table');
  if (!table) return;
  const body = table.tBodies[0];
  const help = find<HTMLElement>('#fringe-help');
  if (help) help.hidden = false;

  const heads = [...table.querySelectorAll<HTMLElement>('th[data-key]')];
  for (const head of heads) {
    const button = create('button', '', ...(head.childNodes as unknown as Element[])) as HTMLButtonElement;
    button.type = 'button';
    head.append(button);
    button.addEventListener('click', () => {
      const isRising = head.getAttribute('aria-sort') !== 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', isRising ? 'ascending' : 'descending');
      sortRows(body, createKey(data, head.dataset.key as string), isRising ? 1 : -1);
    });
  }

  for (const [i, row] of [...body.rows].entries()) {
    const cell = row.cells[0];
    const button = create('button', '', ...(cell.childNodes as unknown as Element[])) as HTMLButtonElement;
    button.type = 'button';
    button.tabIndex = i === 0 ? 0 : -1;
    cell.append(button);
  }
  const choose = (row: HTMLTableRowElement) => {
    for (const other of body.rows) {
      other.classList.toggle('chosen', other === row);
      (other.cells[0].firstElementChild as HTMLElement).tabIndex = other === row ? 0 : -1;
    }
    rowsView.select(pointOf(row));
  };
  body.addEventListener('click', (event) => {
    const row = (event.target as Element).closest('tr');
    if (row) choose(row);
  });
  body.addEventListener('keydown', (event) => {
    const rows = [...body.rows];
    const at = rows.indexOf((event.target as Element).closest('tr') as HTMLTableRowElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (next === undefined || !rows[next]) return;
    event.preventDefault();
    choose(rows[next]);
    (rows[next].cells[0].firstElementChild as HTMLElement).focus();
  });
}

function pointOf(row: HTMLTableRowElement): number {
  return Number(row.dataset.point);
}

function sortRows(body: HTMLTableSectionElement, key: (point: number) => number, sign: number): void {
  const rows = [...body.rows].map((row) => ({ row, value: key(pointOf(row)) }));
  rows.sort((a, b) => sign * (a.value - b.value));
  body.append(...rows.map(({ row }) => row));
}

/** @returns the number to sort by: the number itself, not its rounded text in a cell */
function createKey(data: PageData, name: string): (point: number) => number {
  const k = data.weights.length;
  const d = data.columns.length;
  const ranked = (point: number) => {
    const { label, second, first, other } = judgeRow(data.probabilities, point, k, data.hasNoise);
    return { label, other: second ?? label, first, second: other };
  };
  switch (name) {
    case 'row':
      return (point) => data.rows[point];
    case 'margin':
      return (point) => data.margins[point];
    case 'label':
    case 'other':
    case 'first':
    case 'second':
      return (point) => ranked(point)[name];
    default: {
      const column = Number(name.replace('value-', ''));
      return (point) => data.values[point * d + column];
    }
  }
}
