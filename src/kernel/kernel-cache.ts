/** The kernels that a worker has used last: many small jobs of one shape need not instantiate one each. */

import { createKernel, type Kernel, type KernelShape } from './kernel.js';

/** Where a worker's kernels come from. One that is given out is used by one job at a time. */
export type KernelSource = (shape: KernelShape) => Kernel;

/** A kernel's memory is a few hundred KiB; a worker leads and assists jobs of a few shapes by turns. */
const KEPT = 4;

export function createKernelCache(module: WebAssembly.Module): KernelSource {
  const kernels = new Map<string, Kernel>();
  return (shape) => {
    const { form, nComponents, nFeatures, withResponsibilities } = shape;
    const key = `${form} ${nComponents} ${nFeatures} ${withResponsibilities}`;
    const kernel = kernels.get(key) ?? createKernel(module, shape);
    // The one used last is the last; the first is dropped.
    kernels.delete(key);
    kernels.set(key, kernel);
    if (kernels.size > KEPT) kernels.delete(kernels.keys().next().value as string);
    return kernel;
  };
}
