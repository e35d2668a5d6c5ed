/** The public names of parallel-gmm. */

export {
  Dataset,
  type DatasetOptions,
  type ReadOptions,
  type RowSource,
} from './data/dataset.js';
export type { MatrixLike, RowBatch } from './data/rows-builder.js';
export { GmmError, type GmmErrorCode, type GmmErrorFields } from './errors.js';
export { createEngine, type Engine, type EngineOptions } from './fit/engine.js';
export { type FitResult, fit } from './fit/fit.js';
export { type FitPredictResult, fitPredict } from './fit/fit-predict.js';
export { type Selection, type SelectionFit, selectModel } from './fit/select.js';
export type { SkippedColumn } from './io/table/table.js';
export {
  type Component,
  type FringeOptions,
  GaussianMixture,
  type Samples,
  type Scores,
  type ScoresOptions,
} from './model/mixture.js';
export type { FitSummary, ModelFile } from './model/model-file.js';
export type { Rows, ScoringOptions } from './model/score-rows.js';
export type { CriterionCell, CriterionInput } from './report/criterion-cells.js';
export { criterionSvg } from './report/criterion-chart.js';
export { histogramSvg } from './report/histogram.js';
export type { ScatterInput } from './report/input.js';
export { pictureSvg } from './report/picture.js';
export { type PngOptions, svgToPng } from './report/png.js';
export { scatterSvg } from './report/scatter.js';
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
  MessagePart,
  ModelInput,
  NoteLevel,
  NumberArray,
  OptionMention,
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
