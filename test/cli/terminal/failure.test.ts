/** What the command does about an error follows from its code and fields: no text of a message changes it. */

import { afterEach, describe, expect, it, vi } from 'vitest';
import { reportFailure } from '../../../src/cli/terminal/failure.js';
import { createVoice } from '../../../src/cli/terminal/voice.js';
import {
  compose,
  createNote,
  GmmError,
  joinMessages,
  mention,
  setting,
  subject,
} from '../../../src/errors.js';

const written = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
afterEach(() => written.mockClear());

/** What is on standard error. */
const said = () => written.mock.calls.map(([text]) => text).join('');

/** Texts that look like other errors, other options and remedies. */
const TEXTS = [
  'plain',
  '"columns" names "a", which is not in "b.csv"; its columns are "c"',
  '"tol" must be a finite number >= 0, got -1',
  'lower nComponents, raise tol, set regCovar or use covarianceType',
  'first\n  columns: ["a"]\n  sql: "select 1"',
];

describe.each(TEXTS)('an error that says %j', (text) => {
  it.each([
    ['INVALID_OPTION', 2],
    ['INVALID_DATA', 1],
    ['INVALID_MODEL', 1],
    ['DEGENERATE', 1],
    ['WORKER_FAILED', 1],
    ['IO', 1],
    ['MISSING_DEPENDENCY', 1],
  ] as const)('of code %s ends with %i, and the text is told as it is', (code, exitCode) => {
    expect(reportFailure(new GmmError(code, text))).toBe(exitCode);
    expect(said()).toBe(`error: ${text.replaceAll('\n', '\n  ')}\n`);
  });

  it('about an option has its flag in front', () => {
    expect(reportFailure(new GmmError('INVALID_OPTION', text, { option: 'init' }))).toBe(2);
    expect(said()).toMatch(/^error: --init: /);
  });

  it('about an option of the library that has no flag is told as it is', () => {
    reportFailure(new GmmError('INVALID_OPTION', text, { option: 'onProgress' }));
    expect(said()).toBe(`error: ${text.replaceAll('\n', '\n  ')}\n`);
  });
});

describe('options in a message', () => {
  it('become flags', () => {
    const message = compose`${subject('nComponents[1]')} is 0; see ${mention('tol')} and ${mention('engine')}`;
    reportFailure(new GmmError('INVALID_OPTION', message, { option: 'nComponents' }));
    expect(said()).toBe('error: -k is 0; see --tol and engine\n');
  });

  it('with values become lines to paste into a shell', () => {
    const lines = [
      setting('columns', ['a', 'b c', 'd,e']),
      setting('sql', `select "it's" from input`),
      setting('header', false),
      setting('decimalComma', true),
    ];
    reportFailure(new GmmError('INVALID_DATA', joinMessages(['do this:', ...lines.map((each) => [each])])));
    expect(said().split('\n')).toEqual([
      'error: do this:',
      `  --columns 'a,"b c","d,e"'`,
      `  --sql 'select "it'\\''s" from input'`,
      '  --no-header',
      '  --decimal-comma',
      '',
    ]);
  });

  it('become flags in notes as well', () => {
    createVoice(false).tell([
      createNote('note', compose`set ${mention('columns')}`),
      { level: 'loss', message: 'lost' },
    ]);
    expect(said()).toBe('note: set --columns\nwarning: lost\n');
  });
});
