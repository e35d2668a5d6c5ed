/** Errors of the operating system as `GmmError`s with code `IO`; and how messages name a path. */

import { GmmError } from '../../errors.js';

const REASONS = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EROFS', 'the file system is read-only'],
  ['EISDIR', 'it is a directory'],
  ['ENOTDIR', 'part of its path is not a directory'],
  ['ENOSPC', 'no space is left on the device'],
  ['EPIPE', 'the reading end was closed'],
]);

/**
 * @param verb - what was tried
 * @param path - the file as the caller wrote it, or `-`
 * @param error - anything thrown
 * @returns a `GmmError` for an error of the operating system; any other error unchanged
 */
export function explainSystemError(verb: 'read' | 'write', path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (!(error instanceof Error) || error instanceof GmmError || !('syscall' in error) || !code) return error;
  const missing = verb === 'read' ? 'no such file' : 'no such directory';
  const reason = code === 'ENOENT' ? missing : (REASONS.get(code) ?? error.message);
  const name = verb === 'write' && path === '-' ? 'standard output' : describePath(path);
  return new GmmError('IO', `cannot ${verb} ${name}: ${reason}`, { cause: error, path });
}

/** An input as the caller wrote it: one path or glob, or several; `-` is standard input. */
export type InputPath = string | readonly string[];

/** @returns the path or paths, quoted, on one line */
export function describePath(path: InputPath): string {
  if (path === '-') return 'standard input';
  return JSON.stringify(typeof path === 'string' ? path : path.join(', '));
}

/** @returns the field `path` of an error about an input; undefined for several files, since the error is about none of them */
export function onePath(path: InputPath): string | undefined {
  return typeof path === 'string' ? path : undefined;
}
