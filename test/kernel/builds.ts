/** All pairs of a kernel build that this Node can run and a covariance type. */

import { COVARIANCE_TYPES } from '../../src/core/covariance/families.js';
import { compileKernel, detectKernelBuild } from '../../src/kernel/module.js';

const names = detectKernelBuild() === 'simd' ? (['simd'] as const) : (['simd', 'relaxed-simd'] as const);
export const BUILDS = names.map((build) => ({ build, module: compileKernel(build) }));

export const KERNELS = BUILDS.flatMap((build) => COVARIANCE_TYPES.map((type) => ({ ...build, type })));
