/** Hostile files: damaged files of every format, and CSV files with the faults that people and programs make. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { CLI, FAITHFUL } from '../cli/command.js';
import { corrupt } from '../fuzz/corrupt.js';
import { type CsvOutcome, createCsvCases, findLie } from '../fuzz/csv.js';
import { readInChild } from '../fuzz/read-in-child.js';
import { SEED } from '../fuzz/seed.js';

const folder = mkdtempSync(join(tmpdir(), 'parallel-gmm-hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pathOf = (name: string) => join(folder, name);

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(pathOf(name), content);
  return pathOf(name);
}

describe(`CSV files of a known table, seed ${SEED}`, () => {
  it('are read exactly, or refused, or a note names the loss', async () => {
    const cases = createCsvCases(SEED, 600);
    const files = cases.map(({ text }, i) => write(`case-${i}.csv`, text));
    const outcomes = await readInChild(files);
    const lies = outcomes.flatMap((outcome, i) => {
      const lie = 'crash' in outcome ? String(outcome.crash) : findLie(cases[i], outcome as CsvOutcome);
      return lie === undefined ? [] : [`${lie}: ${cases[i].description}\n${cases[i].text.slice(0, 300)}`];
    });
    expect(lies).toEqual([]);
  });
});

describe(`damaged files, seed ${SEED}`, () => {
  beforeAll(() => {
    const run = (...args: string[]) => execFileSync(process.execPath, [CLI, ...args, '--quiet']);
    run('fit', FAITHFUL, '-k', '2', '--model', pathOf('whole.model.json'));
    for (const format of ['parquet', 'npy', 'csv'])
      run('sample', pathOf('whole.model.json'), '-n', '200', '-o', pathOf(`whole.${format}`));
    const lines = readFileSync(pathOf('whole.csv'), 'utf8').split('\n').slice(1, -1);
    write(
      'whole.jsonl',
      lines.map((line) => `{"a": ${line.split(',')[0]}, "b": ${line.split(',')[1]}}\n`).join(''),
    );
    write('whole.csv.gz', gzipSync(readFileSync(pathOf('whole.csv'))));
  });

  it.each([
    ['parquet', 400],
    ['npy', 160],
    ['csv', 160],
    ['jsonl', 160],
    ['csv.gz', 160],
    ['model.json', 160],
  ])('.%s: %i of them give finite numbers or an error with a code', async (format, count) => {
    const random = createRandom(SEED);
    const whole = readFileSync(pathOf(`whole.${format}`));
    const files = Array.from({ length: count }, (_, i) =>
      write(`damaged-${i}.${format}`, corrupt(whole, random)),
    );
    const faults = (await readInChild(files)).filter((outcome) => {
      const { error, crash, allFinite } = outcome as {
        error?: { code: string };
        crash?: string;
        allFinite?: boolean;
      };
      return crash !== undefined || error?.code.startsWith('raw') || allFinite === false;
    });
    expect(faults).toEqual([]);
  });

  it.each([
    ['[', ']'],
    ['{"a":', '}'],
  ])('50,000 nested %s do not end the process', async (open, close) => {
    const nested = `${open.repeat(50_000)}1${close.repeat(50_000)}`;
    const files = [
      write('nested.json', nested),
      write('nested.jsonl', `{"a": 1}\n${nested}\n`),
      write('nested.model.json', nested),
    ];
    for (const outcome of await readInChild(files)) expect(outcome).toHaveProperty('error.code');
  });
});
