/**
 * How the kernel rounds on this processor. The kernel's build does not determine this: relaxed SIMD multiplies and adds with one
 * rounding if the processor has such an instruction, otherwise with two, and the results differ in their last bits. Therefore the
 * kernel runs on fixed rows, and its statistics are hashed.
 */

import { createHash } from 'node:crypto';
import { factorMixture } from '../core/factored-mixture.js';
import { createKernel } from './kernel.js';
import { compileKernel, detectKernelBuild } from './module.js';
import { prepareInto } from './prepare.js';

const [N, D, K] = [64, 3, 2];

let known: string | undefined;

/** @returns the build and its fingerprint on this processor, such as `relaxed-simd 1f0c…` */
export function identifyKernel(): string {
  known ??= `${detectKernelBuild()} ${fingerprintKernel(compileKernel())}`;
  return known;
}

/** @returns 16 hexadecimal digits, equal for kernels that round in the same way */
export function fingerprintKernel(module: WebAssembly.Module): string {
  const kernel = createKernel(module, {
    form: 'full',
    components: 'gaussian',
    nComponents: K,
    nFeatures: D,
    withResponsibilities: false,
  });
  const mixture = factorMixture({
    covarianceType: 'full',
    nComponents: K,
    nFeatures: D,
    weights: Float64Array.of(0.6, 0.4),
    means: Float64Array.of(0.1, 0.2, 0.3, 0.7, 0.6, 0.5),
    covariances: Float64Array.from([...SPREAD, ...SPREAD]),
  });
  prepareInto(kernel.parameters, mixture);
  // Fractional parts of multiples of √2: all bits vary.
  for (let i = 0; i < N * D; i++) kernel.rows[i] = (i * Math.SQRT2) % 1;
  kernel.statistics.fill(0);
  kernel.accumulate(N, false, false);
  return createHash('sha256')
    .update(
      new Uint8Array(kernel.statistics.buffer, kernel.statistics.byteOffset, kernel.statistics.byteLength),
    )
    .digest('hex')
    .slice(0, 16);
}

/** (d × d) covariance of both components. */
const SPREAD = [0.11, 0.01, 0.02, 0.01, 0.12, 0.03, 0.02, 0.03, 0.13];
