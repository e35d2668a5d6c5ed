/** The heading, and the summary below it. */

import { countOf, formatCount } from '../chart/counts.js';
import { describeAgreement, type StartEnd } from './agreement.js';
import { type Html, html, nameOf } from './html.js';
import { formatNumber, formatTotal } from './numbers.js';
import type { ReportFit, ReportInput, ReportScore } from './report-input.js';
import { section } from './section.js';

export function writeHeader({ parameters, summary, columns, fit, source }: ReportInput): Html {
  const { nComponents: k, covarianceType: type, degreesOfFreedom, noise } = parameters;
  const [one, several] = degreesOfFreedom ? ['t component', 't components'] : ['Gaussian', 'Gaussians'];
  return html`<header>
<h1>${k === 1 ? `One ${one}` : `A mixture of ${k} ${several}`}${noise && ' and noise'}</h1>
<p class="lead">${nameOf(source)}: ${countOf(summary.nSamples, 'row')}, ${countOf(columns.length, 'column')}.
${type[0].toUpperCase() + type.slice(1)} covariance${fit && howItEnded(fit)}.</p>
</header>
`;
}

function howItEnded({ status, nIterations }: ReportFit): Html {
  const ended =
    status === 'converged'
      ? 'converged'
      : status === 'regularized'
        ? 'held by a prior, as every start collapsed without,'
        : html`<strong>not converged</strong>`;
  return html`, ${ended} after ${countOf(nIterations, 'iteration')}`;
}

export function writeSummary({ parameters, summary, score, fringeMargin, chosen, fit }: ReportInput): Html {
  const { nSamples } = summary;
  const share = formatNumber(Number(((100 * chosen.nFringe) / nSamples).toPrecision(2)));
  const figures: readonly (readonly [string, string, string])[] = [
    ...figureOf('lower bound', score.lowerBound, 'what the fit raises'),
    ['log-likelihood', formatTotal(score.logLikelihood), `${formatNumber(score.meanLogLikelihood)} per row`],
    ...figureOf('log prior', score.logPrior, 'raised with the log-likelihood'),
    ['BIC', formatTotal(score.bic), 'lower is better'],
    ['AIC', formatTotal(score.aic), 'lower is better'],
    ['ICL', formatTotal(score.icl), 'lower is better'],
    ['free parameters', formatCount(score.nParameters), ''],
    ['on the fringe', formatCount(chosen.nFringe), `${share} % of the rows`],
  ];
  const margin =
    parameters.nComponents > 1 &&
    `A row’s margin is the difference of its two largest probabilities. Rows with a margin below ${fringeMargin} are on the
fringe: their component is uncertain.`;
  return section(
    'summary',
    'Summary',
    html`<dl class="figures">${figures.map(
      ([name, value, note]) => html`<div><dt>${name}</dt><dd>${value}<small>${note}</small></dd></div>\n`,
    )}</dl>\n`,
    html`<p class="note">${fit?.starts && describeStarts(fit.starts, score)}${margin}</p>\n`,
  );
}

function figureOf(name: string, value: number | undefined, note: string): [string, string, string][] {
  return value === undefined ? [] : [[name, formatTotal(value), note]];
}

function describeStarts(starts: readonly StartEnd[], { logLikelihood }: ReportScore): string {
  const agreement = describeAgreement(starts, logLikelihood);
  return agreement && `${agreement}. `;
}
