/**
 * SVG → PNG. Text needs a font, and a server may have none: it is drawn in DejaVu Sans out of a package, with no look
 * at what is installed, so that a picture has the same bits everywhere.
 */

import { describe, GmmError } from '../errors.js';
import { findOptionalFile, loadOptional, type Need } from '../optional-packages.js';
import { checkObject } from './checks.js';

/** How large the picture is to be; `width` goes before `scale`. */
export interface PngOptions {
  /** Pixels of the PNG per pixel of the SVG; default 2, sharp on most screens. */
  scale?: number | undefined;
  /** Width of the PNG in pixels. */
  width?: number | undefined;
}

/** Most pixels to a side: four bytes a pixel, and few viewers open more. */
const MAX_PIXELS = 16_384;
const PNG: Need = { purpose: 'drawing a PNG', packages: ['@resvg/resvg-js', 'dejavu-fonts-ttf'] };
const FONT_FILES = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];

/**
 * Draws an SVG document as a PNG file. Its text is in DejaVu Sans, which has the Latin, Greek, Cyrillic and a few more
 * scripts; letters of others are boxes.
 *
 * @param svg - a picture, e.g. from `pictureSvg`
 * @param options - its size
 * @returns the bytes of the file
 * @throws GmmError `MISSING_DEPENDENCY` without @resvg/resvg-js and dejavu-fonts-ttf; `INVALID_OPTION` for a size out
 *   of range; `INVALID_DATA` for text that is no SVG
 * @example
 * ```ts
 * await writeFile('faithful.png', await svgToPng(svg));
 * ```
 */
export async function svgToPng(svg: string, options: PngOptions = {}): Promise<Uint8Array> {
  if (typeof svg !== 'string') {
    throw new GmmError(
      'INVALID_DATA',
      `"svg" must be a text, got ${describe(svg)}; pass what pictureSvg returns`,
    );
  }
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
  const { Resvg } = await loadOptional<typeof import('@resvg/resvg-js')>('@resvg/resvg-js', PNG);
  const fontFiles = FONT_FILES.map((file) => findOptionalFile(`dejavu-fonts-ttf/ttf/${file}`, PNG));
  const font = { loadSystemFonts: false, fontFiles, defaultFontFamily: 'DejaVu Sans' };
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
      `"svg" is no picture that can be drawn: ${(cause as Error).message}; pass what pictureSvg returns`,
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
