/** Every way the kernel comes in: its builds that this Node can run, by the covariance types that it knows. */

import { COVARIANCE_TYPES } from '../../src/core/covariance-type.js';
import { compileKernel, detectKernelBuild } from '../../src/kernel/module.js';

const names = detectKernelBuild() === 'simd' ? (['simd'] as const) : (['simd', 'relaxed-simd'] as const);
export const BUILDS = names.map((build) => ({ build, module: compileKernel(build) }));

export const KERNELS = BUILDS.flatMap((build) => COVARIANCE_TYPES.map((type) => ({ ...build, type })));
