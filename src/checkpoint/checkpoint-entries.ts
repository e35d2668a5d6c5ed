/** The entries of a checkpoint: values by name, read from the file of an earlier call and kept for the next. */

import { readFile } from 'node:fs/promises';
import { compose, GmmError, subject } from '../errors.js';
import { describePath, explainSystemError } from '../io/files/system-errors.js';
import type { CallMemory } from './call-memory.js';
import { decodeValue, encodeValue, parseCheckpoint } from './checkpoint-text.js';

/** Everything that a call's result depends on, by name; plain data. */
export type Identity = Readonly<Record<string, unknown>>;

/** A value, and its line in the file once a write has needed it. */
interface Entry {
  readonly value: unknown;
  text?: string;
}

/** Values by name. */
export type Entries = Map<string, Entry>;

/** @returns a call's memory over the entries; `changed` is called after every change */
export function rememberIn(entries: Entries, changed: () => void): CallMemory {
  return {
    recall(name, isWanted) {
      const value = entries.get(name)?.value;
      return isWanted(value) ? value : undefined;
    },
    keep(name, value) {
      entries.set(name, { value });
      changed();
    },
    forget(prefix) {
      for (const name of entries.keys()) if (name.startsWith(prefix)) entries.delete(name);
      changed();
    },
  };
}

/** @returns the lines of a checkpoint, for `composeCheckpoint` */
export function encodeEntries(identity: Identity, entries: Entries): string[] {
  const lines = Array.from(entries, ([name, entry]) => {
    entry.text ??= encodeValue([name, entry.value]);
    return entry.text;
  });
  return [encodeValue(identity), ...lines];
}

/**
 * @param identity - of the present call
 * @returns the entries of an earlier call; none if there is no file
 * @throws GmmError IO if the file cannot be read, INVALID_DATA if it is damaged, INVALID_OPTION if it belongs to another
 *   call
 */
export async function readEntries(path: string, identity: Identity): Promise<Entries> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw explainSystemError('read', path, error);
  }
  const [owner, ...entries] = decodeLines(text) ?? [];
  if (!owner) {
    const message = `the checkpoint ${describePath(path)} is damaged, or no checkpoint; delete it or choose another path`;
    throw new GmmError('INVALID_DATA', message, { option: 'checkpoint', path });
  }
  checkOwner(path, owner as Identity, identity);
  return new Map((entries as [string, unknown][]).map(([name, value]) => [name, { value }]));
}

/** @returns undefined if the text is no checkpoint; text that is nested too deeply is none */
function decodeLines(text: string): unknown[] | undefined {
  try {
    return parseCheckpoint(text)?.map((line) => decodeValue(line));
  } catch {
    return undefined;
  }
}

/** Most characters of two values that a message shows. */
const MOST_SHOWN = 60;

function checkOwner(path: string, owner: Identity, identity: Identity): void {
  const differing = [...new Set([...Object.keys(identity), ...Object.keys(owner)])].flatMap((name) => {
    const [there, here] = [owner, identity].map((values) => encodeValue(values[name] ?? null));
    if (there === here) return [];
    const isShort = there.length + here.length <= MOST_SHOWN;
    return [isShort ? `${name} is ${there} there, ${here} here` : `${name} differs`];
  });
  if (differing.length === 0) return;
  const message = compose`${subject('checkpoint')} ${describePath(path)} is another call's: ${differing.join('; ')}. Delete it or choose another path`;
  throw new GmmError('INVALID_OPTION', message, { option: 'checkpoint', path });
}
