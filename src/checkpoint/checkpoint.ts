/**
 * A call's memory that outlives it: a file from which the same call goes on after its process was killed, to the
 * same bits.
 *
 * The file is always whole, even if the power fails (io/whole-file.ts). It is written when the call begins (a path that
 * can't be written is an error then), at most every second, and at the end.
 */

import { readFile, stat, writeFile } from 'node:fs/promises';
import { compose, GmmError, subject } from '../errors.js';
import { lockFile } from '../io/files/file-lock.js';
import { resolveLinks } from '../io/files/links.js';
import { describePath, explainSystemError } from '../io/files/system-errors.js';
import { removeLeftBeside, writeWhole } from '../io/files/whole-file.js';
import type { CallMemory } from './call-memory.js';
import { composeCheckpoint, decodeValue, encodeValue, parseCheckpoint } from './checkpoint-text.js';

/** Between the end of one write and the next. */
const INTERVAL_MS = 1000;

/** Writing takes at most a tenth of the time. */
const PAUSE_FACTOR = 9;

/** Checkpoints of this process's calls, as two would overwrite each other's; with the end of their last write, once they end. */
const inUse = new Map<string, Promise<void> | undefined>();

/**
 * Runs `work` with the memory that an earlier call has left in a file, and keeps what it remembers there.
 *
 * @param identify - what the call is: whatever its result depends on, by name
 * @throws GmmError IO where the file can't be read or written, INVALID_DATA where it is damaged, INVALID_OPTION where it
 *   is another call's or is in use; and whatever `work` throws
 */
export async function withCheckpoint<Result>(
  path: string,
  signal: AbortSignal,
  identify: () => Promise<Identity>,
  work: (memory: CallMemory) => Promise<Result>,
): Promise<Result> {
  const file = await resolveLinks(path);
  await inUse.get(file);
  if (inUse.has(file)) throw takenBy('call; give every call its own', path);
  inUse.set(file, undefined);
  let writer: Writer | undefined;
  let unlock: (() => Promise<void>) | undefined;
  try {
    unlock = await lockFile(file).catch((error) => {
      throw explainSystemError('write', path, error);
    });
    if (!unlock) throw takenBy('process; wait until it ends, or choose another path', path);
    await checkIsFile(path);
    await removeLeftBeside(file);
    const identity = await identify();
    const entries = await readEntries(path, identity);
    signal.throwIfAborted();
    const created = createWriter(file, () => [
      encodeValue(identity),
      ...Array.from(entries, ([name, entry]) => {
        entry.text ??= encodeValue([name, entry.value]);
        return entry.text;
      }),
    ]);
    await created.begin();
    writer = created;
    const { changed } = writer;
    return await work({
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
    });
  } finally {
    // Who aborts wants the call to end now; what is being written is ended by itself.
    const ended = writer?.end(signal.aborted) ?? Promise.resolve();
    const released = ended.then(unlock).finally(() => inUse.delete(file));
    inUse.set(file, released);
    if (!signal.aborted) await released;
  }
}

function takenBy(whom: string, path: string): GmmError {
  const message = compose`${subject('checkpoint')} ${describePath(path)} is in use by another ${whom}`;
  return new GmmError('INVALID_OPTION', message, { option: 'checkpoint', path });
}

/** A pipe or a device is neither read to its end nor replaced. */
async function checkIsFile(path: string): Promise<void> {
  const status = await stat(path).catch(() => undefined);
  if (!status || status.isFile() || status.isDirectory()) return;
  throw new GmmError(
    'IO',
    `cannot write ${describePath(path)}: a checkpoint must be a file, not a pipe or a device`,
    { option: 'checkpoint', path },
  );
}

/** What is kept under a name, and its line in the file once it was needed. */
interface Entry {
  readonly value: unknown;
  text?: string;
}

/** What a call's result depends on, by name; plain data. */
export type Identity = Readonly<Record<string, unknown>>;

async function readEntries(path: string, identity: Identity): Promise<Map<string, Entry>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw explainSystemError('read', path, error);
  }
  const [owner, ...entries] = decodeLines(text) ?? [];
  if (!owner) {
    const message = `the checkpoint ${describePath(path)} is damaged, or is none; delete it or choose another path`;
    throw new GmmError('INVALID_DATA', message, { option: 'checkpoint', path });
  }
  checkOwner(path, owner as Identity, identity);
  return new Map((entries as [string, unknown][]).map(([name, value]) => [name, { value }]));
}

/** @returns undefined for what was not written here; what is nested too deeply was not */
function decodeLines(text: string): unknown[] | undefined {
  try {
    return parseCheckpoint(text)?.map((line) => decodeValue(line));
  } catch {
    return undefined;
  }
}

/** Longest value that is shown in a message. */
const MOST_SHOWN = 60;

function checkOwner(path: string, owner: Identity, identity: Identity): void {
  const differing = [...new Set([...Object.keys(identity), ...Object.keys(owner)])].flatMap((name) => {
    const [there, here] = [owner, identity].map((one) => encodeValue(one[name] ?? null));
    if (there === here) return [];
    const short = there.length + here.length <= MOST_SHOWN;
    return [short ? `${name} is ${there} there, ${here} here` : `${name} differs`];
  });
  if (differing.length === 0) return;
  const message = compose`${subject('checkpoint')} ${describePath(path)} is another call's: ${differing.join('; ')}. Delete it or choose another path`;
  throw new GmmError('INVALID_OPTION', message, { option: 'checkpoint', path });
}

interface Writer {
  /** The first write. @throws GmmError IO */
  begin(): Promise<void>;
  /** There is something new to write. */
  changed(): void;
  /** The last write, unless it is to end at once; resolves when nothing is being written any more. */
  end(atOnce: boolean): Promise<void>;
}

function createWriter(file: string, compose: () => string[]): Writer {
  let isDirty = false;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let nextAt = 0;
  let warned = false;

  const write = async (): Promise<void> => {
    const begin = performance.now();
    isDirty = false;
    try {
      const text = composeCheckpoint(compose());
      await writeWhole(file, (temporary) => writeFile(temporary, text), { durable: true });
    } catch (error) {
      isDirty = true;
      throw error;
    } finally {
      const end = performance.now();
      nextAt = end + Math.max(INTERVAL_MS, PAUSE_FACTOR * (end - begin));
    }
  };
  /** A result is worth more than its checkpoint: once the call runs, a full disk does not end it. */
  const writeOrWarn = async (): Promise<void> => {
    try {
      await write();
    } catch (error) {
      if (!warned) process.emitWarning(`${(error as Error).message}; the call goes on, and tries again`);
      warned = true;
    }
  };
  const schedule = (): void => {
    if (timer || !isDirty || ended) return;
    timer = setTimeout(
      () => {
        writing = writeOrWarn().then(() => {
          timer = undefined;
          schedule();
        });
      },
      Math.max(0, nextAt - performance.now()),
    ).unref();
  };
  return {
    async begin() {
      writing = write();
      await writing;
    },
    changed() {
      isDirty = true;
      schedule();
    },
    async end(atOnce) {
      ended = true;
      clearTimeout(timer);
      await writing.catch(() => undefined);
      if (isDirty && !atOnce) await writeOrWarn();
    },
  };
}
