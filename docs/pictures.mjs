/**
 * The pictures of the README: Old Faithful, the choice among four covariance types and up to nine components, and the
 * mixture that was chosen.
 *
 *   npm run pictures        writes docs/criterion.svg and docs/faithful.svg
 */

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createEngine, criterionSvg, Dataset, pictureSvg } from 'parallel-gmm';

const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url));

const data = await Dataset.read(pathOf('../data/faithful.csv'));
const engine = createEngine();
try {
  const { best, fits, criterion } = await engine.selectModel(data, {
    nComponents: [1, 2, 3, 4, 5, 6, 7, 8, 9],
    seed: 1,
  });
  const { model } = best;
  const title = 'Old Faithful: how many kinds of eruption?';
  await writeFile(pathOf('criterion.svg'), await criterionSvg({ fits, criterion, best: model, title }));

  const rows = new Float64Array(data.nSamples * data.nFeatures);
  for (let i = 0; i < data.nSamples; i++) rows.set(data.row(i), i * data.nFeatures);
  const responsibilities = await model.predictProba(data, { engine });
  const svg = await pictureSvg({
    parameters: model,
    rows,
    responsibilities,
    columns: data.columns,
    title: 'Old Faithful: eruptions and the wait for the next one, in minutes',
  });
  await writeFile(pathOf('faithful.svg'), svg);
} finally {
  await engine.close();
}
