import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { PageData } from '../../../src/report/page/page-data.js';
import { reportHtml } from '../../../src/report/page/report.js';
import type { ReportInput } from '../../../src/report/page/report-input.js';
import { createRowSummary } from '../../../src/report/page/row-summary.js';
import { parseHtml } from '../samples.js';
import { createReportInput } from './samples.js';

const NASTY = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(2)>',
  '__proto__',
  '"\' onload=x',
];

function write(input: ReportInput) {
  const text = reportHtml(input);
  const document = parseHtml(text);
  const all = (selector: string) => [...document.querySelectorAll(selector)];
  const texts = (selector: string) => all(selector).map((element) => (element.textContent ?? '').trim());
  const data = JSON.parse(document.querySelector('#data')?.textContent ?? '') as PageData;
  return { text, all, texts, data };
}

function sectionNames(texts: (selector: string) => string[]): string[] {
  return texts('h2');
}

describe('reportHtml', () => {
  it('allows by hash the script and the style it has, and nothing else', async () => {
    const { text, all } = write(createReportInput());
    const policy = all('meta[http-equiv="Content-Security-Policy"]')[0].getAttribute('content') ?? '';
    // As in the browser: the hash of all text between the tags.
    const between = (tag: string) => new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(text)?.[1] ?? '';
    const hash = (content: string) => `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hash(between('script'))}`,
      `style-src ${hash(between('style'))}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(between('script').length).toBeGreaterThan(1_000);
    expect(all('script:not([type])')).toHaveLength(1);
    expect(all('[style], [onclick], [src], iframe, object, embed, base, form')).toHaveLength(0);
    expect(all('link').map((link) => link.getAttribute('href'))).toEqual(['data:,']);
    expect(text.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|@import|url\(/);
  });

  it('shows hostile names as text, everywhere', async () => {
    const input = createReportInput(
      { d: NASTY.length, type: 'full' },
      {
        source: NASTY[0],
        columns: NASTY,
        made: { version: '1', command: NASTY.join(' '), seconds: 0, options: [['--sql', NASTY[1]]] },
      },
    );
    const cells = [{ nComponents: 2, covarianceType: 'full', status: 'failed', error: NASTY[1] }] as const;
    const { all, texts, data, text } = write({ ...input, sweep: { criterion: 'bic', best: 0, cells } });
    expect(all('script')).toHaveLength(2);
    expect(all('img')).toHaveLength(0);
    expect(data.columns).toEqual(NASTY);
    expect(texts('#x-column option')).toEqual(NASTY);
    expect(texts('#making + dl code')).toEqual([NASTY.join(' '), NASTY[1]]);
    expect(texts('td small')).toEqual([NASTY[1]]);
    expect(text.match(/<\/script>/g)).toHaveLength(2);
    expect(texts('title')[0]).toContain(NASTY[0]);
  });

  it('is the same for the same input', async () => {
    expect(reportHtml(createReportInput())).toBe(reportHtml(createReportInput()));
  });

  it('leaves out what there is none of', async () => {
    const { texts } = write(createReportInput());
    expect(sectionNames(texts)).toEqual([
      'Summary',
      'Rows and components',
      'The fringe',
      'Components',
      'Columns of the data',
      'How it was made',
    ]);
    expect(texts('.note').join()).not.toContain('weights');
    expect(
      write(createReportInput({}, { isWeighted: true }))
        .texts('.note')
        .join(),
    ).toContain('without the sample weights of the fit');
    const one = write(createReportInput({ k: 1 }));
    expect(sectionNames(one.texts)).not.toContain('The fringe');
    expect(one.all('#margin')).toHaveLength(0);
    expect(one.texts('h1')).toEqual(['One Gaussian']);
  });

  it('tells the fit and the sweep where they are known', async () => {
    const cell = { nComponents: 1, covarianceType: 'full' as const, status: 'converged' as const };
    const cells = [
      { ...cell, bic: 310, aic: 300, icl: 320, logLikelihood: -150, nParameters: 5, nIterations: 1 },
      {
        ...cell,
        nComponents: 2,
        bic: 300,
        aic: 280,
        icl: 310,
        logLikelihood: -123.456,
        nParameters: 11,
        nIterations: 4,
      },
      { ...cell, nComponents: 3, status: 'failed' as const, error: 'too few rows' },
    ];
    const starts = [
      { status: 'converged' as const, logLikelihood: -124, moves: 0, agrees: true },
      { status: 'degenerate' as const, logLikelihood: -99, moves: 0, agrees: false },
    ];
    const { texts, all } = write(
      createReportInput(
        {},
        {
          sweep: { criterion: 'bic', best: 1, cells },
          fit: {
            ...{ status: 'max-iter', nIterations: 4, seed: 7, nSamples: 60 },
            ...{ starts, trace: { objective: 'log-likelihood', values: [-200, -150, -130, -124, -123.456] } },
          },
        },
      ),
    );
    expect(sectionNames(texts)).toEqual([
      'Summary',
      'Choice of the model',
      'Rows and components',
      'The fringe',
      'Components',
      'How the fit went',
      'Columns of the data',
      'How it was made',
    ]);
    expect(texts('.lead')[0]).toContain('not converged after 4 iterations');
    expect(texts('#summary ~ .note')[0]).toMatch(/^1 of 2 starts agree \(1 collapsed\)\. A row’s margin/);
    const choice = all('section[aria-labelledby="choice"]')[0];
    expect(choice.querySelectorAll('svg')).toHaveLength(2);
    expect(texts('tr.best td').slice(1, 6)).toEqual(['2', 'full', '300.00', '280.00', '310.00']);
    expect(texts('section[aria-labelledby="choice"] tbody tr').at(-1)).toContain('failedtoo few rows');
    expect(texts('#trace + p')[0]).toContain('4 M-steps and at the end: from −200.00');
    // The trace ends with the log-likelihood of the returned parameters, a fifth point.
    expect(all('.trace .wide .line')[0].getAttribute('d')?.split('L')).toHaveLength(5);
  });

  it.each([
    ['lower bound', { lowerBound: -140.25 }, 'lower bound−140.25'],
    ['log-likelihood plus log prior', { logPrior: -7.5 }, 'log prior−7.50'],
  ] as const)('shows the %s as what the fit raised', (objective, measures, figure) => {
    const { score } = createReportInput();
    const values = [-160.5, -150, -140.25];
    const { texts, all } = write(
      createReportInput(
        {},
        {
          score: { ...score, ...measures },
          fit: {
            ...{ status: 'converged', nIterations: 2, seed: 7, nSamples: 60 },
            trace: { objective, values },
          },
        },
      ),
    );
    expect(texts('.figures div').some((text) => text.startsWith(figure))).toBe(true);
    const course = new RegExp(
      `The ${objective} before each of 2 M-steps and at the end: from −160.5\\d* to −140.25`,
    );
    expect(texts('#trace + p')[0].replaceAll('\n', ' ')).toMatch(course);
    const charts = all('.trace .wide svg');
    expect(charts).toHaveLength(1);
    expect(charts[0].textContent).toContain(objective);
  });

  it('names noise among the components, with its rows, and hands it to the script', () => {
    const input = createReportInput();
    const { parameters, rows, responsibilities } = input;
    // Every tenth row is likeliest noise.
    const r = responsibilities.map((value, i) => (Math.floor(i / 2) % 10 === 0 ? 0.1 * value : value));
    const summary = createRowSummary(60, 2, 2, true);
    summary.add(rows, r);
    const noisy = {
      ...input,
      parameters: { ...parameters, noise: { weight: 0.1, logDensity: -5 } },
      ...{ summary: summary.finish(), responsibilities: r },
    };
    const { texts, data, all } = write(noisy);
    expect(texts('h1')).toEqual(['A mixture of 2 Gaussians and noise']);
    const lines = texts('section[aria-labelledby="components"] table tbody tr');
    expect(lines.filter((text) => /^× noise.*6/s.test(text))).toHaveLength(1);
    expect(data.hasNoise).toBe(true);
    expect([...data.labels].filter((label) => label === -1)).toHaveLength(6);
    expect(all('svg path[stroke-width="1"]').length).toBeGreaterThan(0);
  });

  it('says that k is at the edge of what was tried, and takes one row for cells that collapsed', async () => {
    const cell = { covarianceType: 'full' as const, status: 'converged' as const };
    const numbers = { aic: 1, icl: 1, logLikelihood: -1, nParameters: 1, nIterations: 1 };
    const collapsed = { covarianceType: 'diag' as const, status: 'degenerate' as const, error: 'collapsed' };
    const cells = [
      { ...cell, ...numbers, nComponents: 1, bic: 310 },
      { ...cell, ...numbers, nComponents: 2, bic: 300 },
      ...[1, 2].map((nComponents) => ({ ...collapsed, nComponents })),
    ];
    const sweep = { criterion: 'bic' as const, best: 1, cells };
    const { texts } = write(createReportInput({}, { sweep }));
    expect(texts('section[aria-labelledby="choice"] .note')).toEqual([
      'The number of components chosen, 2, is the largest tried. Another may be better: try 1 to 4.',
    ]);
    const rows = texts('section[aria-labelledby="choice"] tbody tr');
    expect(rows).toHaveLength(3);
    expect(rows[2]).toBe('1–2diag––––––degeneratecollapsed');
  });

  it('lists the closest ties with what the page’s script needs to sort them', async () => {
    const input = createReportInput({ n: 70, k: 3 });
    const { texts, all, data } = write(input);
    const rows = texts('#fringe-table tbody th').map(Number);
    expect(rows).toEqual(Array.from(input.chosen.ties));
    expect(rows[0]).toBe(6);
    expect(
      all('#fringe-table tbody tr').map((row) => data.rows[Number(row.getAttribute('data-point'))]),
    ).toEqual(rows);
    expect(texts('#fringe-table tbody tr:first-child td').slice(0, 5)).toEqual([
      '0.017',
      '0',
      '0.509',
      '1',
      '0.491',
    ]);
  });

  it('shows the numbers of a mixture of any covariance type', async () => {
    const captions = async (type: 'full' | 'tied' | 'diag' | 'spherical', d: number, k: number) =>
      write(createReportInput({ type, d, k })).texts('section[aria-labelledby="components"] caption');
    const always = ['Weights and sizes', 'Means', 'Standard deviations'];
    expect(await captions('full', 3, 2)).toEqual([
      ...always,
      'Covariance of component 0',
      'Covariance of component 1',
    ]);
    expect(await captions('tied', 3, 2)).toEqual([...always, 'Covariance of every component']);
    expect(await captions('diag', 3, 2)).toEqual([...always, 'Variances; covariances are 0']);
    expect(await captions('spherical', 1, 2)).toEqual([...always, 'Variances; covariances are 0']);
    const matrix = write(createReportInput({ type: 'full' })).texts('details table:first-of-type td');
    expect(matrix.slice(0, 4)).toEqual(['2.0', '0.1', '0.1', '2.0']);
  });

  it('breaks tables that would be too wide, and leaves matrices of many columns to the model file', async () => {
    const { texts, all } = write(createReportInput({ type: 'full', d: 13, k: 8 }));
    const captions = texts('section[aria-labelledby="components"] caption');
    expect(captions.filter((caption) => caption.startsWith('Means'))).toEqual([
      'Means (1–6 of 8)',
      'Means (7–8 of 8)',
    ]);
    expect(all('details')).toHaveLength(0);
    expect(
      texts('.note').some((note) => note.includes('covariances of 13 columns are in the model file')),
    ).toBe(true);
  });

  it('draws one column as a histogram of all rows', async () => {
    const { all, data } = write(createReportInput({ d: 1, n: 7_000 }));
    expect(data.rows).toHaveLength(6_000);
    const { limits, heights } = data.histogram as NonNullable<PageData['histogram']>;
    const area = heights.reduce((sum, height, i) => sum + height * (limits[i + 1] - limits[i]), 0);
    expect(Math.abs(area - 1)).toBeLessThan(1e-9);
    expect(all('.wide .bars')).toHaveLength(1);
    expect(all('#x-column')).toHaveLength(0);
  });

  it('keeps the digits of values far from zero', async () => {
    const input = createReportInput({ d: 1, k: 1 });
    const rows = input.rows.map((value) => 1e9 + value);
    const [column] = input.summary.columns;
    const columns = [{ ...column, min: column.min + 1e9, max: column.max + 1e9 }];
    const { data } = write({ ...input, rows, summary: { ...input.summary, columns } });
    const range = column.max - column.min;
    data.values.forEach((value, i) => {
      expect(Math.abs(value - rows[i])).toBeLessThan(range * 1e-5);
    });
  });
});
