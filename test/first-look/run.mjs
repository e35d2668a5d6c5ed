/**
 * What a new user meets: fifty command lines and twenty small programs on real tables, each printed with what it says.
 *
 * They run in a folder of their own with R's tables (tables/), the project's (data/) and those of npm's vega-datasets. After each,
 * three things must hold: it ended as expected and said why, every input has the same bytes as before, and no file is left
 * that was not asked for.
 */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from './commands.mjs';
import { PROGRAMS } from './programs.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A run that takes longer hangs. */
const TIME_LIMIT_MS = 120_000;

/** Lines of output that are shown of each run; the middle of longer ones is cut. */
const MOST_LINES = 24;

/** Larger tables than this are left where they are. */
const MOST_BYTES = 3e6;

/** The folder that everything runs in. Inputs are in it, and what a shell and Node need to find the package. */
function createFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'parallel-gmm-first-look-'));
  cpSync(join(root, 'test/first-look/tables'), folder, { recursive: true });
  cpSync(join(root, 'data'), folder, { recursive: true });
  const vega = join(root, 'node_modules/vega-datasets/data');
  for (const name of readdirSync(vega)) {
    const from = join(vega, name);
    if (/\.(csv|tsv|json)$/.test(name) && statSync(from).size <= MOST_BYTES) cpSync(from, join(folder, name));
  }
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  symlinkSync(root, join(folder, 'node_modules/parallel-gmm'), 'junction');
  const command = join(folder, 'node_modules/.bin/parallel-gmm');
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'dist/cli.js')}" "$@"\n`);
  chmodSync(command, 0o755);
  return folder;
}

/** Name → hash of every file in the folder. */
function hashFiles(folder) {
  const files = readdirSync(folder).filter((name) => statSync(join(folder, name)).isFile());
  return new Map(
    files.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );
}

/** What changed between two states of the folder, in words, but for the outputs that were asked for. */
function describeChanges(before, after, outputs) {
  const names = [...new Set([...before.keys(), ...after.keys()])].filter((name) => !outputs.includes(name));
  return names
    .filter((name) => before.get(name) !== after.get(name))
    .map(
      (name) =>
        `${name} ${!after.has(name) ? 'is gone' : before.has(name) ? 'was changed' : 'was left behind'}`,
    );
}

function shorten(text) {
  const lines = text.replace(/\s+$/, '').split('\n');
  if (lines.length <= MOST_LINES) return lines.join('\n');
  const half = MOST_LINES / 2;
  return [...lines.slice(0, half), `… ${lines.length - 2 * half} more lines …`, ...lines.slice(-half)].join(
    '\n',
  );
}

/** @returns what is wrong with how a run ended, in words */
function findFaults({ exit = 0, says = [], never = [] }, { status, signal, stdout, stderr }) {
  const all = `${stdout}\n${stderr}`;
  return [
    ...(signal ? [`was ended by ${signal}`] : []),
    ...(status !== exit && !signal ? [`exit code ${status}, not ${exit}`] : []),
    ...(status !== 0 && stderr.trim() === '' ? ['failed without a word'] : []),
    ...(all.includes('    at ') ? ['shows a stack trace'] : []),
    ...[says].flat().flatMap((wanted) => (wanted.test(all) ? [] : [`does not say ${wanted}`])),
    ...[never].flat().flatMap((unwanted) => (unwanted.test(all) ? [`says ${unwanted}`] : [])),
  ];
}

function runAll() {
  const folder = createFolder();
  const environment = {
    ...process.env,
    PATH: `${join(folder, 'node_modules/.bin')}${delimiter}${process.env.PATH}`,
  };
  let nFaulty = 0;
  const runOne = (title, test, command, args) => {
    const before = hashFiles(folder);
    const begin = performance.now();
    const ended = spawnSync(command, args, {
      cwd: folder,
      env: environment,
      encoding: 'utf8',
      timeout: TIME_LIMIT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: 1 << 28,
    });
    const seconds = (performance.now() - begin) / 1000;
    const faults = [
      ...findFaults(test, ended),
      ...describeChanges(before, hashFiles(folder), test.writes ?? []),
    ];
    if (faults.length > 0) nFaulty++;
    console.log(`${title}\n${shorten(ended.stdout + ended.stderr)}`);
    console.log(
      `[exit ${ended.status}, ${seconds.toFixed(1)} s]${faults.map((fault) => `\nFAULT: ${fault}`).join('')}\n`,
    );
  };
  try {
    for (const test of COMMANDS) runOne(`$ ${test.line}`, test, 'sh', ['-c', test.line]);
    for (const test of PROGRAMS) {
      const file = 'program.mjs';
      writeFileSync(join(folder, file), test.text);
      runOne(`// ${test.name}\n${test.text.trim()}\n→`, test, process.execPath, [file]);
      rmSync(join(folder, file));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${COMMANDS.length} commands and ${PROGRAMS.length} programs: ${nFaulty} with faults`);
  process.exitCode = nFaulty > 0 ? 1 : 0;
}

runAll();
