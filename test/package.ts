/** The built package, with the types of its source: worker threads can't load TypeScript. */

type Package = typeof import('../src/index.js');

const built: Package = await import(new URL('../dist/index.js', import.meta.url).href);

export const {
  createEngine,
  criterionSvg,
  Dataset,
  fit,
  fitPredict,
  GaussianMixture,
  GmmError,
  histogramSvg,
  pictureSvg,
  scatterSvg,
  selectModel,
  svgToPng,
} = built;
