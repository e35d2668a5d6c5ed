/** Opens a build of the package, with one engine whose threads are running. */

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** 1,000 rows of two columns in two groups, for the fits that warm up an engine. */
const WARM_UP = Float64Array.from({ length: 2000 }, (_, i) => Math.sin(i * i) + 3 * ((i >> 1) % 2));

/**
 * @param folder - with `package.json` and `dist`
 * @returns the folder's name, the package's exports and an engine; the caller closes the engine
 */
export async function openBuild(folder, threads) {
  const exports = await import(pathToFileURL(resolve(folder, 'dist/index.js')).href);
  const engine = exports.createEngine({ threads });
  for (const covarianceType of ['full', 'tied', 'diag', 'spherical']) {
    await exports.fit(WARM_UP, { nComponents: 3, nFeatures: 2, covarianceType, engine });
  }
  return { name: folder, exports, engine };
}
