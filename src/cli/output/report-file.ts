/** Reports of fits and of models, written to a file. */

import manifest from '../../../package.json' with { type: 'json' };
import type { Dataset, Engine, FitResult, GaussianMixture, Selection } from '../../index.js';
import { type FitOptions, GmmError, type SelectOptions } from '../../index.js';
import { writeContent } from '../../io/files/whole-file.js';
import { reportHtml } from '../../report/page/report.js';
import type {
  ReportInput,
  ReportMaking,
  ReportScore,
  ReportSweep,
  ReportTrace,
} from '../../report/page/report-input.js';
import { pictureSvg } from '../../report/picture/picture.js';
import { svgToPng } from '../../report/picture/png.js';
import { describeInputs } from '../files/inputs.js';
import { checkOutputPath } from '../files/json-file.js';
import { FLAG_OF, nameFlags } from '../terminal/flag-names.js';
import { shellWord } from '../terminal/text.js';
import { copyRows, readReportRows } from './report-input.js';

/** Default of `--margin`: rows whose two largest probabilities differ by less are on the fringe. */
export const DEFAULT_MARGIN = 0.5;

/** The input and the destination of a report. */
export interface ReportJob {
  path: string;
  /** The inputs as the user wrote them. */
  inputs: readonly string[];
  data: Dataset;
  margin: number;
  /** Indices of the columns on the axes; default: the first two. */
  x?: number | undefined;
  y?: number | undefined;
  engine: Engine;
  signal: AbortSignal;
}

/** @throws GmmError IO, INVALID_OPTION */
export async function checkReportPath(path: string | undefined): Promise<void> {
  await checkOutputPath('--report', path);
  if (path === undefined || path.toLowerCase().endsWith('.html')) return;
  throw new GmmError(
    'INVALID_OPTION',
    `--report must be a name that ends in .html, got ${JSON.stringify(path)}`,
  );
}

/** Writes the report of a new fit, alone or as the best of a sweep. */
export async function writeFitReport(
  job: ReportJob,
  options: FitOptions | SelectOptions,
  result: FitResult,
  selection?: Selection,
): Promise<void> {
  const { model, status, nIterations, restarts } = result;
  const { logLikelihood, meanLogLikelihood, bic, aic, icl, nParameters, logPrior, lowerBound } = result;
  await writeReport(
    job,
    model,
    { logLikelihood, meanLogLikelihood, bic, aic, icl, nParameters, logPrior, lowerBound },
    {
      fit: {
        ...{ status, nIterations, trace: traceOf(result) },
        starts: restarts,
        seed: model.toJSON().fit?.seed ?? 0,
        nSamples: job.data.nSamples,
      },
      sweep: selection && describeSweep(selection),
      options: describeOptions(options),
    },
  );
}

/** What the fit raised, from the start values to the end. */
function traceOf({ logLikelihoods, logLikelihood, logPrior, lowerBounds }: FitResult): ReportTrace {
  if (lowerBounds) return { objective: 'lower bound', values: lowerBounds };
  if (logPrior === undefined) {
    return { objective: 'log-likelihood', values: [...logLikelihoods, logLikelihood] };
  }
  return {
    objective: 'log-likelihood plus log prior',
    values: [...logLikelihoods, logLikelihood + logPrior],
  };
}

/** Writes the report of a model on any rows. */
export async function writeModelReport(job: ReportJob, model: GaussianMixture): Promise<void> {
  const { data, engine, signal } = job;
  const run = { engine, signal };
  const [meanLogLikelihood, bic, aic, icl] = await Promise.all([
    model.score(data, run),
    model.bic(data, run),
    model.aic(data, run),
    model.icl(data, run),
  ]);
  const { fit } = model.toJSON();
  const logLikelihood = meanLogLikelihood * data.nSamples;
  const score = { logLikelihood, meanLogLikelihood, bic, aic, icl, nParameters: model.nParameters };
  await writeReport(job, model, score, {
    fit: fit && {
      status: fit.converged ? 'converged' : 'max-iter',
      ...{ nIterations: fit.nIterations, seed: fit.seed, nSamples: fit.nSamples },
    },
  });
}

/** Draws a model and rows as SVG, or as PNG if the path ends in `.png`. */
export async function writePicture(job: ReportJob, model: GaussianMixture): Promise<void> {
  const { path, data, margin, x, y, engine, signal } = job;
  const responsibilities = await model.predictProba(data, { engine, signal });
  const rows = copyRows(data, data.nSamples, (i) => i);
  const input = { parameters: model, rows, responsibilities, columns: data.columns, fringeMargin: margin };
  const svg = await pictureSvg({ ...input, x, y });
  if (!path.toLowerCase().endsWith('.png')) return writeContent(path, svg);
  await writeContent(path, await svgToPng(svg));
}

async function writeReport(
  { path, inputs, data, margin, x, y, engine, signal }: ReportJob,
  model: GaussianMixture,
  score: ReportScore,
  origin: Pick<ReportInput, 'fit' | 'sweep'> & Pick<ReportMaking, 'options'>,
): Promise<void> {
  const rows = await readReportRows(model, data, margin, engine, signal);
  const { options, ...rest } = origin;
  const report: ReportInput = {
    source: describeInputs(inputs),
    ...rows,
    x,
    y,
    score,
    ...rest,
    made: { ...describeMaking(), options },
  };
  const text = await reportHtml(report);
  signal.throwIfAborted();
  await writeContent(path, text);
}

function describeSweep({ best, criterion, fits }: Selection): ReportSweep {
  return {
    criterion,
    best: fits.findIndex(({ model }) => model === best.model),
    cells: fits.map(({ model: _, error, ...cell }) => ({
      ...cell,
      ...(error && { error: nameFlags(error.parts) }),
    })),
  };
}

/** The options that were set, by their flags. */
function describeOptions(options: FitOptions | SelectOptions): ReportMaking['options'] {
  return Object.entries(options)
    .filter(([name, value]) => FLAG_OF[name] !== undefined && name !== 'seed' && value !== undefined)
    .map(([name, value]) => {
      if (name === 'noise' && typeof value === 'object') return [FLAG_OF[name], String(value.volume ?? true)];
      const isNested = typeof value === 'object' && !Array.isArray(value);
      return [FLAG_OF[name], isNested ? 'start values from a file' : String(value)];
    });
}

/** The command line, quoted for a shell. */
function describeMaking(): ReportMaking {
  return {
    version: manifest.version,
    command: `parallel-gmm ${process.argv.slice(2).map(shellWord).join(' ')}`,
    seconds: performance.now() / 1000,
  };
}
