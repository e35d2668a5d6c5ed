/**
 * `npm run bench -- [kernel|scaling|acceleration|peers|solve|sweep|robust|variational|memory|files|all] [--json] [--quick] [--patience SECONDS]`
 *
 * Without a name it prints an overview, in a minute or two. `all` runs everything, in three quarters of an hour. `--quick`
 * takes small sizes, as a check that the benches run. `--json` prints only the figures on standard output. `--patience`
 * lets each measurement wait up to so many seconds until other programs are idle, and repeats it if they were not.
 */

import { parseArgs } from 'node:util';
import { describeMachine } from './machine.mjs';
import { createQuiet } from './quiet.mjs';
import { percent } from './table.mjs';

const BENCHES = [
  'kernel',
  'scaling',
  'acceleration',
  'peers',
  'solve',
  'sweep',
  'robust',
  'variational',
  'memory',
  'files',
];
const USAGE = `usage: npm run bench -- [${BENCHES.join('|')}|all] [--json] [--quick] [--patience SECONDS]`;

function readArguments() {
  try {
    const options = {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      patience: { type: 'string', default: '0' },
    };
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const [name, ...more] = positionals;
    if (more.length > 0 || !(name === undefined || name === 'all' || BENCHES.includes(name))) {
      throw new Error(`unknown bench: ${positionals.join(' ')}`);
    }
    const patience = Number(values.patience);
    if (!(patience >= 0)) throw new Error(`"--patience" must be a number of seconds, got ${values.patience}`);
    return { name, ...values, patience };
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    process.exit(2);
  }
}

const { name, json, quick, patience } = readArguments();
const quiet = createQuiet(patience);
const names = BENCHES.includes(name) ? [name] : BENCHES;
const size = quick ? 'quick' : name === undefined ? 'overview' : 'all';
const print = json ? () => {} : console.log;
/** Shows the present step, on a terminal only. */
const say = (text) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
};

const machine = describeMachine();
print(`${machine.cpu}, ${machine.cores} cores; Node ${machine.node} (V8 ${machine.v8})\n`);
const figures = { machine };
for (const bench of names) {
  const { measure, format } = await import(`./${bench}.mjs`);
  figures[bench] = await measure({ size, quiet, say });
  say('');
  print(format(figures[bench]));
}
figures.othersShare = quiet.others();
print(`Other programs took ${percent(figures.othersShare)} of the processors meanwhile.`);
if (json) console.log(JSON.stringify(figures, null, 2));
