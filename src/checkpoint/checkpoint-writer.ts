/**
 * Writes a checkpoint's file: once at the beginning, at most every second while it changes, and at the end.
 *
 * Each write replaces the whole file, which is never half written, even if the power fails (io/whole-file.ts).
 */

import { writeFile } from 'node:fs/promises';
import { writeWhole } from '../io/files/whole-file.js';
import { composeCheckpoint } from './checkpoint-text.js';

/** Least time between the end of a write and the next. */
const INTERVAL_MS = 1000;

/** The pause after a write is at least 9 times as long as the write, so that writing takes at most a tenth of the time. */
const PAUSE_FACTOR = 9;

export class CheckpointWriter {
  readonly #file: string;
  readonly #compose: () => string[];
  #isDirty = false;
  #hasEnded = false;
  #hasWarned = false;
  #timer: NodeJS.Timeout | undefined;
  /** The last write, which may still run. */
  #writing: Promise<void> = Promise.resolve();
  /** Time of `performance.now()` from which the next write may begin. */
  #nextAt = 0;

  /** @param compose - returns the lines of the file, for `composeCheckpoint` */
  constructor(file: string, compose: () => string[]) {
    this.#file = file;
    this.#compose = compose;
  }

  /**
   * The first write.
   *
   * @throws GmmError IO
   */
  begin(): Promise<void> {
    this.#writing = this.#write();
    return this.#writing;
  }

  /** The content has changed: a write follows, now or after the pause. */
  changed(): void {
    this.#isDirty = true;
    this.#schedule();
  }

  /**
   * Resolves when no write runs any more.
   *
   * @param atOnce - whether to leave out the last write
   */
  async end(atOnce: boolean): Promise<void> {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    await this.#writing.catch(() => undefined);
    if (this.#isDirty && !atOnce) await this.#writeOrWarn();
  }

  #schedule(): void {
    if (this.#timer || !this.#isDirty || this.#hasEnded) return;
    const writeAndGoOn = (): void => {
      this.#writing = this.#writeOrWarn().then(() => {
        this.#timer = undefined;
        this.#schedule();
      });
    };
    this.#timer = setTimeout(writeAndGoOn, Math.max(0, this.#nextAt - performance.now())).unref();
  }

  /** A result is worth more than its checkpoint: a full disk does not end a call that already runs. */
  async #writeOrWarn(): Promise<void> {
    try {
      await this.#write();
    } catch (error) {
      if (!this.#hasWarned) {
        process.emitWarning(`${(error as Error).message}; the call goes on, and tries again`);
      }
      this.#hasWarned = true;
    }
  }

  async #write(): Promise<void> {
    const begin = performance.now();
    this.#isDirty = false;
    try {
      const text = composeCheckpoint(this.#compose());
      await writeWhole(this.#file, (temporary) => writeFile(temporary, text), { durable: true });
    } catch (error) {
      this.#isDirty = true;
      throw error;
    } finally {
      const end = performance.now();
      this.#nextAt = end + Math.max(INTERVAL_MS, PAUSE_FACTOR * (end - begin));
    }
  }
}
