/**
 * Old Faithful: 272 eruptions, how long each lasted and how long the wait for the next one was, in minutes.
 * How many kinds of eruption are there, what is each like, and which rows could be of either kind?
 *
 *   npm run demo        prints the answers and draws faithful.svg
 */

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createEngine, Dataset, scatterSvg } from 'parallel-gmm';

/** Two kinds so different leave no row within the usual margin of 0.5, one within 0.9 and four within 0.99. */
const MARGIN = 0.99;
const PICTURE = 'faithful.svg';

const print = (line = '') => process.stdout.write(`${line}\n`);
const fixed = (values, digits) => Array.from(values, (value) => value.toFixed(digits).padStart(10)).join('');

const begin = performance.now();
const data = await Dataset.read(fileURLToPath(new URL('../data/faithful.csv', import.meta.url)));
const engine = createEngine();
try {
  const { best, fits } = await engine.selectModel(data, {
    nComponents: [1, 2, 3, 4, 5, 6],
    covarianceTypes: ['full'],
    criterion: 'bic',
  });
  const { model } = best;
  const probabilities = await model.predictProba(data, { engine });
  const fringe = await model.fringe(data, { margin: MARGIN, engine });
  const elapsedMs = performance.now() - begin;

  const { nComponents: k, nFeatures: d, columns } = model;
  const row = (i) =>
    `${String(i).padStart(5)}${fixed(data.row(i), 3)}   ${fixed(probabilities.subarray(i * k, (i + 1) * k), 4)}`;
  const rowHead = `  row${columns.map((name) => name.padStart(10)).join('')}   ${Array.from({ length: k }, (_, j) => `p${j}`.padStart(10)).join('')}`;

  print(`Old Faithful: ${data.nSamples} rows of ${columns.join(' and ')}`);
  print();
  print('How many components? The lowest BIC tells.');
  print('  k       BIC  log-likelihood');
  for (const one of fits) {
    const mark = one.model === model ? '  <- chosen' : '';
    print(
      `${String(one.nComponents).padStart(3)}${one.bic.toFixed(2).padStart(10)}${one.logLikelihood.toFixed(2).padStart(16)}${mark}`,
    );
  }

  print();
  print(
    `The mixture: log-likelihood ${best.logLikelihood.toFixed(4)}, ${best.status} after ${best.nIterations} iterations`,
  );
  for (let j = 0; j < k; j++) {
    print();
    print(`component ${j}: weight ${model.weights[j].toFixed(4)}`);
    columns.forEach((name, a) => {
      const from = (j * d + a) * d;
      const covariance = fixed(model.covariances.subarray(from, from + d), 4);
      print(
        `  ${name.padEnd(10)} mean ${model.means[j * d + a].toFixed(4).padStart(8)}   covariance ${covariance}`,
      );
    });
  }

  print();
  print('Soft assignments: a probability for every component.');
  print(rowHead);
  for (const i of [0, 1, 2, 3, 4]) print(row(i));

  print();
  print(`The fringe: rows whose two largest probabilities differ by less than ${MARGIN}, the closest first.`);
  print(rowHead);
  for (const i of fringe) print(row(i));

  const rows = new Float64Array(data.nSamples * d);
  for (let i = 0; i < data.nSamples; i++) rows.set(data.row(i), i * d);
  const svg = await scatterSvg({
    parameters: model,
    rows,
    responsibilities: probabilities,
    columns,
    fringeMargin: MARGIN,
    title: 'Eruptions of Old Faithful',
  });
  await writeFile(PICTURE, svg);

  print();
  print(
    `${fits.length} models fitted, ${data.nSamples} rows assigned in ${elapsedMs.toFixed(0)} ms on ${engine.threads} threads.`,
  );
  print(`Picture: ${PICTURE}`);
} finally {
  await engine.close();
}
