/** The section on the rows: their chart, and controls for the page's script. */

import { type Html, html, nameOf } from './html.js';
import type { PageData } from './page-data.js';
import type { ReportInput } from './report-input.js';
import { type Chart, chartFigure, section } from './section.js';

/** @param shown - the line below the chart */
export function writeRows(input: ReportInput, { x, y }: PageData, draw: Chart, shown: string): Html {
  const { columns, chosen, summary, parameters } = input;
  const several = columns.length > 1;
  const isSample = chosen.drawn.length < summary.nSamples;
  const legend = several
    ? `Colour shows the likeliest component, paler where it is less certain; a ring marks a row on the fringe. The ellipses hold
50 % (solid) and 95 % (dashed) of a component; a cross with its number marks its mean.`
    : `Bars show all rows, lines the components, and the dashed line their sum. Below, every dot is a row; its height has no
meaning. Colour shows the likeliest component, paler where it is less certain; a ring marks a row on the fringe.`;
  const sample =
    ' The chart draws a sample of the rows, denser on the fringe than elsewhere; all numbers count all rows.';
  return section(
    'rows',
    'Rows and components',
    html`<div id="controls" class="controls" hidden>
${several && columnChoices(columns, x, y)}${parameters.nComponents > 1 && fringeControls(input.fringeMargin)}</div>
<div class="explore"><div id="chart" class="chart">${chartFigure('rows', draw)}</div>
<div id="card" class="card" hidden aria-live="polite"></div></div>
<p id="shown" class="note" role="status">${shown}</p>
<p class="note">${legend}${isSample && sample}</p>
`,
  );
}

function columnChoices(columns: readonly string[], x: number, y: number): Html {
  const choice = (id: string, label: string, selected: number) => {
    const options = columns.map(
      (name, a) => html`<option value="${a}"${a === selected && html` selected`}>${nameOf(name)}</option>`,
    );
    return html`<label for="${id}">${label}<select id="${id}" autocomplete="off">${options}</select></label>\n`;
  };
  return html`${choice('x-column', 'To the right', x)}${choice('y-column', 'Upwards', y)}`;
}

function fringeControls(margin: number): Html {
  return html`<label for="margin" class="slider"><span>Fringe: margin below <output id="margin-value" for="margin">${margin}</output></span>
<input id="margin" type="range" min="0" max="1" step="0.01" value="${margin}" autocomplete="off"></label>
<label for="only-fringe" class="check"><input id="only-fringe" type="checkbox" autocomplete="off">Only the fringe</label>
`;
}
