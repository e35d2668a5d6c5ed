/** Noise in the command: fits, sweeps, labels and probabilities of rows, pictures and reports. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { Dataset, fit, GaussianMixture } from '../package.js';
import { createFolder, run } from './command.js';

const folder = createFolder();
const path = join(folder, 'noisy.csv');
const random = createRandom(2);
/** Two clusters, and a row in ten anywhere from −20 to 30. */
const rows = Array.from({ length: 300 }, (_, i) =>
  i % 10 === 0
    ? [-20 + 50 * random.uniform(), -20 + 50 * random.uniform()]
    : [(i % 2) * 9 + random.normal(), random.normal()],
);
writeFileSync(path, `a,b\n${rows.map((row) => row.join(',')).join('\n')}\n`);
const data = await Dataset.from(rows, { columns: ['a', 'b'] });

describe('--noise', () => {
  it('fits what the library fits, and predict writes label −1 and its probability', async () => {
    const model = join(folder, 'noisy.json');
    const page = join(folder, 'noisy.html');
    const { code, stdout } = await run([
      'fit',
      path,
      '-k',
      '2',
      '--noise',
      '--model',
      model,
      '--report',
      page,
      '--json',
    ]);
    expect(code).toBe(0);
    const expected = await fit(data, { nComponents: 2, noise: true });
    const { noise, ...json } = JSON.parse(stdout);
    expect(noise).toEqual(expected.model.toJSON().noise);
    expect([json.bic, json.nParameters]).toEqual([expected.bic, expected.nParameters]);
    expect(readFileSync(page, 'utf8')).toContain('<h1>A mixture of 2 Gaussians and noise</h1>');

    const read = GaussianMixture.fromJSON(JSON.parse(readFileSync(model, 'utf8')));
    const scores = await read.scores(data);
    const [scored, drawn] = await Promise.all([
      run(['predict', model, path, '-o', '-']),
      run(['sample', model, '-n', '40', '--seed', '1', '-o', '-']),
    ]);
    const [head, ...lines] = scored.stdout.trimEnd().split('\n');
    expect(head).toBe('label,p0,p1,p_noise,uncertainty,log_density');
    const table = lines.map((line) => line.split(',').map(Number));
    expect(table.map(([label]) => label)).toEqual([...scores.labels]);
    expect(table.map((row) => row[3])).toEqual([...(scores.noise ?? [])]);
    expect(table.filter(([label]) => label === -1).length).toBeGreaterThan(20);
    expect(drawn.stdout).toContain(',-1\n');
  });

  it('takes a volume', async () => {
    const { stdout } = await run(['fit', path, '-k', '2', '--noise', '5000', '--json']);
    expect(JSON.parse(stdout).noise.logDensity).toBeCloseTo(-Math.log(5000), 12);
    const { code, stderr } = await run(['fit', path, '-k', '2', '--noise', 'much']);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('--noise must be a number, or left out, got "much"'),
    ]);
  });

  it('tries every model with and without with "both", and says in text and JSON which is which', async () => {
    const args = ['select', path, '-k', '2,3', '--covariance', 'spherical', '--noise', 'both', '--seed', '3'];
    const [json, text] = await Promise.all([run([...args, '--json']), run(args)]);
    const { best, fits } = JSON.parse(json.stdout);
    expect(
      fits.map((cell: { nComponents: number; hasNoise: boolean }) => [cell.nComponents, cell.hasNoise]),
    ).toEqual([
      [2, false],
      [3, false],
      [2, true],
      [3, true],
    ]);
    expect(best.noise.weight).toBeGreaterThan(0.05);
    expect(text.stdout).toMatch(/^\* +2 +spherical, noise /m);
    expect(text.stdout).toMatch(/^ +2 +spherical {2}/m);
    expect(text.stdout).toContain(`noise: weight `);
  });
});
