/**
 * How the kernel rounds on this processor. The build of the kernel does not tell: relaxed SIMD multiplies and adds with
 * one rounding where the processor has such an instruction, and with two elsewhere, and results differ in their last
 * bits. So the kernel runs on rows that are always the same, and what comes out is hashed.
 */

import { createHash } from 'node:crypto';
import { factorMixture } from '../core/factored-mixture.js';
import { createKernel } from './kernel.js';
import { compileKernel, detectKernelBuild } from './module.js';
import { prepareInto } from './prepare.js';

const [N, D, K] = [64, 3, 2];

let known: string | undefined;

/** @returns the build and what it gives on this processor, as `relaxed-simd 1f0c…` */
export function identifyKernel(): string {
  known ??= `${detectKernelBuild()} ${fingerprintKernel(compileKernel())}`;
  return known;
}

/** @returns 16 hexadecimal digits; the same for kernels that round the same way */
export function fingerprintKernel(module: WebAssembly.Module): string {
  const kernel = createKernel(module, {
    form: 'full',
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
  // Multiples of an irrational number, without their whole part: digits of all kinds.
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

/** (d × d) */
const SPREAD = [0.11, 0.01, 0.02, 0.01, 0.12, 0.03, 0.02, 0.03, 0.13];
