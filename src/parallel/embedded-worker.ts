/**
 * Stands in for `node:worker_threads` where the built package has Piscina in it (tsup.config.ts): a thread runs the script
 * that comes with the package, whatever file it is asked to run. Piscina would look for its worker file beside itself,
 * where a bundler leaves none.
 */

import { Worker as NodeWorker, type WorkerOptions } from 'node:worker_threads';
import { WORKER_SOURCE } from './generated.js';

export * from 'node:worker_threads';

export class Worker extends NodeWorker {
  constructor(_file: string, options: WorkerOptions) {
    super(WORKER_SOURCE, { ...options, eval: true });
  }
}
