/** The input of a report: plain data, so that equal inputs give equal reports. */

import type { FitStatus } from '../../results.js';
import type { Criterion, Parameters } from '../../types.js';
import type { CriterionCell } from '../sweep/cell.js';
import type { StartEnd } from './agreement.js';
import type { ChosenRows } from './choose-rows.js';
import type { RowSummary } from './row-summary.js';

/** A mixture, the rows to show with it, and the origin of both. */
export interface ReportInput {
  /** Name of the data, any text. */
  source: string;
  parameters: Parameters;
  /** (d) names of the columns; any text; it is never read as markup. */
  columns: readonly string[];
  /** Whether the fit used sample weights. The report counts every row once. */
  isWeighted: boolean;
  /** Statistics of all rows. */
  summary: RowSummary;
  chosen: ChosenRows;
  /** (m × d) values of the drawn rows. */
  rows: Float64Array;
  /** (m × k) responsibilities of the drawn rows. */
  responsibilities: Float64Array;
  /** Rows whose two largest responsibilities differ by less are on the fringe. */
  fringeMargin: number;
  /** Index of the column to the right when the page opens; default the first that is not `y`. */
  x?: number | undefined;
  /** Index of the column upwards when the page opens; default the first that is not `x`. Not used if there is only one column. */
  y?: number | undefined;
  /** Likelihood and criteria of the mixture on these rows. */
  score: ReportScore;
  /** The course of the fit, if it is known. */
  fit?: ReportFit | undefined;
  /** The sweep in which the mixture was chosen. */
  sweep?: ReportSweep | undefined;
  made: ReportMaking;
}

export interface ReportScore {
  /** Total, in nats. */
  logLikelihood: number;
  /** The log-likelihood per row, or per unit of sample weight. */
  meanLogLikelihood: number;
  bic: number;
  aic: number;
  icl: number;
  nParameters: number;
  /** Log density of the prior, where the fit had one. */
  logPrior?: number | undefined;
  /** Of a variational fit. */
  lowerBound?: number | undefined;
}

export interface ReportFit {
  status: FitStatus;
  nIterations: number;
  seed: number;
  /** How every start ended, if that is known. */
  starts?: readonly StartEnd[] | undefined;
  /** The course of the objective, if it is known. */
  trace?: ReportTrace | undefined;
  /** Number of rows that were fitted. */
  nSamples: number;
}

/** What a fit raises, step by step. */
export interface ReportTrace {
  objective: 'log-likelihood' | 'log-likelihood plus log prior' | 'lower bound';
  /** Before each step, and at the end. */
  values: readonly number[];
}

export interface ReportSweep {
  criterion: Criterion;
  cells: readonly ReportCell[];
  /** Index of the chosen cell. */
  best: number;
}

/** A cell of a sweep. If it has no model, the numbers are absent and `error` says why. */
export interface ReportCell extends CriterionCell {
  logLikelihood?: number | undefined;
  nParameters?: number | undefined;
  nIterations?: number | undefined;
  error?: string | undefined;
}

/** How the report was made. */
export interface ReportMaking {
  version: string;
  /** As the user typed it. */
  command: string;
  /** Options of the fit with their values; absent for a model from a file. */
  options?: readonly (readonly [string, string])[] | undefined;
  /** Time from the start of the command to the writing of the report. */
  seconds: number;
}
