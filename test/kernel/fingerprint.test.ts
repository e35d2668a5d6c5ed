/** Kernels have different fingerprints exactly if they round differently. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fingerprintKernel } from '../../src/kernel/fingerprint.js';
import { compileKernel, detectKernelBuild } from '../../src/kernel/module.js';

const folder = mkdtempSync(join(tmpdir(), 'parallel-gmm-fingerprint-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** V8 can choose whether to fuse a product and a sum on x64 only. Today's x64 processors can fuse; Linux tells for certain. */
const hasChoice =
  process.arch === 'x64' &&
  (process.platform !== 'linux' || /\bfma\b/.test(readFileSync('/proc/cpuinfo', 'utf8')));

/** The kernel that a checkpoint of a process with these V8 flags names. */
function kernelOf(name: string, flags: string[]): string {
  const checkpoint = join(folder, name);
  const program = `
    import { fit } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
    await fit([[1], [2], [4]], { nComponents: 1, threads: 1, checkpoint: process.argv[1] });`;
  execFileSync(process.execPath, [...flags, '--input-type=module', '-e', program, checkpoint]);
  return JSON.parse(readFileSync(checkpoint, 'utf8').split('\n')[1]).kernel;
}

describe('the fingerprint of a kernel', () => {
  it('is the same every time', () => {
    const fingerprint = fingerprintKernel(compileKernel());
    expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprintKernel(compileKernel())).toBe(fingerprint);
  });

  it('in a checkpoint differs between a processor that fuses and one that does not', () => {
    const relaxed = detectKernelBuild() === 'simd' ? ['--experimental-wasm-relaxed-simd'] : [];
    const fused = kernelOf('fused', relaxed);
    expect(fused).toMatch(/^relaxed-simd [0-9a-f]{16}$/);
    expect(kernelOf('fused-again', relaxed)).toBe(fused);
    const separate = kernelOf('separate', [...relaxed, '--no-enable-fma3']);
    expect(separate).toMatch(/^relaxed-simd [0-9a-f]{16}$/);
    expect(separate === fused).toBe(!hasChoice);
  });
});
