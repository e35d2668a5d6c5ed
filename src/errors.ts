/** The one error class of the package: a `code` for programs, a message for people. */

/** What went wrong, for programs. Messages say what, the value got and what to do. */
export type GmmErrorCode =
  | 'INVALID_OPTION'
  | 'INVALID_DATA'
  | 'INVALID_MODEL'
  | 'DEGENERATE'
  | 'WORKER_FAILED'
  | 'IO'
  | 'MISSING_DEPENDENCY';

/** Every failure that the package foresees is one of these. */
export class GmmError extends Error {
  /** What went wrong, for programs. */
  readonly code: GmmErrorCode;

  /**
   * @param code - what went wrong, for programs
   * @param message - what, the value got, what to do
   * @param options - `cause`: the error beneath, if any
   */
  constructor(code: GmmErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'GmmError';
    this.code = code;
  }
}

/**
 * How a value looks in an error message: strings quoted, long ones cut, functions and objects by kind.
 *
 * @param value - anything
 * @returns one line, at most some 60 characters
 */
export function describe(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > 50 ? `${value.slice(0, 50)}…` : value);
  }
  if (value === null || value === undefined || typeof value !== 'object') {
    return typeof value === 'function' ? 'a function' : String(value);
  }
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `an array of length ${value.length}`;
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== '' && name !== 'Object' ? withArticle(name) : 'an object';
}

/** @returns `a Map`, `an Int32Array` */
export function withArticle(name: string): string {
  return `${/^[AEIOU]/i.test(name) && !name.startsWith('U') ? 'an' : 'a'} ${name}`;
}
