/** Small mixtures to draw, and readers for the drawn documents. */

import { Window } from 'happy-dom';
import type { ScatterInput } from '../../src/report/picture/input.js';
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

/** An element of a parsed document. */
export type Drawn = ReturnType<typeof parseHtml>['body'];

const { DOMParser } = new Window();

/** Parses a page as a browser does, without running its scripts. */
export function parseHtml(text: string) {
  return new DOMParser().parseFromString(text, 'text/html');
}

/** All elements of a selector, in an array. */
export function all(root: Pick<Drawn, 'querySelectorAll'>, selector: string): Drawn[] {
  return [...root.querySelectorAll(selector)] as unknown as Drawn[];
}

/** The parsed document, after a strict check of its markup: the parser forgives too much. */
export function parseSvg(svg: string): Drawn {
  checkWellFormed(svg);
  return new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement as unknown as Drawn;
}

/** Checks that every `<` begins a plain tag, every `&` an entity, and that tags nest. */
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

/** Dots with their places, opacity and colour. A path can hold several. */
export function plotDots(root: Drawn): { x: number; y: number; opacity: number; colour: string }[] {
  return all(root, '.dots path').flatMap((path) => {
    const group = path.parentElement as unknown as Drawn;
    const opacity = Number(group.getAttribute('stroke-opacity'));
    const colour = group.getAttribute('stroke') as string;
    const places = (path.getAttribute('d') as string).matchAll(/M([-\d.]+),([-\d.]+)h/g);
    return Array.from(places, ([, x, y]) => ({ x: Number(x), y: Number(y), opacity, colour }));
  });
}

/** Middles of the rings around rows on the fringe. */
export function plotRings(root: Drawn): { x: number; y: number }[] {
  return all(root, '.rings').flatMap((path) => {
    const rings = (path.getAttribute('d') as string).matchAll(/M([-\d.]+),([-\d.]+)a([\d.]+)/g);
    return Array.from(rings, ([, left, y, r]) => ({ x: Number(left) + Number(r), y: Number(y) }));
  });
}

/** The ellipses of the components: those of the legend are elsewhere. */
export function plotEllipses(root: Drawn): Drawn[] {
  return all(root, '.ellipses ellipse');
}

/** Labels of an axis with their places along it, in pixels. */
export function tickLabels(root: Drawn, axis: 'x' | 'y'): { text: string; value: number; at: number }[] {
  return all(root, `.${axis}-axis text`).map((label) => {
    const text = label.textContent ?? '';
    return { text, value: Number(text.replace('−', '-')), at: Number(label.getAttribute(axis)) };
  });
}

/** Pixels per unit of an axis, from its first and its last label. */
export function pixelsPerUnit(root: Drawn, axis: 'x' | 'y'): number {
  const labels = tickLabels(root, axis);
  const [first, last] = [labels[0], labels[labels.length - 1]];
  return Math.abs((last.at - first.at) / (last.value - first.value));
}

export function texts(root: Drawn): string[] {
  return all(root, 'text').map((text) => text.textContent ?? '');
}
