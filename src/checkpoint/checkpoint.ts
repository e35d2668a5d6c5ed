/**
 * A call's memory in a file. If the process is killed, the same call continues from the file to the same bits.
 *
 * The first write comes before any work, so that a path that cannot be written is an error at once.
 */

import { stat } from 'node:fs/promises';
import { compose, GmmError, subject } from '../errors.js';
import { lockFile } from '../io/files/file-lock.js';
import { resolveLinks } from '../io/files/links.js';
import { describePath, explainSystemError } from '../io/files/system-errors.js';
import { removeLeftBeside } from '../io/files/whole-file.js';
import type { CallMemory } from './call-memory.js';
import { encodeEntries, type Identity, readEntries, rememberIn } from './checkpoint-entries.js';
import { CheckpointWriter } from './checkpoint-writer.js';

/**
 * The checkpoints that calls of this process use: two calls would overwrite each other's file. Once a call has ended, the
 * promise resolves after its last write.
 */
const inUse = new Map<string, Promise<void> | undefined>();

/**
 * Runs `work` with the memory that an earlier call has left in a file, and keeps the new memory there.
 *
 * @param identify - returns everything that the call's result depends on, by name
 * @throws GmmError IO if the file cannot be read or written, INVALID_DATA if it is damaged, INVALID_OPTION if it belongs
 *   to another call or is in use; the error of `work`
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
  let writer: CheckpointWriter | undefined;
  let unlock: (() => Promise<void>) | undefined;
  try {
    unlock = await lock(file, path);
    await checkIsFile(path);
    await removeLeftBeside(file);
    const identity = await identify();
    const entries = await readEntries(path, identity);
    signal.throwIfAborted();
    const begun = new CheckpointWriter(file, () => encodeEntries(identity, entries));
    await begun.begin();
    writer = begun;
    return await work(rememberIn(entries, () => begun.changed()));
  } finally {
    // An aborted call ends now: it does not wait for a write that still runs.
    const ended = writer?.end(signal.aborted) ?? Promise.resolve();
    const released = ended.then(unlock).finally(() => inUse.delete(file));
    inUse.set(file, released);
    if (!signal.aborted) await released;
  }
}

/** @throws GmmError INVALID_OPTION if another process has the file; IO */
async function lock(file: string, path: string): Promise<() => Promise<void>> {
  const unlock = await lockFile(file).catch((error) => {
    throw explainSystemError('write', path, error);
  });
  if (unlock) return unlock;
  throw takenBy('process; wait until it ends, or choose another path', path);
}

function takenBy(user: string, path: string): GmmError {
  const message = compose`${subject('checkpoint')} ${describePath(path)} is in use by another ${user}`;
  return new GmmError('INVALID_OPTION', message, { option: 'checkpoint', path });
}

/** A pipe or a device may have no end, and a file cannot replace it. */
async function checkIsFile(path: string): Promise<void> {
  const status = await stat(path).catch(() => undefined);
  if (!status || status.isFile() || status.isDirectory()) return;
  throw new GmmError(
    'IO',
    `cannot write ${describePath(path)}: a checkpoint must be a file, not a pipe or a device`,
    { option: 'checkpoint', path },
  );
}
