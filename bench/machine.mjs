/** The machine on which the figures are measured. */

import { arch, availableParallelism, cpus } from 'node:os';

export function describeMachine() {
  return {
    cpu: `${cpus()[0].model.trim()} (${arch()})`,
    cores: availableParallelism(),
    node: process.versions.node,
    v8: process.versions.v8,
  };
}
