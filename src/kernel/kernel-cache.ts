/** The kernels that a worker used last, so that many small jobs of one shape share an instance. */

import { createKernel, type Kernel, type KernelShape } from './kernel.js';

/** Where a worker's kernels come from. A kernel is used by one job at a time. */
export type KernelSource = (shape: KernelShape) => Kernel;

/** Kernels that are kept: each has a few hundred KiB of memory, and a worker takes turns at jobs of a few shapes. */
const KEPT = 4;

export function createKernelCache(module: WebAssembly.Module): KernelSource {
  const kernels = new Map<string, Kernel>();
  return (shape) => {
    const { form, components, nComponents, nFeatures, hasNoise = false, withResponsibilities } = shape;
    const key = `${form} ${components} ${nComponents} ${nFeatures} ${hasNoise} ${withResponsibilities}`;
    const kernel = kernels.get(key) ?? createKernel(module, shape);
    // A map keeps the order of insertion: the kernel used last is at the end, and the first is dropped.
    kernels.delete(key);
    kernels.set(key, kernel);
    if (kernels.size > KEPT) kernels.delete(kernels.keys().next().value as string);
    return kernel;
  };
}
