/** Tables for phones, where they scroll in frames of their own, and for paper, where they are never too wide. */

import { type Html, type HtmlValue, html } from './html.js';

/** Most columns of numbers in a table, as a printed page holds; further columns go into a table below. */
const MOST_COLUMNS = 6;

/** @param name - of the table, read to readers who reach it with the keyboard */
export function tableFrame(name: HtmlValue, table: Html): Html {
  return html`<div class="frame" tabindex="0" role="region" aria-label="${name}">${table}</div>`;
}

/** Numbers with names for rows and columns, e.g. the means. */
export interface NumberTable {
  caption: string;
  /** Heading of the row names. */
  corner: string;
  rowNames: readonly HtmlValue[];
  columnNames: readonly HtmlValue[];
  /** Columns of cells, each with one cell per row. */
  cells: readonly (readonly HtmlValue[])[];
}

/** @returns one table, or several with the same rows */
export function numberTables({ caption, corner, rowNames, columnNames, cells }: NumberTable): Html {
  const tables: Html[] = [];
  for (let first = 0; first < columnNames.length; first += MOST_COLUMNS) {
    const last = Math.min(columnNames.length, first + MOST_COLUMNS);
    const part =
      columnNames.length > MOST_COLUMNS
        ? html` <span class="soft">(${first + 1}–${last} of ${columnNames.length})</span>`
        : '';
    const head = columnNames
      .slice(first, last)
      .map((name) => html`<th scope="col" class="number">${name}</th>`);
    const body = rowNames.map(
      (name, i) =>
        html`<tr><th scope="row">${name}</th>${cells
          .slice(first, last)
          .map((column) => html`<td class="number">${column[i]}</td>`)}</tr>\n`,
    );
    tables.push(
      tableFrame(
        caption,
        html`<table><caption>${caption}${part}</caption><thead><tr><th scope="col">${corner}</th>${head}</tr></thead><tbody>${body}</tbody></table>`,
      ),
    );
  }
  return html`${tables}`;
}
