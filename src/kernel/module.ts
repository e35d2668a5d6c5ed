/** The compiled kernel: relaxed SIMD where this Node has it, plain SIMD elsewhere. */

import { RELAXED_SIMD_BASE64, SIMD_BASE64 } from './generated.js';

/** Which of the two builds runs. */
export type KernelBuild = 'simd' | 'relaxed-simd';

/** The best build that this Node can run. */
export function detectKernelBuild(): KernelBuild {
  return WebAssembly.validate(Buffer.from(RELAXED_SIMD_BASE64, 'base64')) ? 'relaxed-simd' : 'simd';
}

/**
 * Compiles a build; done once on the main thread, the module then goes to the workers, who share its code.
 *
 * @param build - default: the best that this Node can run
 */
export function compileKernel(build: KernelBuild = detectKernelBuild()): WebAssembly.Module {
  return new WebAssembly.Module(Buffer.from(build === 'simd' ? SIMD_BASE64 : RELAXED_SIMD_BASE64, 'base64'));
}
