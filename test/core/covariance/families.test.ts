import { describe, expect, it } from 'vitest';
import { triangleLength } from '../../../src/core/cholesky.js';
import {
  COVARIANCE_TYPES,
  type CovarianceType,
  containsType,
  countParameters,
  distinctTypes,
  familyOf,
  formOf,
} from '../../../src/core/covariance/families.js';
import { covarianceLength } from '../../../src/core/covariance/form.js';

describe('countParameters', () => {
  // As mclust counts them (reference README).
  it.each([
    ['full', 1, 2, 5],
    ['tied', 1, 2, 5],
    ['full', 2, 2, 11],
    ['tied', 2, 2, 8],
    ['diag', 2, 2, 9],
    ['spherical', 2, 2, 7],
    ['tied', 3, 2, 11],
    ['diag', 3, 2, 14],
    ['full', 3, 4, 44],
    ['tied', 3, 4, 24],
    ['diag', 3, 4, 26],
    ['spherical', 3, 4, 17],
  ] as [CovarianceType, number, number, number][])('%s, k = %i, d = %i: %i', (type, k, d, count) => {
    expect(countParameters(type, k, d)).toBe(count);
    expect(countParameters(type, k, d, true)).toBe(count - (k - 1));
  });
});

describe('the forms of the families', () => {
  it('hold the numbers of k = 3 components in d = 4 dimensions', () => {
    const forms = COVARIANCE_TYPES.map(formOf);
    expect(forms.map((form) => covarianceLength(form, 3, 4))).toEqual([48, 16, 12, 3]);
    expect(forms.map((form) => form.scatterSize(4))).toEqual([10, 0, 4, 1]);
    expect(forms.map((form) => form.factorSize(4))).toEqual([10, 10, 4, 1]);
    expect(forms.map((form) => form.kernelId)).toEqual([0, 1, 2, 3]);
    expect([1, 2, 3, 4].map(triangleLength)).toEqual([1, 3, 6, 10]);
  });
});

describe('families', () => {
  it('have streams and kernels that do not depend on the order of the list', () => {
    const streams = { full: 0, tied: 1, diag: 2, spherical: 3 };
    for (const type of COVARIANCE_TYPES) expect(familyOf(type).stream).toBe(streams[type]);
  });

  // Volume, shape and orientation each at least as free.
  it('contain those that are special cases of them', () => {
    const contained = COVARIANCE_TYPES.map((type) =>
      COVARIANCE_TYPES.filter((other) => containsType(type, other)),
    );
    expect(contained).toEqual([['tied', 'diag', 'spherical'], [], ['spherical'], []]);
  });

  it('differ only in volume with one column', () => {
    expect(distinctTypes(COVARIANCE_TYPES, 1)).toEqual(['full', 'tied']);
    expect(distinctTypes(['spherical', 'diag'], 1)).toEqual(['full']);
    expect(distinctTypes(['spherical', 'diag'], 2)).toEqual(['spherical', 'diag']);
  });
});
