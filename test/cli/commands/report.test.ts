import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type * as Package from '../../../src/index.js';
import type { PageData } from '../../../src/report/page/page-data.js';
import { Dataset, fit } from '../../package.js';
import { parseHtml } from '../../report/samples.js';
import { createFolder, FAITHFUL, run } from '../command.js';

/** Probabilities in a page have six decimals, sums of them are shown to one. */
const SHOWN = 0.051;

const folder = createFolder();
const modelPath = join(folder, 'model.json');
let data: Package.Dataset;
let model: Package.GaussianMixture;

beforeAll(async () => {
  data = await Dataset.read(FAITHFUL);
  ({ model } = await fit(data, { nComponents: 3 }));
  writeFileSync(modelPath, JSON.stringify(model));
});

function readPage(name: string) {
  const document = parseHtml(readFileSync(join(folder, name), 'utf8'));
  const texts = (selector: string) =>
    [...document.querySelectorAll(selector)].map((element) => (element.textContent ?? '').trim());
  return { texts, data: JSON.parse(texts('#data')[0]) as PageData };
}

/** A number as the page writes it. */
function parse(text: string): number {
  return Number(text.replaceAll(',', '').replace('−', '-'));
}

describe.concurrent('parallel-gmm report', () => {
  it('writes a page with what the library computes', async () => {
    const args = ['report', modelPath, FAITHFUL, '-o', 'page.html', '--margin', '0.3'];
    const { code, stdout, stderr } = await run(args, { cwd: folder });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: 'note: wrote "page.html"\n' });
    const { texts, data: page } = readPage('page.html');

    const notes = texts('.figures small');
    const figures = texts('.figures dd').map((text, i) =>
      parse(text.slice(0, -notes[i].length || undefined)),
    );
    const mean = await model.score(data);
    const criteria = await Promise.all([model.bic(data), model.aic(data), model.icl(data)]);
    const totals = [mean * 272, ...criteria].map((value) => Number(value.toFixed(2)));
    const labels = await model.predict(data);
    const proba = await model.predictProba(data);
    const fringe = await model.fringe(data, { margin: 0.3 });
    expect(figures).toEqual([...totals, model.nParameters, fringe.length]);
    for (let j = 0; j < 3; j++) {
      const cells = texts(`section[aria-labelledby="components"] table tbody tr:nth-child(${j + 1}) td`);
      expect(parse(cells[1])).toBe(labels.filter((label) => label === j).length);
      let effective = 0;
      for (let i = 0; i < 272; i++) effective += proba[3 * i + j];
      expect(Math.abs(parse(cells[2]) - effective)).toBeLessThan(SHOWN);
    }
    expect(texts('#fringe-table tbody th').map(Number)).toEqual(Array.from(fringe));
    expect(page.labels).toEqual(Array.from(labels));
    expect(page.values.slice(0, 4)).toEqual([...data.row(0), ...data.row(1)]);
    expect(texts('#making + dl div').join(' ')).toContain('--margin 0.3');
  });

  it('writes the same numbers on any number of threads', async () => {
    const [one, two] = await Promise.all(
      ['1', '2'].map(async (threads) => {
        await run(['report', modelPath, FAITHFUL, '-o', `threads${threads}.html`, '--threads', threads], {
          cwd: folder,
        });
        return readPage(`threads${threads}.html`).data;
      }),
    );
    expect(one).toEqual(two);
    expect(one.rows).toHaveLength(272);
  });

  it('draws the columns that are named', async () => {
    const args = ['report', modelPath, FAITHFUL, '--quiet', '--x', 'waiting'];
    await Promise.all(
      ['a.html', 'a.svg', 'a.png'].map(async (name) => {
        expect(await run([...args, '-o', name], { cwd: folder })).toEqual({
          code: 0,
          stdout: '',
          stderr: '',
        });
      }),
    );
    expect(readPage('a.html').texts('.wide .x-name')).toEqual(['waiting']);
    expect(readPage('a.html').texts('.wide .y-name')).toEqual(['eruptions']);
    const svg = readFileSync(join(folder, 'a.svg'), 'utf8');
    expect(svg).toMatch(/^<svg .*<\/svg>\n$/s);
    expect(svg).toContain('eruptions against waiting');
    expect(readFileSync(join(folder, 'a.png')).subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  });

  it('leaves the file as it was when it fails', async () => {
    const path = join(folder, 'before.html');
    writeFileSync(path, 'before');
    const { code, stderr } = await run(['report', modelPath, FAITHFUL, '--columns', 'waiting', '-o', path]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'note: columns used: waiting\n' +
        'error: the rows have 1 columns, the model 2; give it the columns it was fitted on\n',
    });
    expect(readFileSync(path, 'utf8')).toBe('before');
  });
});

describe.concurrent('--report', () => {
  it('tells of a fit how it went, beside the usual output', async () => {
    copyFileSync(FAITHFUL, join(folder, 'faithful.csv'));
    const args = ['fit', 'faithful.csv', '-k', '2', '--seed', '5', '--report', 'fit.html', '--json'];
    const { stdout } = await run(args, { cwd: folder });
    const result = JSON.parse(stdout);
    const { texts } = readPage('fit.html');
    expect(texts('#trace + p')[0]).toContain(`each of ${result.logLikelihoods.length} M-steps`);
    expect(texts('.lead')[0]).toContain(`converged after ${result.nIterations} iterations`);
    const making = texts('#making + dl div');
    expect(making[0]).toBe('commandparallel-gmm fit faithful.csv -k 2 --seed 5 --report fit.html --json');
    expect(making).toContain('-k2');
    expect(making).toContain('seed5');
    expect(making.at(-2)).toMatch(/^time\d+\.\d\d seconds$/);
  });

  it('tells of a variational fit its lower bound, beside --json and the text', async () => {
    const args = ['fit', FAITHFUL, '-k', '3', '--method', 'variational', '--report', 'variational.html'];
    const [text, json] = await Promise.all([
      run(args, { cwd: folder }),
      run(['fit', FAITHFUL, '-k', '3', '--method', 'variational', '--json']),
    ]);
    const { lowerBound, lowerBounds } = JSON.parse(json.stdout);
    expect(lowerBounds.at(-1)).toBe(lowerBound);
    expect(text.stdout).toMatch(new RegExp(`^lower bound +${lowerBound.toFixed(4)}$`, 'm'));
    const { texts } = readPage('variational.html');
    expect(parse(texts('.figures dd')[0].replace(/what.*/s, ''))).toBe(Number(lowerBound.toFixed(2)));
    expect(texts('#trace + p')[0]).toContain(
      `The lower bound before each of ${lowerBounds.length - 1} M-steps`,
    );
  });

  it('tells of a sweep every model and which was chosen', async () => {
    const args = [
      'select',
      FAITHFUL,
      '-k',
      '1..3',
      '--covariance',
      'full,tied',
      '--report',
      'sweep.html',
      '--json',
    ];
    const { stdout } = await run(args, { cwd: folder });
    const { best, fits } = JSON.parse(stdout);
    const { texts } = readPage('sweep.html');
    const bics = texts('section[aria-labelledby="choice"] tbody td:nth-child(4)').map(parse);
    expect(bics).toEqual(fits.map((cell: { bic: number }) => Number(cell.bic.toFixed(2))));
    expect(texts('tr.best td').slice(1, 4)).toEqual([
      String(best.nComponents),
      best.covarianceType,
      best.bic.toFixed(2),
    ]);
    expect(texts('.criterion .wide svg')).toHaveLength(1);
  });
});
