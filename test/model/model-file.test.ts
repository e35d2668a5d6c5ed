/** The model file: what is written validates against the schema, and reading checks what the schema can't. */

import { readFile } from 'node:fs/promises';
import Ajv from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { bitsOf } from '../close.js';
import { createMixture } from '../mixtures.js';
import { fit, GaussianMixture } from '../package.js';

const schema = JSON.parse(await readFile(new URL('../../docs/model.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv.default({ allErrors: true, strict: true }).compile(schema);

const TYPES = ['full', 'tied', 'diag', 'spherical'] as const;
const fileOf = (type: (typeof TYPES)[number]) =>
  GaussianMixture.fromParameters(createMixture(type, 2, 3, createRandom(1))).toJSON();
const fitted = (await fit([[1], [2], [4], [8]], { nComponents: 1, seed: 7 })).model;

/** A file with one place changed; `undefined` takes it out. */
function damage(file: object, path: readonly (string | number)[], value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(file));
  const parent = path.slice(0, -1).reduce((part, key) => part[key], copy);
  const last = path[path.length - 1];
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

describe.each(TYPES)('the file of a %s model', (type) => {
  it('validates against the schema', () => {
    expect(validate(fileOf(type)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('is read back to the same bits and columns', () => {
    const file = { ...fileOf(type), columns: ['a', 'b', 'c'] };
    const model = GaussianMixture.fromJSON(JSON.parse(JSON.stringify(file)));
    expect(model.toJSON()).toEqual(file);
    expect(bitsOf(model.toJSON())).toBe(bitsOf(file));
  });
});

it('has the shapes of its types', () => {
  const shapeOf = (value: unknown): number[] =>
    Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : [];
  expect(TYPES.map((type) => shapeOf(fileOf(type).covariances))).toEqual([[2, 3, 3], [3, 3], [2, 3], [2]]);
  expect(shapeOf(fileOf('full').means)).toEqual([2, 3]);
});

it('says of a fitted model how it was fitted', () => {
  const file = fitted.toJSON();
  expect(validate(file), JSON.stringify(validate.errors)).toBe(true);
  expect(file).toMatchObject({
    format: 'parallel-gmm',
    version: 1,
    columns: ['x0'],
    fit: { nSamples: 4, converged: true, seed: 7 },
  });
  expect(GaussianMixture.fromJSON(file).toJSON()).toEqual(file);
});

/** What the schema and reading both reject, and the field that reading names. */
const DAMAGES: [readonly (string | number)[], unknown, string][] = [
  [['format'], 'gmm', '"format" must be "parallel-gmm", got "gmm"'],
  [['format'], undefined, '"format" must be "parallel-gmm", got undefined'],
  [['version'], 2, '"version" must be 1, the version that this package reads, got 2'],
  [['covarianceType'], 'round', '"covarianceType" must be full, tied, diag, spherical, got "round"'],
  [['nComponents'], 0, '"nComponents" must be a whole number >= 1, got 0'],
  [['nComponents'], 1.5, '"nComponents" must be a whole number >= 1, got 1.5'],
  [['nFeatures'], '1', '"nFeatures" must be a whole number >= 1, got "1"'],
  [['columns'], undefined, '"columns" must be an array of 1 strings, got undefined'],
  [['columns'], [1], '"columns" must be an array of 1 strings, got an array of length 1'],
  [['weights'], undefined, '"weights" must be an array of 1 numbers, got undefined'],
  [['weights', 0], null, '"weights[0]" must be a finite number, got null'],
  [['weights', 0], '1', '"weights[0]" must be a finite number, got "1"'],
  [['means', 0, 0], null, '"means[0][0]" must be a finite number, got null'],
  [['means', 0], 'x', '"means[0]" must be an array of length 1 (means is 1 × 1), got "x"'],
  [
    ['covariances', 0],
    null,
    '"covariances[0]" must be an array of length 1 (covariances is 1 × 1 × 1), got null',
  ],
  [['covariances'], {}, '"covariances" must be an array of 1 × 1 × 1 numbers, got an object'],
  [['equalWeights'], 1, '"equalWeights" must be true or false, got 1'],
  [['equalWeights'], null, '"equalWeights" must be true or false, got null'],
  [['fit'], 3, '"fit" must be an object, got 3'],
  [['fit', 'bic'], undefined, '"fit.bic" must be a finite number, got undefined'],
  [['fit', 'converged'], 1, '"fit.converged" must be true or false, got 1'],
];
it.each(DAMAGES)('rejects %j = %j', (path, value, message) => {
  const damaged = damage(fitted.toJSON(), path, value);
  expect(validate(damaged)).toBe(false);
  expect(() => GaussianMixture.fromJSON(damaged)).toThrow(
    expect.objectContaining({ code: 'INVALID_MODEL', message }),
  );
});

/** What takes arithmetic to see. */
const BEYOND_SCHEMA: [readonly (string | number)[], unknown, string][] = [
  [['columns'], ['a', 'b'], '"columns" must be an array of 3 strings, got an array of length 2'],
  [['weights'], [0.5, 0.4], '"weights" must sum to 1, got 0.9'],
  [['weights'], [1], '"weights" must be an array of length 2 (weights is 2), got 1'],
  [['means', 1], [1, 2], '"means[1]" must be an array of length 3 (means is 2 × 3), got 2'],
  [
    ['covariances', 1, 2, 2],
    0,
    '"covariances[1]" must be positive definite, and is not; a variance may be 0 or two columns equal',
  ],
  [['nFeatures'], 2, '"columns" must be an array of 2 strings, got an array of length 3'],
];
it.each(BEYOND_SCHEMA)('rejects in reading %j = %j', (path, value, message) => {
  const damaged = damage(fileOf('full'), path, value);
  expect(() => GaussianMixture.fromJSON(damaged)).toThrow(
    expect.objectContaining({ code: 'INVALID_MODEL', message }),
  );
});

it('has covariances nested by type, by the schema', () => {
  for (const type of TYPES) {
    for (const other of TYPES) {
      const valid = validate({ ...fileOf(type), covariances: fileOf(other).covariances });
      // A tied matrix and a table of variances are both nested twice: only their lengths tell them apart.
      const alike = type === other || new Set([type, other, 'tied', 'diag']).size === 2;
      expect(valid).toBe(alike);
    }
  }
});

it.each([null, undefined, 'model', [], 3])('rejects %j for a model', (value) => {
  expect(() => GaussianMixture.fromJSON(value)).toThrow(/^a model must be an object, got /);
});
