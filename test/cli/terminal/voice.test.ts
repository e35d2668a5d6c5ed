import { afterEach, describe, expect, it, vi } from 'vitest';
import { createVoice, noteDoubt, noteFitData, noteModelData } from '../../../src/cli/terminal/voice.js';
import { compose, createNote, setting } from '../../../src/errors.js';
import type { DataNote } from '../../../src/index.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const NOTES: DataNote[] = [
  { level: 'loss', message: '3 lines were lost' },
  createNote(
    'warning',
    compose`column "id" counts the rows; leave it out\n  ${setting('columns', ['a', 'b b'])}`,
    ['a', 'b b'],
  ),
];
const data = {
  columns: ['a', 'b b', 'id', 'x,y'],
  notes: NOTES,
};

/** What is said on standard error. */
function hear(say: () => void): string[] {
  let text = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((part) => {
    text += part;
    return true;
  });
  say();
  vi.restoreAllMocks();
  return text.split('\n').slice(0, -1);
}

describe('before a fit', () => {
  it('the columns are named, and doubts with what to paste', () => {
    expect(hear(() => noteFitData(createVoice(false), data))).toEqual([
      'note: columns used: a, b b, id, "x,y"',
      'warning: 3 lines were lost',
      'warning: column "id" counts the rows; leave it out',
      '    --columns \'a,"b b"\'',
    ]);
  });

  it('losses alone are told with --quiet', () => {
    expect(hear(() => noteFitData(createVoice(true), data))).toEqual(['warning: 3 lines were lost']);
  });

  it('of many columns the first are named', () => {
    const columns = Array.from({ length: 60 }, (_, j) => `c${j}`);
    expect(hear(() => noteFitData(createVoice(false), { columns, notes: [] }))).toEqual([
      `note: columns used: ${columns.slice(0, 20).join(', ')} and 40 more`,
    ]);
  });
});

describe('before a model is applied', () => {
  it('only columns that are not named like its own are told, and no doubts', () => {
    const lost = ['warning: 3 lines were lost'];
    expect(hear(() => noteModelData(createVoice(false), data, data.columns))).toEqual(lost);
    expect(hear(() => noteModelData(createVoice(false), data, ['x0', 'x1', 'x2', 'x3']))).toEqual([
      'note: columns used: a, b b, id, "x,y"',
      ...lost,
    ]);
  });
});

describe('after a fit', () => {
  const NOTE =
    'note: few starts agree; --search thorough or more starts (--n-init) may find a better solution';
  const heardOf = (nAgreeing: number, more: { converged?: boolean; search?: 'none' | 'thorough' } = {}) => {
    const { converged = true, search } = more;
    const restarts = Array.from({ length: 10 }, (_, seed) => ({
      ...{ seed, status: 'converged' as const, logLikelihood: -1, nIterations: 1, nSamples: 9, moves: 0 },
      agrees: seed < nAgreeing,
    }));
    return hear(() => noteDoubt(createVoice(false), { converged, restarts }, search));
  };

  it('a longer search is proposed where fewer than a third of the starts agree', () => {
    expect(heardOf(3)).toEqual([NOTE]);
    expect(heardOf(3, { search: 'none' })).toEqual([NOTE]);
    expect(heardOf(4)).toEqual([]);
  });

  it('nothing is proposed after a thorough search, or where the fit did not converge', () => {
    expect(heardOf(1, { search: 'thorough' })).toEqual([]);
    expect(heardOf(1, { converged: false })).toEqual([]);
  });
});
