import { describe, expect, it } from 'vitest';
import { resolveFitOptions, resolveSelectOptions, resolveSweep } from '../../src/fit/options.js';
import { resolveThreads } from '../../src/parallel/pools.js';
import type { FitOptions, SelectOptions } from '../../src/types.js';

const DEFAULTS = {
  nComponents: 3,
  covarianceType: 'full',
  init: 'mixed',
  nInit: 10,
  search: 'default',
  convergence: 'aitken',
  tol: 1e-6,
  maxIter: 1000,
  covarianceFloor: 1e-6,
  regCovar: 0,
  equalWeights: false,
  seed: 0,
};

const whole = (name: string, least: number) =>
  [least - 1, 2.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '3', null, [3]].map((value) => ({
    [name]: value,
    wanted: `a whole number >= ${least}`,
  }));
const number = (name: string) =>
  [-1, -1e-9, Number.NaN, Number.POSITIVE_INFINITY, '1e-6', null].map((value) => ({
    [name]: value,
    wanted: 'a finite number >= 0',
  }));
const other = (name: string, wanted: string, values: readonly unknown[]) =>
  values.map((value) => ({ [name]: value, wanted }));

/** How messages show a value. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `an array of length ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

const TYPES = "'full', 'tied', 'diag' or 'spherical'";
const INITS = "'mixed', 'kmeans', 'k-means++', 'random' or 'random-rows'";

/** The options of a fit with its settings among them, as a caller writes them. */
function resolveFlat(options: FitOptions) {
  const { settings, ...rest } = resolveFitOptions(options);
  return { ...rest, ...settings };
}

describe('resolveFitOptions', () => {
  it('has the documented defaults', () => {
    expect(resolveFlat({ nComponents: 3 })).toMatchObject(DEFAULTS);
    expect(resolveFlat({ nComponents: 3, convergence: 'change' }).tol).toBe(1e-6);
    expect(resolveFlat({ nComponents: 3, convergence: 'responsibilities' }).tol).toBe(1e-4);
  });

  it('takes an explicit undefined as the default', () => {
    const options: Record<string, unknown> = { nComponents: 3 };
    for (const name of [
      ...Object.keys(DEFAULTS).slice(1),
      'acceleration',
      'threads',
      'engine',
      'signal',
      'checkpoint',
      'onProgress',
    ]) {
      options[name] = undefined;
    }
    expect(resolveFitOptions(options as unknown as FitOptions)).toEqual(
      resolveFitOptions({ nComponents: 3 }),
    );
  });

  it('keeps what it is given, down to the least', () => {
    const given = {
      nComponents: 1,
      covarianceType: 'diag',
      init: 'random-rows',
      nInit: 1,
      search: 'none',
      convergence: 'responsibilities',
      tol: 0,
      maxIter: 0,
      covarianceFloor: 0,
      regCovar: 1e-6,
      equalWeights: true,
      seed: Number.MAX_SAFE_INTEGER,
    } as const;
    expect(resolveFlat(given)).toMatchObject(given);
  });

  it('has one start for explicit parameters', () => {
    const parameters = { weights: [1], means: [0], covariances: [1] };
    expect(resolveFitOptions({ nComponents: 1, init: parameters, nInit: 5 })).toMatchObject({
      init: { parameters },
      nInit: 1,
    });
  });

  const bad = [
    ...whole('nComponents', 1),
    ...other('nComponents', 'a whole number >= 1', [undefined]),
    ...whole('nInit', 1),
    ...whole('maxIter', 0),
    ...whole('seed', 0),
    ...number('tol'),
    ...number('covarianceFloor'),
    ...number('regCovar'),
    ...other('covarianceType', TYPES, ['Full', 'VVV', '', 0, null]),
    ...other('init', INITS, ['k-means', 'kmeans++', 5, null]),
    ...other('search', "'default', 'thorough' or 'none'", ['off', false, null]),
    ...other('convergence', "'aitken', 'change' or 'responsibilities'", ['ll', 1, null]),
    ...other('equalWeights', 'true or false', [1, 'true', null]),
    ...other('signal', 'an AbortSignal', [{}, 'now', null]),
    ...other('checkpoint', 'the path of a file', ['', 1, null, true]),
    ...other('onProgress', 'a function', [{}, 'log', null]),
  ] as Record<string, unknown>[];
  it.each(bad)('rejects %j', ({ wanted, ...option }) => {
    const [[name, value]] = Object.entries(option);
    expect(() => resolveFitOptions({ nComponents: 2, ...option } as FitOptions)).toThrow(
      expect.objectContaining({
        name: 'GmmError',
        code: 'INVALID_OPTION',
        message: `"${name}" must be ${wanted}, got ${shown(value)}`,
      }),
    );
  });

  it('rejects an acceleration that there is not, naming those there are', () => {
    for (const acceleration of ['fast', true]) {
      expect(() => resolveFitOptions({ nComponents: 2, acceleration } as never)).toThrow(
        expect.objectContaining({
          code: 'INVALID_OPTION',
          message: expect.stringMatching(/^"acceleration" must be .*'none'.*, got /),
        }),
      );
    }
  });

  it.each([
    ['k', 'unknown option "k"; there are nComponents, '],
    ['n_components', 'unknown option "n_components"; there are nComponents, '],
    ['covarianceTypes', 'unknown option "covarianceTypes"; there are '],
    ['Seed', 'unknown option "Seed"; there are '],
  ])('rejects the unknown option %s', (name, message) => {
    expect(() => resolveFitOptions({ nComponents: 2, [name]: 1 } as FitOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) }),
    );
  });

  it.each([undefined, null, 3, 'kmeans'])('rejects %s for options', (options) => {
    const message = `"options" must be an object, got ${shown(options)}`;
    expect(() => resolveFitOptions(options as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message }),
    );
  });
});

describe('resolveSelectOptions', () => {
  it('tries all types by bic unless told otherwise, every cell once', () => {
    expect(resolveSelectOptions({ nComponents: [3, 1, 3] })).toMatchObject({
      nComponents: [3, 1],
      covarianceTypes: ['full', 'tied', 'diag', 'spherical'],
      criterion: 'bic',
      nInit: 10,
      settings: { tol: 1e-6 },
    });
    const options = {
      nComponents: [1],
      covarianceTypes: ['diag', 'full', 'diag'] as const,
      criterion: 'icl' as const,
    };
    expect(resolveSelectOptions(options)).toMatchObject({
      covarianceTypes: ['diag', 'full'],
      criterion: 'icl',
    });
  });

  it('leaves the numbers of components to the rows, of one column the types that are one model', () => {
    const sweepOf = (options: SelectOptions, n: number, d: number) =>
      resolveSweep(resolveSelectOptions(options), n, d);
    expect(sweepOf({}, 100, 2)).toMatchObject({
      nComponents: [1, 2, 3, 4, 5, 6, 7, 8, 9],
      covarianceTypes: ['full', 'tied', 'diag', 'spherical'],
      criterion: 'bic',
    });
    expect(sweepOf({}, 3, 1)).toMatchObject({ nComponents: [1, 2, 3], covarianceTypes: ['full', 'tied'] });
    const chosen = { nComponents: [12], covarianceTypes: ['spherical', 'tied', 'diag'] as const };
    expect(sweepOf(chosen, 3, 1)).toMatchObject({ nComponents: [12], covarianceTypes: ['full', 'tied'] });
    expect(sweepOf(chosen, 3, 2)).toMatchObject(chosen);
  });

  const bad: [Partial<Record<keyof SelectOptions, unknown>>, string][] = [
    [{ nComponents: [] }, '"nComponents" must be an array of whole numbers >= 1, got []'],
    [{ nComponents: 3 }, '"nComponents" must be an array of whole numbers >= 1, got 3'],
    [{ nComponents: [1, 0] }, '"nComponents[1]" must be a whole number >= 1, got 0'],
    [{ nComponents: ['2'] }, '"nComponents[0]" must be a whole number >= 1, got "2"'],
    [{ covarianceTypes: [] }, '"covarianceTypes" must be an array of covariance types, got []'],
    [{ covarianceTypes: 'full' }, '"covarianceTypes" must be an array of covariance types, got "full"'],
    [{ covarianceTypes: ['full', 'round'] }, `"covarianceTypes[1]" must be ${TYPES}, got "round"`],
    [{ criterion: 'BIC' }, `"criterion" must be 'bic', 'aic' or 'icl', got "BIC"`],
    [
      { init: { weights: [1], means: [0], covariances: [1] } },
      '"init" must be a name where several models are fitted, got an object',
    ],
    [{ tol: -1 }, '"tol" must be a finite number >= 0, got -1'],
  ];
  it.each(bad)('rejects %j', (option, message) => {
    expect(() => resolveSelectOptions({ nComponents: [1, 2], ...option } as SelectOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message }),
    );
  });

  it('rejects the unknown option covarianceType, of which fit has one', () => {
    const options = { nComponents: [1], covarianceType: 'full' } as SelectOptions;
    expect(() => resolveSelectOptions(options)).toThrow('unknown option "covarianceType"; there are ');
  });
});

describe('resolveThreads', () => {
  it('leaves the default open', () => {
    expect(resolveThreads(undefined)).toBeUndefined();
    expect(resolveThreads(3)).toBe(3);
  });

  it.each([0, 1.5, '2', 1e6])('rejects %s', (threads) => {
    expect(() => resolveThreads(threads)).toThrow(
      /^"threads" must be (a whole number >= 1|at most \d+), got /,
    );
  });
});
