/** Checks that no output of a call is also one of its inputs or another output: writing it would destroy that file. */

import { type BigIntStats, fstat } from 'node:fs';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { GmmError } from '../../errors.js';
import { matchFiles } from './glob.js';
import { resolveLinks } from './links.js';
import { describePath } from './system-errors.js';

/** The files of a call, by their names in messages: `the input`, `--model`. Undefined ones are ignored. */
export interface CallFiles {
  /** Paths and globs; `-` is standard input. */
  inputs: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Paths; `-` is standard output, which is always checked. */
  outputs: Readonly<Record<string, string | undefined>>;
}

/**
 * Call this before anything is read or written. Two paths are the same file if device and inode are equal, so links do not
 * matter. Pipes and devices are ignored.
 *
 * @throws {GmmError} `INVALID_OPTION` that names both files
 */
export async function checkOutputs({ inputs, outputs }: CallFiles): Promise<void> {
  const taken = new Map<string, string>();
  for (const [role, paths = []] of Object.entries(inputs)) {
    for (const path of [paths].flat()) {
      for (const identity of await identifyInputs(path)) taken.set(identity, nameOf(role, path));
    }
  }
  const isInput = new Set(taken.keys());
  const named = Object.entries({ ...outputs, 'standard output': '-' });
  for (const [role, path] of named) {
    if (path === undefined) continue;
    const identity = await identifyOutput(path);
    if (identity === undefined) continue;
    const name = path === '-' ? 'standard output' : nameOf(role, path);
    const other = taken.get(identity);
    if (other === name) continue;
    if (other === undefined) taken.set(identity, name);
    else throw clash(name, other, isInput.has(identity), path);
  }
}

function nameOf(role: string, path: string): string {
  return path === '-' ? 'standard input' : `${role} ${describePath(path)}`;
}

function clash(name: string, other: string, isInput: boolean, path: string): GmmError {
  const remedy = isInput ? 'which would be lost; choose another name' : 'give each a name of its own';
  return new GmmError('INVALID_OPTION', `${name} is the same file as ${other}, ${remedy}`, { path });
}

/** A missing file is no error here; it is reported when it is read. */
async function identifyInputs(path: string): Promise<string[]> {
  if (path === '-') return identify(await promisify(fstat)(0, { bigint: true }).catch(() => undefined));
  const files = await matchFiles(path).catch(() => []);
  const found = await Promise.all(files.map((file) => stat(file, { bigint: true }).catch(() => undefined)));
  return found.flatMap(identify);
}

/** @returns undefined for a pipe or a device */
async function identifyOutput(path: string): Promise<string | undefined> {
  if (path === '-') return identify(await promisify(fstat)(1, { bigint: true }).catch(() => undefined))[0];
  const target = await resolveLinks(path);
  const status = await stat(target, { bigint: true }).catch(() => undefined);
  return status ? identify(status)[0] : target;
}

function identify(status: BigIntStats | undefined): string[] {
  return status?.isFile() ? [`${status.dev}:${status.ino}`] : [];
}
