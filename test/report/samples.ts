/** Small mixtures to draw, and a reader for what was drawn. */

import { DOMParser } from 'linkedom';
import type { ScatterInput } from '../../src/report/input.js';
import type { CovarianceType, Parameters } from '../../src/types.js';

export function createParameters(
  covarianceType: CovarianceType,
  weights: number[],
  means: number[],
  covariances: number[],
): Parameters {
  return {
    covarianceType,
    nComponents: weights.length,
    nFeatures: means.length / weights.length,
    weights: Float64Array.from(weights),
    means: Float64Array.from(means),
    covariances: Float64Array.from(covariances),
  };
}

/** Two components at (0, 0) and (10, 10); every `fringeEvery`-th row lies between them with r = (0.6, 0.4). */
export function createInput(
  nSamples: number,
  fringeEvery: number,
  columns = ['length', 'width'],
): ScatterInput {
  const rows = new Float64Array(nSamples * 2);
  const responsibilities = new Float64Array(nSamples * 2);
  for (let i = 0; i < nSamples; i++) {
    const fringe = i % fringeEvery === fringeEvery - 1;
    const centre = fringe ? 5 : (i % 2) * 10;
    rows[2 * i] = centre + Math.sin(i);
    rows[2 * i + 1] = centre + Math.cos(i);
    const first = fringe ? 0.6 : 1 - (i % 2);
    responsibilities[2 * i] = first;
    responsibilities[2 * i + 1] = 1 - first;
  }
  const parameters = createParameters('spherical', [0.5, 0.5], [0, 0, 10, 10], [1, 2]);
  return { parameters, rows, responsibilities, columns };
}

export interface Drawn {
  localName: string;
  textContent: string;
  childNodes: Drawn[];
  parentNode: Drawn;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Drawn[];
  querySelector(selector: string): Drawn | null;
}

/** The parsed document, after a strict look at its markup: linkedom's parser forgives too much. */
export function parseSvg(svg: string): Drawn {
  checkWellFormed(svg);
  return new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement as unknown as Drawn;
}

/** Every `<` opens a tag of the plain form, every `&` an entity, and tags nest. */
function checkWellFormed(svg: string): void {
  const open: string[] = [];
  const tag = /<(\/?)([a-z]\w*)((?: [A-Za-z][\w-]*="(?:[^<&"]|&(?:amp|lt|gt|quot);)*")*)(\/?)>/y;
  const text = /(?:[^<&]|&(?:amp|lt|gt|quot);)+/y;
  let at = 0;
  while (at < svg.length) {
    tag.lastIndex = at;
    const found = tag.exec(svg);
    if (found === null) {
      text.lastIndex = at;
      const between = text.exec(svg);
      if (between === null) throw new Error(`not well-formed at ${at}: ${svg.slice(at, at + 80)}`);
      at = text.lastIndex;
      continue;
    }
    at = tag.lastIndex;
    if (found[1] === '/') {
      const opened = open.pop();
      if (opened !== found[2]) throw new Error(`</${found[2]}> closes <${opened}> at ${at}`);
    } else if (found[4] !== '/') open.push(found[2]);
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(', ')}`);
}

/** The circles of the plot itself: those of the legend lie in groups that are moved. */
export function plotCircles(root: Drawn): Drawn[] {
  return root
    .querySelectorAll('circle')
    .filter((circle) => circle.parentNode.getAttribute('aria-label') === 'dot');
}

export function texts(root: Drawn): string[] {
  return root.querySelectorAll('text').map((text) => text.textContent);
}
