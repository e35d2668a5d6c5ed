/** Tables that can be read on a phone (they scroll in a frame of their own) and printed (they are never too wide). */

import { type Html, type HtmlValue, html } from './html.js';

/** Columns of numbers side by side; further ones go into a table below. A printed page holds as many. */
const MOST_COLUMNS = 6;

/** @param name - what the frame holds, for those who come to it by keyboard */
export function tableFrame(name: HtmlValue, table: Html): Html {
  return html`<div class="frame" tabindex="0" role="region" aria-label="${name}">${table}</div>`;
}

/** Numbers with a name for every row and every column, e.g. the means. */
export interface NumberTable {
  caption: string;
  /** What the names of the rows are. */
  corner: string;
  rowNames: readonly HtmlValue[];
  columnNames: readonly HtmlValue[];
  /** By column: as many as there are rows. */
  cells: readonly (readonly HtmlValue[])[];
}

/** @returns a table, or several with the same rows */
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
