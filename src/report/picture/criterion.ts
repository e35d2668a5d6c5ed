/** The criterion of all cells of a sweep as a picture. */

import { describe, GmmError } from '../../errors.js';
import type { Criterion } from '../../types.js';
import { describeCriterion, drawCriterion } from '../chart/criterion-chart.js';
import { PICTURE_LOOK } from '../chart/look.js';
import { createSweep, type SweepInput } from '../sweep/sweep.js';
import { checkCount, checkObject, checkText, checkType } from './checks.js';
import { writeDocument } from './document.js';
import { resolvePixels } from './input.js';

/** A sweep to draw. */
export interface CriterionInput extends SweepInput {
  /** Heading; default: `Choice of the model by BIC`. */
  title?: string | undefined;
  /** Line below the heading; default: the models that were tried. */
  subtitle?: string | undefined;
  /** Pixels, 240 to 16,384; default 720. */
  width?: number | undefined;
  /** Pixels, 240 to 16,384; default 440. */
  height?: number | undefined;
}

const CRITERIA: readonly Criterion[] = ['bic', 'aic', 'icl'];

/**
 * Draws the criterion of all cells of a sweep.
 *
 * @param input - the cells, the criterion, and the chosen cell
 * @returns a self-contained SVG document
 * @throws GmmError `INVALID_OPTION` for cells that cannot be drawn, and for a chosen cell that is not in the sweep or has no
 *   value
 * @example
 * ```ts
 * const { best, fits, criterion } = await selectModel(data, { nComponents: [1, 2, 3, 4] });
 * const svg = await criterionSvg({ fits, criterion, best: best.model });
 * ```
 */
export async function criterionSvg(input: CriterionInput): Promise<string> {
  checkSweep(input);
  const width = resolvePixels('width', input.width, 720);
  const height = resolvePixels('height', input.height, 440);
  const sweep = createSweep(input);
  const {
    title = `Choice of the model by ${sweep.name}`,
    subtitle = `${sweep.tried}; lower is better${sweep.edge}`,
  } = input;
  const description = describeCriterion(sweep);
  return writeDocument(
    { title, description, width, height },
    drawCriterion(PICTURE_LOOK, { sweep, title, subtitle, width, height }),
  );
}

/** @throws GmmError `INVALID_OPTION` */
function checkSweep(input: unknown): asserts input is CriterionInput {
  checkObject('input', input);
  const { fits, criterion, best } = input;
  if (!CRITERIA.includes(criterion as Criterion)) {
    throw new GmmError('INVALID_OPTION', `"criterion" must be bic, aic or icl, got ${describe(criterion)}`);
  }
  if (!Array.isArray(fits) || fits.length === 0) {
    throw new GmmError('INVALID_OPTION', `"fits" must be the cells of a sweep, got ${describe(fits)}`);
  }
  for (let i = 0; i < fits.length; i++) {
    const cell: unknown = fits[i];
    checkObject(`fits[${i}]`, cell);
    checkCount(`fits[${i}].nComponents`, cell.nComponents);
    checkType(`fits[${i}].covarianceType`, cell.covarianceType);
    const value = cell[criterion as Criterion];
    if (value === undefined || value === null || typeof value === 'number') continue;
    throw new GmmError(
      'INVALID_OPTION',
      `"fits[${i}].${criterion}" must be a number, got ${describe(value)}`,
    );
  }
  checkObject('best', best);
  checkText('title', input.title);
  checkText('subtitle', input.subtitle);
}
