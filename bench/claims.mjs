/**
 * How often probabilities of a fitted mixture are right: rows are drawn from two Gaussians that overlap, a mixture is fitted, and each
 * row's likeliest component is compared with the one that the row was drawn from.
 *
 *   node bench/claims.mjs
 */

import { createEngine, GaussianMixture } from '../dist/index.js';

const MIXTURES = 400;
const DISTANCES = [1.5, 2, 3, 4];
const SIZES = [200, 1000, 10_000];
/** Claims of 0.99, and the range of probabilities that is counted for it. */
const [LOW, HIGH] = [0.985, 0.995];

const engine = createEngine();
const identity = [
  [1, 0],
  [0, 1],
];

/** @returns claims of 0.99 and how many were right */
async function count(distance, n, seed) {
  const truth = GaussianMixture.fromParameters({
    covarianceType: 'full',
    weights: [0.5, 0.5],
    means: [
      [0, 0],
      [distance, 0],
    ],
    covariances: [identity, identity],
  });
  const { samples, labels } = truth.sample(n, { seed });
  const { model } = await engine.fit(samples, { nFeatures: 2, nComponents: 2, nInit: 3, seed });
  const proba = await model.predictProba(samples, { nFeatures: 2, engine });
  // The component on the left is the first of the truth.
  const left = model.means[0] < model.means[2] ? 0 : 1;
  let claims = 0;
  let right = 0;
  for (let i = 0; i < n; i++) {
    const best = proba[2 * i] > proba[2 * i + 1] ? 0 : 1;
    if (proba[2 * i + best] < LOW || proba[2 * i + best] >= HIGH) continue;
    claims++;
    if ((best === left) === (labels[i] === 0)) right++;
  }
  return { claims, right };
}

for (const distance of DISTANCES) {
  for (const n of SIZES) {
    const total = { claims: 0, right: 0 };
    for (let seed = 0; seed < MIXTURES && seed * n < 2e6; seed++) {
      const { claims, right } = await count(distance, n, seed);
      total.claims += claims;
      total.right += right;
    }
    const share = (total.right / total.claims).toFixed(3);
    console.log(`${distance} standard deviations, ${n} rows: right in ${share} of ${total.claims} claims`);
  }
}
await engine.close();
