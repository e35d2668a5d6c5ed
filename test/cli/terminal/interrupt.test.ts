import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { GaussianMixture } from '../../package.js';
import { CLI, createFolder, FAITHFUL } from '../command.js';

/** The promise is 100 ms; the rest is for a machine that is busy with other tests. */
const SOON_MS = 2000;

const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

const MODEL = JSON.stringify({
  ...GaussianMixture.fromParameters({
    weights: [0.5, 0.5],
    means: [
      [2, 55],
      [4, 80],
    ],
    covariances: [1, 1],
    covarianceType: 'spherical',
  }).toJSON(),
  columns: ['eruptions', 'waiting'],
});

/** What a run is at when its signal comes, by what can be seen of it from outside. */
interface Run {
  args: string[];
  /** Files of its folder before it begins. */
  files?: Record<string, string>;
  /** Standard input, which stays open. */
  input?: string;
  /** Named pipes of its folder. */
  pipes?: string[];
  /** Whether it is there. */
  isAtWork(folder: string, temporary: string, pid: number): boolean;
}

const ENDLESS = ['--tol', '0', '--max-iter', '1000000000', '--acceleration', 'none', '--quiet'];
const has = (folder: string, name: RegExp) => readdirSync(folder).some((entry) => name.test(entry));

/** 20 million rows, which take longer than any test waits. */
const MANY = ['--sql', 'select a.* from input a, input b, input c', '--quiet'];
/** Sorted, for which there is not enough memory. */
const SPILLED = [
  '--sql',
  'select a.*, repeat(a.eruptions::varchar, 5000) as s from input a, input b order by s, a.waiting',
];

const RUNS: [string, Run][] = [
  [
    'a fit with a model, a report and a checkpoint',
    {
      args: [
        'fit',
        FAITHFUL,
        '-k',
        '4',
        ...ENDLESS,
        '--model',
        'm.json',
        '--report',
        'r.html',
        '--checkpoint',
        'c',
      ],
      isAtWork: (folder) =>
        existsSync(join(folder, 'c')) && readFileSync(join(folder, 'c'), 'utf8').includes('state'),
    },
  ],
  [
    'the wait for standard input',
    {
      args: ['fit', '-', '-k', '2', '--quiet'],
      input: 'a,b\n1,2\n',
      isAtWork: (_, temporary) => has(temporary, /./),
    },
  ],
  [
    'the writing of a prediction',
    {
      args: ['predict', 'model.json', FAITHFUL, ...MANY, '-o', 'out.csv'],
      files: { 'model.json': MODEL, 'out.csv': 'before' },
      isAtWork: (folder) => has(folder, /\.tmp$/),
    },
  ],
  [
    'a query that spills',
    {
      args: ['fit', FAITHFUL, '-k', '2', '--quiet', ...SPILLED],
      isAtWork: (_, temporary) => has(temporary, /^parallel-gmm-spill-/),
    },
  ],
  [
    'the wait for a model from a named pipe',
    {
      args: ['sample', 'pipe', '-n', '3', '-o', 'out.csv'],
      pipes: ['pipe'],
      isAtWork: (folder, _, pid) => holds(pid, join(folder, 'pipe')),
    },
  ],
  [
    'the wait for start values from a named pipe',
    {
      args: ['fit', FAITHFUL, '-k', '2', '--init', 'pipe.json'],
      pipes: ['pipe.json'],
      isAtWork: (folder, _, pid) => holds(pid, join(folder, 'pipe.json')),
    },
  ],
  [
    'the wait for rows from a named pipe',
    {
      args: ['fit', 'pipe.csv', '-k', '2'],
      pipes: ['pipe.csv'],
      isAtWork: (_, temporary) => has(temporary, /./),
    },
  ],
  [
    'the wait for the reader of a named pipe',
    {
      args: ['sample', 'model.json', '-n', '3', '-o', 'pipe.csv'],
      files: { 'model.json': MODEL },
      pipes: ['pipe.csv'],
      isAtWork: (_, __, pid) => heeds(pid),
    },
  ],
];

/** Whether the process has the file open. */
function holds(pid: number, file: string): boolean {
  const open = readdirSync(`/proc/${pid}/fd`);
  return open.some((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`) === realpathSync(file);
    } catch {
      return false;
    }
  });
}

/** Whether the process heeds signals: of the three, Node itself catches all but SIGHUP. */
function heeds(pid: number): boolean {
  const caught = /^SigCgt:\s*(\w+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${caught}`) & 1n) === 1n;
}

describe.runIf(process.platform === 'linux').each(RUNS)(
  'during %s',
  (_, { args, files = {}, input, pipes = [], isAtWork }) => {
    const root = createFolder();

    it.each(SIGNALS)('%s ends the command with %i and leaves nothing behind', async (signal, code) => {
      const [folder, temporary] = [join(root, signal), join(root, `${signal}-temporary`)];
      mkdirSync(folder);
      mkdirSync(temporary);
      for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
      for (const name of pipes) execFileSync('mkfifo', [join(folder, name)]);

      const child = spawn(process.execPath, [CLI, ...args], {
        cwd: folder,
        env: { ...process.env, TMPDIR: temporary },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      if (input === undefined) child.stdin.end();
      else child.stdin.write(input);
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
      const ended = new Promise((resolve) => child.on('close', (...how) => resolve(how)));
      while (!isAtWork(folder, temporary, child.pid as number)) {
        expect([child.exitCode, output]).toEqual([null, '']);
        await setTimeout(20);
      }

      // It may have come a step further than what was seen.
      await setTimeout(50);
      const begin = performance.now();
      child.kill(signal);
      expect(await ended).toEqual([code, null]);
      expect(performance.now() - begin).toBeLessThan(SOON_MS);
      expect(output).toBe('');
      const kept = [...Object.keys(files), ...pipes, ...(args.includes('--checkpoint') ? ['c'] : [])];
      expect(readdirSync(folder).sort()).toEqual(kept.sort());
      for (const [name, content] of Object.entries(files))
        expect(readFileSync(join(folder, name), 'utf8')).toBe(content);
      expect(readdirSync(temporary)).toEqual([]);
    });
  },
);

describe('a second signal', () => {
  it('ends the command at once and removes what is temporary all the same', async () => {
    const folder = createFolder();
    writeFileSync(join(folder, 'model.json'), MODEL);
    const child = spawn(
      process.execPath,
      [CLI, 'predict', 'model.json', FAITHFUL, ...MANY, '-o', 'out.csv'],
      {
        cwd: folder,
        stdio: 'ignore',
      },
    );
    const ended = new Promise((resolve) => child.on('close', (...how) => resolve(how)));
    while (!has(folder, /\.tmp$/)) await setTimeout(20);
    child.kill('SIGTERM');
    child.kill('SIGINT');
    expect(await ended).toEqual([expect.toSatisfy((code) => code === 130 || code === 143), null]);
    expect(readdirSync(folder)).toEqual(['model.json']);
  });
});

/** util-linux's `script` runs a command on a terminal of its own. */
const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux');

describe.runIf(hasScript)('a terminal', () => {
  it.each(SIGNALS)('gets its line wrap back after %s', async (signal, code) => {
    const folder = createFolder();
    const command = `echo $$ > pid; exec '${process.execPath}' '${CLI}' fit '${FAITHFUL}' -k 4 ${ENDLESS.slice(0, -1).join(' ')}`;
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let shown = '';
    child.stdout.on('data', (text) => {
      shown += text;
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    while (!shown.includes('\x1b[?7l')) await setTimeout(20);
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), signal);
    expect(await ended).toBe(code);
    expect(shown.lastIndexOf('\x1b[?7h')).toBeGreaterThan(shown.lastIndexOf('\x1b[?7l'));
  });
});
