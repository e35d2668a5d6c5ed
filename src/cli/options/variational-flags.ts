/** The flags of a variational fit, and the library's options that they set. */

import type { Command } from 'commander';
import type { FitOptions, VariationalOption } from '../../index.js';
import { numberFor, numbersFor } from './values.js';

export interface VariationalFlags {
  method?: string;
  weightPrior?: string;
  concentration?: number;
  meanPrecision?: number;
  meanPrior?: number[];
  degreesOfFreedomPrior?: number;
  covariancePrior?: number[];
  dropEmpty?: boolean;
}

export function addVariationalFlags(command: Command): Command {
  return command
    .option(
      '--method <name>',
      'em, or variational: components that the data do not need lose their rows (default em)',
    )
    .option(
      '--weight-prior <name>',
      'with variational: dirichlet-process or dirichlet (default: dirichlet-process)',
    )
    .option(
      '--concentration <x>',
      'with variational: the lower, the fewer components keep rows (default: 1/k)',
      numberFor('--concentration'),
    )
    .option(
      '--mean-precision <x>',
      'with variational: how strongly means are drawn to --mean-prior, in rows (default: 1)',
      numberFor('--mean-precision'),
    )
    .option(
      '--mean-prior <numbers>',
      "with variational: one number for each column (default: the data's mean)",
      numbersFor('--mean-prior'),
    )
    .option(
      '--degrees-of-freedom-prior <x>',
      'with variational: how strongly covariances are drawn to --covariance-prior, in rows (default: the number of columns)',
      numberFor('--degrees-of-freedom-prior'),
    )
    .option(
      '--covariance-prior <numbers>',
      "with variational: full, tied: a matrix row by row; diag: a variance for each column; spherical: one number (default: the data's covariance)",
      numbersFor('--covariance-prior'),
    )
    .option('--drop-empty', 'with variational: leave out components with less than one expected row');
}

export function toVariationalOptions(
  flags: VariationalFlags,
): Pick<FitOptions, 'method' | VariationalOption> {
  const { concentration, meanPrecision, meanPrior, degreesOfFreedomPrior, covariancePrior, dropEmpty } =
    flags;
  return {
    method: flags.method as FitOptions['method'],
    weightPrior: flags.weightPrior as FitOptions['weightPrior'],
    ...{ concentration, meanPrecision, meanPrior, degreesOfFreedomPrior, covariancePrior, dropEmpty },
  };
}
