/** The compiled kernel: with relaxed SIMD if this Node has it, otherwise with plain SIMD. */

import { RELAXED_SIMD_BASE64, SIMD_BASE64 } from './generated.js';

/** Which of the two builds runs. */
export type KernelBuild = 'simd' | 'relaxed-simd';

/** The best build that this Node can run. */
export function detectKernelBuild(): KernelBuild {
  return WebAssembly.validate(Buffer.from(RELAXED_SIMD_BASE64, 'base64')) ? 'relaxed-simd' : 'simd';
}

/**
 * Compiles a build. This is done once, on the main thread; workers get the module and share its code.
 *
 * @param build - default: the best that this Node can run
 */
export function compileKernel(build: KernelBuild = detectKernelBuild()): WebAssembly.Module {
  return new WebAssembly.Module(Buffer.from(build === 'simd' ? SIMD_BASE64 : RELAXED_SIMD_BASE64, 'base64'));
}
