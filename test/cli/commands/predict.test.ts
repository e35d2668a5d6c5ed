import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type * as Package from '../../../src/index.js';
import { Dataset, fit } from '../../package.js';
import { CLI, createFolder, FAITHFUL, run, start } from '../command.js';

const folder = createFolder();
const modelPath = join(folder, 'model.json');
let data: Package.Dataset;
let model: Package.GaussianMixture;
/** (n × 6) what `predict` has to write. */
let expected: number[][];

beforeAll(async () => {
  data = await Dataset.read(FAITHFUL);
  ({ model } = await fit(data, { nComponents: 3 }));
  writeFileSync(modelPath, JSON.stringify(model));
  const [labels, proba, uncertainty, logDensity] = await Promise.all([
    model.predict(data),
    model.predictProba(data),
    model.uncertainty(data),
    model.scoreSamples(data),
  ]);
  expected = Array.from(labels, (label, i) => [
    label,
    ...proba.subarray(3 * i, 3 * i + 3),
    uncertainty[i],
    logDensity[i],
  ]);
});

function parseCsv(text: string): { head: string; rows: number[][] } {
  const [head, ...lines] = text.trimEnd().split('\n');
  return { head, rows: lines.map((line) => line.split(',').map(Number)) };
}

describe.concurrent('parallel-gmm predict', () => {
  it('writes as CSV what the library computes, to the bit and in order', async () => {
    const path = join(folder, 'out.csv');
    const { code, stdout } = await run(['predict', modelPath, FAITHFUL, '-o', path]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    const { head, rows } = parseCsv(readFileSync(path, 'utf8'));
    expect(head).toBe('label,p0,p1,p2,uncertainty,log_density');
    expect(rows).toEqual(expected);
  });

  it('writes the same as .npy', async () => {
    const path = join(folder, 'out.npy');
    await run(['predict', modelPath, FAITHFUL, '-o', path]);
    const written = await Dataset.read(path);
    expect(written.nSamples).toBe(272);
    for (const i of [0, 1, 100, 271]) expect(Array.from(written.row(i))).toEqual(expected[i]);
  });

  it('writes CSV to standard output without -o, as for -o -', async () => {
    const { stdout, stderr } = await run(['predict', modelPath, FAITHFUL]);
    expect(await run(['predict', modelPath, FAITHFUL, '-o', '-'])).toMatchObject({ stdout, stderr });
    expect(stderr).toBe('');
    expect(parseCsv(stdout).rows).toEqual(expected);
  });

  it('finds the columns by name, wherever they stand', async () => {
    const sql = "select 'x' as note, waiting, 0 as zero, eruptions from input";
    const { stdout } = await run(['predict', modelPath, FAITHFUL, '--sql', sql, '-o', '-']);
    expect(parseCsv(stdout).rows).toEqual(expected);
  });

  it('takes all numeric columns for a model without names', async () => {
    const path = join(folder, 'nameless.json');
    writeFileSync(path, JSON.stringify({ ...model.toJSON(), columns: ['x0', 'x1'] }));
    const { stdout } = await run(['predict', path, FAITHFUL, '-o', '-']);
    expect(parseCsv(stdout).rows).toEqual(expected);
  });

  it('carries columns along with --keep, in the order asked for, in front', async () => {
    const sql = 'select *, \'a,"b"\' as "x,y", date \'2020-01-31\' as __proto__ from input';
    const args = ['--sql', sql, '--keep', '__proto__', '--keep', '"x,y",waiting', '-o', '-'];
    const { code, stdout, stderr } = await run(['predict', modelPath, FAITHFUL, ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [head, ...lines] = stdout.trimEnd().split('\n');
    expect(head).toBe('__proto__,"x,y",waiting,label,p0,p1,p2,uncertainty,log_density');
    const waiting = expected.map((_, i) => data.row(i)[1]);
    expect(lines).toEqual(
      expected.map((row, i) => ['2020-01-31', '"a,""b"""', waiting[i], ...row].join(',')),
    );
  });

  it('names the columns that it takes for those of a model', async () => {
    const path = join(folder, 'positions.json');
    writeFileSync(path, JSON.stringify({ ...model.toJSON(), columns: ['x0', 'x1'] }));
    expect((await run(['predict', path, FAITHFUL])).stderr).toBe('note: columns used: eruptions, waiting\n');
  });

  it('writes kept text so that no spreadsheet runs it, where that is asked for', async () => {
    const sql = 'select *, \'=1+1\' as "=note", -waiting as minus from input limit 1';
    const args = ['predict', modelPath, FAITHFUL, '--sql', sql, '--keep', '=note,minus'];
    const [plain, escaped] = await Promise.all([run(args), run([...args, '--escape-formulas'])]);
    expect(plain.stdout).toMatch(/^=note,minus,label,.*\n=1\+1,-79,/);
    expect(escaped.stdout).toMatch(/^"'=note","minus","label",.*\n"'=1\+1",-79,\d,/);
  });

  it('reads several inputs one after the other, and what predict wrote before', async () => {
    const path = join(folder, 'again.csv');
    await run(['predict', modelPath, FAITHFUL, '--keep', 'waiting,eruptions', '-o', path]);
    const { stdout, stderr } = await run(['predict', modelPath, path, path]);
    expect(stderr).toBe('');
    expect(parseCsv(stdout).rows).toEqual([...expected, ...expected]);
  });

  it.skipIf(process.platform !== 'linux')('steers no terminal', async () => {
    const path = join(folder, 'steering.csv');
    writeFileSync(path, 'eruptions,waiting,note\n3,60,\u001b[31mred\n');
    const command = [process.execPath, CLI, 'predict', modelPath, path, '--keep', 'note'];
    const words = command.map((word) => `'${word}'`).join(' ');
    // script (of util-linux) runs it on a terminal of its own.
    const { stdout } = await promisify(execFile)('script', ['-qec', words, '/dev/null']);
    expect(stdout).toContain('\\u001b[31mred,');
    expect(stdout).not.toContain('\u001b[31m');
  });

  it('carries columns of standard input along', async () => {
    const running = start(['predict', modelPath, '-', '--keep', 'id', '-o', '-'], { stdin: 'open' });
    running.input('id,waiting,eruptions\n007,54,1.8\n8,79,3.6\n');
    const { stdout } = await running.ended;
    expect(stdout.split('\n').map((line) => line.split(',')[0])).toEqual(['id', '007', '8', '']);
  });

  it('scores many batches of a Parquet file as one', async () => {
    const n = 300_001;
    const rows = await model.sample(n, { seed: 3 }).samples;
    const path = join(folder, 'many.parquet');
    await run(['sample', modelPath, '-n', String(n), '--seed', '3', '-o', path]);
    const out = join(folder, 'many-out.parquet');
    const { code, stderr } = await run(['predict', modelPath, path, '--keep', 'label', '-o', out]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'error: --keep names "label", which the output already has; rename it with --sql\n',
    });
    await run([
      'predict',
      modelPath,
      path,
      '--sql',
      'select *, label as drawn from input',
      '--keep',
      'drawn',
      '-o',
      out,
    ]);
    const written = await Dataset.read(out);
    const all = await Dataset.from(rows, { nFeatures: 2 });
    const [proba, logDensity] = [await model.predictProba(all), await model.scoreSamples(all)];
    const { labels } = model.sample(n, { seed: 3 });
    expect(written.columns).toEqual(['drawn', 'label', 'p0', 'p1', 'p2', 'uncertainty', 'log_density']);
    let different = 0;
    for (let i = 0; i < n; i++) {
      const row = written.row(i);
      if (row[0] !== labels[i] || row[6] !== logDensity[i]) different++;
      for (let j = 0; j < 3; j++) if (row[2 + j] !== proba[3 * i + j]) different++;
    }
    expect({ n: written.nSamples, different }).toEqual({ n, different: 0 });
  });

  it('leaves the file as it was when it fails', async () => {
    const path = join(folder, 'before.csv');
    writeFileSync(path, 'before');
    const bad = join(folder, 'bad.csv');
    writeFileSync(bad, 'eruptions,waiting\n1,2\n3,nan\n');
    const { code, stderr } = await run(['predict', modelPath, bad, '-o', path]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /^error: row 1 \(line 3\), column "waiting" is NaN; every value must be a finite number\n/,
      ),
    });
    expect(readFileSync(path, 'utf8')).toBe('before');
  });

  it('ends quietly when its reader goes away', async () => {
    const many = 'select a.* from input a, input b limit 50000';
    const running = start(['predict', modelPath, FAITHFUL, '--sql', many, '-o', '-']);
    running.closeOutput();
    expect(await running.ended).toMatchObject({ code: 0, stderr: '' });
  });
});

describe.concurrent('parallel-gmm sample', () => {
  it('writes what the library draws, with labels', async () => {
    const path = join(folder, 'drawn.csv');
    const { code } = await run(['sample', modelPath, '-n', '100', '--seed', '7', '-o', path]);
    expect(code).toBe(0);
    const { head, rows } = parseCsv(readFileSync(path, 'utf8'));
    const { samples, labels } = model.sample(100, { seed: 7 });
    expect(head).toBe('eruptions,waiting,label');
    expect(rows).toEqual(Array.from(labels, (label, i) => [samples[2 * i], samples[2 * i + 1], label]));
  });

  it('draws the same rows for the same seed only', async () => {
    const draw = async (seed: string) =>
      (await run(['sample', modelPath, '-n', '20', '--seed', seed, '-o', '-'])).stdout;
    const [one, again, other] = await Promise.all([draw('3'), draw('3'), draw('4')]);
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  it('draws none when none are wanted', async () => {
    const { code, stdout } = await run(['sample', modelPath, '-n', '0', '-o', '-']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'eruptions,waiting,label\n' });
    expect(existsSync(join(folder, '-'))).toBe(false);
  });
});
