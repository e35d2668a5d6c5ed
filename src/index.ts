/** The public names of parallel-gmm. */

export {
  Dataset,
  type DatasetOptions,
  type ReadOptions,
  type RowSource,
} from './dataset.js';
export { createEngine, type Engine, type EngineOptions } from './engine.js';
export { GmmError, type GmmErrorCode } from './errors.js';
export { type FitResult, fit } from './fit.js';
export { type FitPredictResult, fitPredict } from './fit-predict.js';
export type { SkippedColumn } from './io/table.js';
export {
  type Component,
  type FringeOptions,
  GaussianMixture,
  type Samples,
  type Scores,
  type ScoresOptions,
} from './mixture.js';
export type { FitSummary, ModelFile } from './model-file.js';
export { type CriterionInput, criterionSvg } from './report/picture/criterion.js';
export { histogramSvg } from './report/picture/histogram.js';
export type { ScatterInput } from './report/picture/input.js';
export { pictureSvg } from './report/picture/picture.js';
export { type PngOptions, svgToPng } from './report/picture/png.js';
export { scatterSvg } from './report/picture/scatter.js';
export type { CriterionCell } from './report/sweep/cell.js';
export type { MatrixLike, RowBatch } from './rows-builder.js';
export type { Rows, ScoringOptions } from './score-rows.js';
export { type Selection, type SelectionFit, selectModel } from './select.js';
export type {
  Acceleration,
  Convergence,
  CovarianceType,
  Criterion,
  DataNote,
  FitEndEvent,
  FitEvent,
  FitOptions,
  FitStartEvent,
  FitStatus,
  InitInput,
  InitName,
  IterationEvent,
  LabelsInput,
  MeansInput,
  ModelInput,
  NoteLevel,
  NumberArray,
  Parameters,
  ParametersInput,
  ProgressEvent,
  ResponsibilitiesInput,
  Restart,
  RowsOptions,
  RunOptions,
  RunPhase,
  SelectOptions,
  SweepEvent,
} from './types.js';
