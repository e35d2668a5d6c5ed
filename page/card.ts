/** The card of a row: its values, and the probability of every component. */

import { NOISE_LABEL } from '../src/report/chart/certainty.js';
import { formatNumber, formatProbability } from '../src/report/page/numbers.js';
import type { PageData } from '../src/report/page/page-data.js';
import { create } from './elements.js';

/** Most lines of a card: with more, the page would jump. */
const MOST_VALUES = 8;
const MOST_PROBABILITIES = 8;

export function fillCard(card: HTMLElement, data: PageData, point: number): void {
  const d = data.columns.length;
  const k = data.weights.length;
  const values = data.columns
    .slice(0, MOST_VALUES)
    .map((name, a) =>
      create('div', '', create('dt', '', name), create('dd', '', formatNumber(data.values[point * d + a]))),
    );
  if (d > MOST_VALUES) values.push(create('div', 'soft', `and ${d - MOST_VALUES} more columns`));

  const components = Array.from({ length: k }, (_, j) => ({ j, p: data.probabilities[point * k + j] }));
  const ofNoise = components.reduce((rest, { p }) => rest - p, 1);
  const noise = data.hasNoise ? [{ j: NOISE_LABEL, p: Math.max(0, ofNoise) }] : [];
  const probabilities = [...components, ...noise].sort((a, b) => b.p - a.p || a.j - b.j);
  const bars = probabilities.slice(0, MOST_PROBABILITIES).map(({ j, p }) => probabilityLine(j, p));
  const rest = probabilities.slice(MOST_PROBABILITIES);
  if (rest.length > 0) {
    const sum = rest.reduce((total, { p }) => total + p, 0);
    bars.push(create('div', 'soft', `${rest.length} others: ${formatProbability(sum)}`));
  }
  card.replaceChildren(
    create('h3', '', `Row ${data.rows[point]}`),
    create('dl', 'values', ...values),
    create('h4', '', 'Probabilities'),
    create('div', 'probabilities', ...bars),
  );
}

function probabilityLine(j: number, p: number): HTMLElement {
  const bar = create('span', `bar c${j}`);
  bar.style.width = `${100 * p}%`;
  const line = create(
    'div',
    'probability',
    create('span', 'name', create('span', `swatch c${j}`), j === NOISE_LABEL ? 'noise' : String(j)),
    create('span', 'track', bar),
    create('span', 'value', formatProbability(p)),
  );
  line.dataset.component = String(j);
  line.dataset.probability = String(p);
  return line;
}
