/** What a report is written from: plain data, so that a report is the same for the same input. */

import type { Criterion, FitStatus, Parameters } from '../../types.js';
import type { CriterionCell } from '../criterion-cells.js';
import type { ChosenRows } from './choose-rows.js';
import type { RowSummary } from './row-summary.js';

/** A mixture, the rows it is shown with, and how both came to be. */
export interface ReportInput {
  /** Name of the data, any text. */
  source: string;
  parameters: Parameters;
  /** (d) names of the columns; any text, it is never read as markup. */
  columns: readonly string[];
  /** Whether the fit counted rows by weights, which a report does not. */
  isWeighted: boolean;
  /** Of all rows. */
  summary: RowSummary;
  chosen: ChosenRows;
  /** (m × d) values of the drawn rows, in their order. */
  rows: Float64Array;
  /** (m × k) their responsibilities. */
  responsibilities: Float64Array;
  /** Rows are fringe whose two largest responsibilities differ by less. */
  fringeMargin: number;
  /** Index of the column to the right at first; default the first that is not `y`. */
  x?: number | undefined;
  /** Index of the column upwards at first; default the first that is not `x`. Of one column there is none. */
  y?: number | undefined;
  /** Of the mixture on these rows. */
  score: ReportScore;
  /** How the fit went, where that is known. */
  fit?: ReportFit | undefined;
  /** The sweep in which the mixture was chosen. */
  sweep?: ReportSweep | undefined;
  made: ReportMaking;
}

export interface ReportScore {
  /** Total, in nats. */
  logLikelihood: number;
  /** The same, a row, or of weighted rows a unit of weight. */
  meanLogLikelihood: number;
  bic: number;
  aic: number;
  icl: number;
  nParameters: number;
}

export interface ReportFit {
  status: FitStatus;
  nIterations: number;
  seed: number;
  /** Statuses of all starts, where they are known. */
  starts?: readonly FitStatus[] | undefined;
  /** Log-likelihood before each M-step, where it is known. */
  logLikelihoods?: readonly number[] | undefined;
  /** Rows it was made on. */
  nSamples: number;
}

export interface ReportSweep {
  criterion: Criterion;
  cells: readonly ReportCell[];
  /** Index of the chosen one. */
  best: number;
}

/** A cell of a sweep. Without a model the numbers are absent and `error` says why. */
export interface ReportCell extends CriterionCell {
  logLikelihood?: number | undefined;
  nParameters?: number | undefined;
  nIterations?: number | undefined;
  error?: string | undefined;
}

/** How it was made. */
export interface ReportMaking {
  version: string;
  /** As typed. */
  command: string;
  /** What the fit was told, and what it took where it was told nothing; none for a model out of a file. */
  options?: readonly (readonly [string, string])[] | undefined;
  /** From the start of the command to the writing of the report. */
  seconds: number;
}
