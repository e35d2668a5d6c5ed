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
export { fit } from './fit/fit.js';
export { type FitPredictResult, fitPredict } from './fit/fit-predict.js';
export type { FitResult } from './fit/result.js';
export { type Selection, type SelectionFit, selectModel } from './fit/select.js';
export type { DataNote, NoteLevel } from './io/table/data-note.js';
export type { SkippedColumn } from './io/table/table.js';
export {
  type Component,
  GaussianMixture,
  type MixtureInput,
  type SampleOptions,
  type Samples,
} from './model/mixture.js';
export type { FitSummary, ModelFile } from './model/model-file.js';
export type { Rows, ScoringOptions } from './model/score-rows.js';
export type { FringeOptions, Scores, ScoresOptions } from './model/scores.js';
export type {
  FitEndEvent,
  FitEvent,
  FitStartEvent,
  IterationEvent,
  ProgressEvent,
  RunPhase,
  SweepEvent,
} from './progress-events.js';
export { type CriterionInput, criterionSvg } from './report/picture/criterion.js';
export { histogramSvg } from './report/picture/histogram.js';
export type { ScatterInput } from './report/picture/input.js';
export { pictureSvg } from './report/picture/picture.js';
export { type PngOptions, svgToPng } from './report/picture/png.js';
export { scatterSvg } from './report/picture/scatter.js';
export type { CriterionCell } from './report/sweep/cell.js';
export type { FitMeasures, FitMethod, FitStatus, FittedCell, RangeEdge, Restart } from './results.js';
export type {
  Acceleration,
  ComponentDensity,
  Convergence,
  CovarianceType,
  Criterion,
  DegreesOfFreedom,
  EffectiveSampleSize,
  FitOptions,
  InitInput,
  InitName,
  LabelsInput,
  MeansInput,
  MessagePart,
  ModelInput,
  NoiseInput,
  NoiseParametersInput,
  NumberArray,
  OptionMention,
  Parameters,
  ParametersInput,
  PriorInput,
  ResponsibilitiesInput,
  RowsOptions,
  RunOptions,
  SearchEffort,
  SelectOptions,
  VariationalOption,
  WeightPrior,
} from './types.js';
