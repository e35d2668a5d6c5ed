/** Wrong input for pictures: each error names the field. */

import { describe, expect, it } from 'vitest';
import { criterionSvg } from '../../../src/report/picture/criterion.js';
import { histogramSvg } from '../../../src/report/picture/histogram.js';
import { pictureSvg } from '../../../src/report/picture/picture.js';
import { svgToPng } from '../../../src/report/picture/png.js';
import { scatterSvg } from '../../../src/report/picture/scatter.js';
import { createInput } from '../samples.js';

const input = createInput(10, 4);
const { parameters } = input;
const cell = { nComponents: 1, covarianceType: 'full', status: 'converged', bic: 1, aic: 1, icl: 1 };
const sweep = { fits: [cell], criterion: 'bic', best: cell };

describe.each([
  ['pictureSvg', pictureSvg],
  ['scatterSvg', scatterSvg],
  ['histogramSvg', histogramSvg],
])('%s', (_, draw) => {
  const OPTION = 'INVALID_OPTION';
  const DATA = 'INVALID_DATA';
  it.each([
    [undefined, OPTION, '"input" must be an object, got undefined'],
    [{}, OPTION, '"parameters" must be an object, got undefined'],
    [
      { ...input, parameters: { ...parameters, covarianceType: 'round' } },
      OPTION,
      '"parameters.covarianceType" must be full, tied, diag, spherical, got "round"',
    ],
    [
      { ...input, parameters: { ...parameters, nComponents: 1e15 } },
      OPTION,
      '"parameters.weights" must have 1000000000000000 numbers, got 2',
    ],
    [
      { ...input, parameters: { ...parameters, means: [0, 1, 2, Number.NaN] } },
      OPTION,
      '"parameters.means[3]" must be a finite number, got NaN',
    ],
    [{ ...input, rows: 'rows' }, DATA, '"rows" must be an array of numbers, got "rows"'],
    [{ ...input, rows: new Array(4) }, DATA, '"rows[0]" must be a finite number, got undefined'],
    [
      { ...input, responsibilities: new Float64Array(20).fill(2) },
      DATA,
      '"responsibilities[0]" must be a number from 0 to 1, got 2',
    ],
    [{ ...input, columns: undefined }, OPTION, '"columns" must be an array of strings, got undefined'],
    [{ ...input, columns: ['a', 5] }, OPTION, '"columns[1]" must be a string, got 5'],
    [{ ...input, title: {} }, OPTION, '"title" must be a string, got an object'],
    [{ ...input, width: 1e9 }, OPTION, '"width" must be at most 16384, got 1000000000'],
  ])('refuses junk (%#)', async (junk, code, message) => {
    await expect(draw(junk as never)).rejects.toMatchObject({ name: 'GmmError', code, message });
  });
});

describe('criterionSvg', () => {
  it.each([
    [null, '"input" must be an object, got null'],
    [{ ...sweep, criterion: 'best' }, '"criterion" must be bic, aic or icl, got "best"'],
    [{ ...sweep, fits: [] }, '"fits" must be the cells of a sweep, got []'],
    [{ ...sweep, fits: [null] }, '"fits[0]" must be an object, got null'],
    [
      { ...sweep, fits: [{ ...cell, nComponents: 0 }] },
      '"fits[0].nComponents" must be a whole number >= 1, got 0',
    ],
    [{ ...sweep, fits: [{ ...cell, bic: '1' }] }, '"fits[0].bic" must be a number, got "1"'],
    [{ ...sweep, best: undefined }, '"best" must be an object, got undefined'],
    [{ ...sweep, height: 1e9 }, '"height" must be at most 16384, got 1000000000'],
  ])('refuses junk (%#)', async (junk, message) => {
    await expect(criterionSvg(junk as never)).rejects.toMatchObject({ code: 'INVALID_OPTION', message });
  });
});

describe('svgToPng', () => {
  it('refuses junk', async () => {
    await expect(svgToPng(5 as never)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: '"svg" must be a string, got 5; pass what pictureSvg returns',
    });
    await expect(svgToPng('<svg/>', null as never)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});
