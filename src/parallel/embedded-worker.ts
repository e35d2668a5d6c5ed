/**
 * Replaces `node:worker_threads` in the built package, which contains Piscina (tsup.config.ts). Piscina would look for
 * its worker file beside itself, where a bundler leaves none. Here every thread runs the script that is embedded in the
 * package, whatever file Piscina asks for.
 */

import { Worker as NodeWorker, type WorkerOptions } from 'node:worker_threads';
import { WORKER_SOURCE } from './generated.js';

export * from 'node:worker_threads';

export class Worker extends NodeWorker {
  constructor(_file: string, options: WorkerOptions) {
    super(WORKER_SOURCE, { ...options, eval: true });
  }
}
