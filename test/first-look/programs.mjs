/** Small programs as a new user writes them, and what they must print; fields as in commands.mjs. */

export const PROGRAMS = [
  {
    name: 'The first example of the README',
    text: `
import { Dataset, fit } from 'parallel-gmm';
const data = await Dataset.read('faithful.csv');
const { model, bic, status } = await fit(data, { nComponents: 2, seed: 1 });
console.log(status, bic.toFixed(2), model.columns);`,
    says: /converged 2322\.19 \[ 'eruptions', 'waiting' \]/,
  },
  {
    name: 'Rows as arrays',
    text: `
import { fit } from 'parallel-gmm';
const { model } = await fit([[1, 2], [1.1, 2.2], [0.9, 1.8], [8, 9], [8.2, 9.1], [7.9, 9.3]], { nComponents: 2, covarianceType: 'spherical' });
console.log(model.weights);`,
    says: /0\.5, 0\.5/,
  },
  {
    name: 'A flat typed array without nFeatures',
    text: `
import { fit } from 'parallel-gmm';
await fit(new Float64Array(20).map(Math.sin), { nComponents: 2 }).catch((error) => console.log(error.code, error.message));`,
    says: [/INVALID_DATA/, /nFeatures/],
  },
  {
    name: 'A flat typed array with nFeatures',
    text: `
import { fit } from 'parallel-gmm';
const flat = new Float64Array(200).map((_, i) => Math.sin(12.9898 * i) * 4 + (i % 4 < 2 ? 0 : 30));
const { model } = await fit(flat, { nComponents: 2, nFeatures: 2 });
console.log(model.nFeatures, model.nComponents);`,
    says: /2 2/,
  },
  {
    name: 'An async generator of single rows, ambiguous without nFeatures',
    text: `
import { fit } from 'parallel-gmm';
async function* rows() { for (let i = 0; i < 50; i++) yield [Math.sin(i), Math.cos(2 * i)]; }
await fit(rows(), { nComponents: 1 }).catch((error) => console.log(error.code, error.message));
const { model } = await fit(rows(), { nComponents: 1, nFeatures: 2 });
console.log('columns', model.nFeatures);`,
    says: [/INVALID_DATA/, /columns 2/],
  },
  {
    name: 'Labels in one call, as fit_predict',
    text: `
import { Dataset, fitPredict } from 'parallel-gmm';
const data = await Dataset.read('iris.csv');
const { labels, model } = await fitPredict(data, { nComponents: 3 });
const sizes = [0, 0, 0];
for (const label of labels) sizes[label]++;
console.log(sizes, model.nComponents);`,
    says: /\[ \d+, \d+, \d+ \] 3/,
  },
  {
    name: 'One component at a time, and precisions',
    text: `
import { Dataset, fit } from 'parallel-gmm';
const { model } = await fit(await Dataset.read('faithful.csv'), { nComponents: 2, covarianceType: 'diag' });
const { weight, mean, covariance } = model.component(0);
console.log(weight.toFixed(3), mean.length, covariance.length, model.precisions.length, model.precisionsCholesky.length);`,
    says: /0\.6\d\d 2 4 4 4/,
  },
  {
    name: 'The constructor, as in scikit-learn',
    text: `
import { GaussianMixture } from 'parallel-gmm';
try { new GaussianMixture({ nComponents: 2 }); } catch (error) { console.log(error.name, error.code, error.message); }`,
    says: [/GmmError/, /fit\(/],
  },
  {
    name: 'Start values: means alone, labels, an earlier result',
    text: `
import { Dataset, fit } from 'parallel-gmm';
const data = await Dataset.read('faithful.csv');
const byMeans = await fit(data, { nComponents: 2, init: { means: [[2, 55], [4, 80]] } });
const labels = await byMeans.model.predict(data);
const byLabels = await fit(data, { nComponents: 2, init: { labels } });
const warm = await fit(data, { nComponents: 2, init: byMeans });
console.log([byMeans, byLabels, warm].map(({ logLikelihood }) => logLikelihood.toFixed(3)).join(' '));`,
    says: /-1130\.264 -1130\.264 -1130\.264/,
  },
  {
    name: 'Model selection without naming k',
    text: `
import { Dataset, selectModel } from 'parallel-gmm';
const { best, fits } = await selectModel(await Dataset.read('faithful.csv'), {});
console.log(best.model.covarianceType, best.model.nComponents, best.bic.toFixed(2), fits.length);`,
    says: /tied 3 2314\.30 36/,
  },
  {
    name: 'Missing cells name every column',
    text: `
import { Dataset } from 'parallel-gmm';
await Dataset.read('airquality.csv').catch((error) => console.log(error.code, error.message));`,
    says: [/INVALID_DATA/, /Ozone/, /Solar\.R/],
  },
  {
    name: 'A weight for each row, and two engines at once',
    text: `
import { createEngine, Dataset } from 'parallel-gmm';
const rows = await Dataset.read('quakes.tsv', { columns: ['lat', 'long'], sampleWeight: 'stations' });
const engine = createEngine({ threads: 2 });
const [a, b] = await Promise.all([1, 2].map((seed) => engine.fit(rows, { nComponents: 2, seed })));
console.log(a.model.nFeatures, b.model.nFeatures, a.status);
await engine.close();`,
    says: /2 2 converged/,
  },
  {
    name: 'A call that is aborted, with a source that never ends',
    text: `
import { fit } from 'parallel-gmm';
let returned = false;
async function* endless() { try { for (;;) { yield [[1, 2]]; await new Promise(setImmediate); } } finally { returned = true; } }
const signal = AbortSignal.timeout(300);
await fit(endless(), { nComponents: 2, signal }).catch((error) => console.log(error.name));
await new Promise((resolve) => setTimeout(resolve, 50));
console.log('returned', returned);`,
    says: [/TimeoutError/, /returned true/],
  },
  {
    name: 'An onProgress that rejects',
    text: `
import { Dataset, fit } from 'parallel-gmm';
await fit(await Dataset.read('faithful.csv'), { nComponents: 2, onProgress: async () => { throw new Error('mine'); } })
  .catch((error) => console.log('caught', error.message));`,
    says: /caught mine/,
  },
  {
    name: 'Junk arguments are GmmErrors',
    text: `
import * as gmm from 'parallel-gmm';
const { Dataset, fit, GaussianMixture } = gmm;
const model = GaussianMixture.fromParameters({ weights: [1], means: [[0]], covariances: [1], covarianceType: 'spherical' });
for (const call of [
  () => Dataset.read(5), () => Dataset.read('a\\0b'), () => Dataset.from([[1, 2]], { columns: 'waiting' }), () => fit(),
  () => fit([[1], , [3]], { nComponents: 1 }), () => model.sample(1e12), () => gmm.pictureSvg(5), () => gmm.svgToPng(7),
  () => model.scores([[1]], { out: { proba: new Int32Array(9) } }), () => fit([[1], [2]], { nComponents: 1, nInit: 1e9 }),
]) {
  try { await call(); console.log('ACCEPTED', String(call)); } catch (error) { console.log(error.name, error.code, error.message); }
}`,
    never: [/ACCEPTED/, /TypeError|RangeError/],
  },
  {
    name: 'Data that cannot be fitted say why',
    text: `
import { fit } from 'parallel-gmm';
for (const rows of [[[1e-146], [1e-146]], [[1, 1], [2, 1], [3, 1]], [[1]], [[NaN]], []])
  await fit(rows, { nComponents: 1 }).then(({ status }) => console.log(status), ({ code, message }) => console.log(code, message));`,
    never: /WORKER_FAILED|undefined/,
  },
  {
    name: 'Equal weights, used again for prediction',
    text: `
import { Dataset, fit } from 'parallel-gmm';
const data = await Dataset.read('iris.csv');
const { model } = await fit(data, { nComponents: 5, equalWeights: true, covarianceType: 'tied', init: 'random-rows' });
console.log(model.weights, (await model.predict(data)).length);`,
    says: [/0\.2, 0\.2, 0\.2, 0\.2, 0\.2/, /150/],
  },
  {
    name: 'CommonJS',
    text: `
import { createRequire } from 'node:module';
const { fit } = createRequire(import.meta.url)('parallel-gmm');
fit([[1], [2], [9], [10]], { nComponents: 1 }).then(({ model }) => console.log('mean', model.means[0]));`,
    says: /mean 5\.5/,
  },
  {
    name: 'A picture and its PNG',
    text: `
import { Dataset, fit, pictureSvg, svgToPng } from 'parallel-gmm';
const data = await Dataset.read('trees.csv');
const { model } = await fit(data, { nComponents: 1 });
const rows = new Float64Array(data.nSamples * 3);
for (let i = 0; i < data.nSamples; i++) rows.set(data.row(i), 3 * i);
const svg = await pictureSvg({ parameters: model, rows, responsibilities: await model.predictProba(data), columns: data.columns });
console.log(svg.slice(0, 4), (await svgToPng(svg)).length > 1000);`,
    says: /<svg true/,
  },
  {
    name: 'Notes about the data',
    text: `
import { Dataset } from 'parallel-gmm';
const data = await Dataset.read('mtcars-semicolon.csv');
console.log(data.nFeatures, data.skipped.map(({ name }) => name), data.notes.map(({ level, message }) => level + ': ' + message));`,
    says: [/^11 /m, /decimal comma/],
  },
];
