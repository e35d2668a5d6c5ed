import { describe, expect, it } from 'vitest';
import { describeAgreement, isDoubtful, type StartEnd } from '../../../src/report/page/agreement.js';

const SOLUTION = -100;
const agreeing: StartEnd = { status: 'converged', logLikelihood: SOLUTION, moves: 0, agrees: true };
const other: StartEnd = { status: 'max-iter', logLikelihood: -120, moves: 0, agrees: false };
const collapsed: StartEnd = { status: 'degenerate', logLikelihood: -90, moves: 0, agrees: false };
const starts = (...kinds: [number, StartEnd][]) =>
  kinds.flatMap(([count, end]) => new Array(count).fill(end));

describe('the agreement of starts', () => {
  const texts: [StartEnd[], string][] = [
    [starts([7, agreeing], [3, other]), '7 of 10 starts agree'],
    [starts([1, other], [6, agreeing], [2, collapsed]), '6 of 9 starts agree (2 collapsed)'],
    [[other, { ...agreeing, moves: 2 }, other], '1 of 3 starts agree; 2 moves led to this solution'],
    [
      [{ ...agreeing, moves: 1 }, collapsed],
      '1 of 2 starts agree (1 collapsed); 1 move led to this solution',
    ],
    // Another start ended there, too, after moves of its own: not those of the winner.
    [[{ ...agreeing, logLikelihood: -100.001, moves: 3 }, agreeing], '2 of 2 starts agree'],
    [starts([2, other]), '0 of 2 starts agree; a model that this one contains led to this solution'],
    [[{ ...agreeing, moves: 3 }], '3 moves led to this solution'],
    [[agreeing], ''],
    [starts([1200, agreeing]), '1,200 of 1,200 starts agree'],
  ];
  it.each(texts)('%#', (ends, text) => {
    expect(describeAgreement(ends, SOLUTION)).toBe(text);
  });

  it('leaves doubts below a third', () => {
    expect(isDoubtful(starts([3, agreeing], [7, other]))).toBe(true);
    expect(isDoubtful(starts([4, agreeing], [7, other]))).toBe(false);
    expect(isDoubtful([agreeing])).toBe(false);
  });
});
