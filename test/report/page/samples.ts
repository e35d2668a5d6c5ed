/** Inputs of reports, with made-up rows. */

import { chooseRows } from '../../../src/report/page/choose-rows.js';
import type { ReportInput } from '../../../src/report/page/report-input.js';
import { createRowSummary } from '../../../src/report/page/row-summary.js';
import type { CovarianceType } from '../../../src/types.js';
import { createParameters } from '../samples.js';

/** n rows of d columns around k means on a line; every seventh row lies between two of them. */
export function createReportInput(
  { n = 60, d = 2, k = 2, type = 'spherical' as CovarianceType } = {},
  more: Partial<ReportInput> = {},
): ReportInput {
  const sizes = { full: k * d * d, tied: d * d, diag: k * d, spherical: k };
  const covariances = Array.from({ length: sizes[type] }, (_, i) =>
    type === 'spherical' || type === 'diag' || i % (d + 1) === 0 ? 1 : 0,
  );
  const eye = Array.from({ length: k * d * d }, (_, i) =>
    Math.floor((i % (d * d)) / d) === i % d ? 2 : 0.1,
  );
  const parameters = createParameters(
    type,
    new Array(k).fill(1 / k),
    Array.from({ length: k * d }, (_, i) => 10 * Math.floor(i / d)),
    type === 'full' ? eye : type === 'tied' ? eye.slice(0, d * d) : covariances,
  );
  const rows = new Float64Array(n * d);
  const responsibilities = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    const label = i % k;
    for (let a = 0; a < d; a++) rows[i * d + a] = 10 * label + Math.sin(7 * i + a);
    const isFringe = k > 1 && i % 7 === 6;
    responsibilities[i * k + label] = isFringe ? 0.5 + i / (10 * n) : 1;
    if (isFringe) responsibilities[i * k + ((label + 1) % k)] = 0.5 - i / (10 * n);
  }
  const builder = createRowSummary(n, d, k);
  builder.add(rows, responsibilities);
  const summary = builder.finish();
  const chosen = chooseRows(summary.margins, 0.5, d + k);
  return {
    source: 'rows.csv',
    parameters,
    columns: Array.from({ length: d }, (_, a) => `column ${a}`),
    ...{ summary, chosen, rows, responsibilities, fringeMargin: 0.5 },
    isWeighted: false,
    score: {
      logLikelihood: -123.456,
      meanLogLikelihood: -2.0576,
      bic: 300,
      aic: 280,
      icl: 310,
      nParameters: 7,
    },
    made: { version: '1.2.3', command: 'parallel-gmm report model.json rows.csv -o out.html', seconds: 1.5 },
    ...more,
  };
}
