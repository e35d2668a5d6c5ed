/**
 * SVG → PNG. Text needs a font, and a server may have none. All text is drawn in DejaVu Sans, which comes with the package;
 * fonts of the machine are not used. A picture therefore has the same bits everywhere.
 */

import { describe, GmmError } from '../../errors.js';
import { findFonts, loadOptional, type Need } from '../../optional-packages.js';
import { checkObject } from './checks.js';

/** Size of a PNG. If there are both, `width` counts. */
export interface PngOptions {
  /** Pixels of the PNG per pixel of the SVG; default 2, sharp on most screens. */
  scale?: number | undefined;
  /** Width of the PNG in pixels. */
  width?: number | undefined;
}

/** Most pixels of a side: each takes four bytes, and few viewers open larger pictures. */
const MAX_PIXELS = 16_384;
const PNG: Need = { purpose: 'drawing a PNG', packages: ['@resvg/resvg-js'] };
const FONTS = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];

/**
 * Draws an SVG document as a PNG file. Its text is in DejaVu Sans, which covers Latin, Greek, Cyrillic and a few other
 * scripts; letters of other scripts become boxes.
 *
 * @param svg - a picture, e.g. from `pictureSvg`
 * @param options - its size
 * @returns the bytes of the file
 * @throws GmmError `MISSING_DEPENDENCY` without @resvg/resvg-js or without the fonts; `INVALID_OPTION` for a size out of
 *   range; `INVALID_DATA` for text that is not SVG
 * @example
 * ```ts
 * await writeFile('faithful.png', await svgToPng(svg));
 * ```
 */
export async function svgToPng(svg: string, options: PngOptions = {}): Promise<Uint8Array> {
  if (typeof svg !== 'string') {
    throw new GmmError(
      'INVALID_DATA',
      `"svg" must be a string, got ${describe(svg)}; pass what pictureSvg returns`,
    );
  }
  const { width, scale } = resolveSize(options);
  const { Resvg } = await loadOptional<typeof import('@resvg/resvg-js')>('@resvg/resvg-js', PNG);
  const font = {
    loadSystemFonts: false,
    fontFiles: findFonts(FONTS, PNG),
    defaultFontFamily: 'DejaVu Sans',
  };
  const fitTo =
    width === undefined
      ? ({ mode: 'zoom', value: scale } as const)
      : ({ mode: 'width', value: width } as const);
  let picture: InstanceType<typeof Resvg>;
  try {
    picture = new Resvg(svg, { font, fitTo });
  } catch (cause) {
    throw new GmmError(
      'INVALID_DATA',
      `"svg" cannot be drawn: ${(cause as Error).message}; pass what pictureSvg returns`,
      { cause },
    );
  }
  const factor = width === undefined ? scale : width / picture.width;
  if (factor * Math.max(picture.width, picture.height) > MAX_PIXELS) {
    throw new GmmError(
      'INVALID_OPTION',
      `a PNG may have ${MAX_PIXELS} pixels to a side, but ${picture.width} x ${picture.height} times ${factor} ` +
        'has more; choose a smaller "scale" or "width"',
    );
  }
  return picture.render().asPng();
}

/** @throws GmmError `INVALID_OPTION` */
function resolveSize(options: PngOptions): { width: number | undefined; scale: number } {
  checkObject('options', options as unknown);
  const { width, scale = 2 } = options;
  if (width !== undefined && !(Number.isInteger(width) && width >= 1 && width <= MAX_PIXELS)) {
    throw new GmmError(
      'INVALID_OPTION',
      `"width" must be a whole number from 1 to ${MAX_PIXELS}, got ${describe(width)}`,
    );
  }
  if (!(typeof scale === 'number' && scale > 0 && scale <= 100)) {
    throw new GmmError('INVALID_OPTION', `"scale" must be above 0 and at most 100, got ${describe(scale)}`);
  }
  return { width, scale };
}
