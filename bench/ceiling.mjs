/** The machine's ceiling: ceiling.ts, compiled with the kernel's flags and run on one thread. */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { median } from './measure.mjs';

const baseDir = fileURLToPath(new URL('..', import.meta.url));
const FLAGS = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'];

async function compile(flags) {
  const folder = await mkdtemp(join(tmpdir(), 'parallel-gmm-ceiling-'));
  try {
    const outFile = join(folder, 'ceiling.wasm');
    const { error, stderr } = await asc.main([
      'bench/ceiling.ts',
      '--baseDir',
      baseDir,
      '--outFile',
      outFile,
      ...FLAGS,
      ...flags,
    ]);
    if (error) throw new Error(stderr.toString(), { cause: error });
    return await readFile(outFile);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @returns build: 'relaxed-simd' if this Node runs it (a multiply–add is then one instruction), else 'simd';
 *   multiplyAddsPerSecond: on one thread; a vector counts as two, for its two lanes
 */
export async function measureCeiling() {
  const relaxed = await compile(['--enable', 'relaxed-simd']);
  const build = WebAssembly.validate(relaxed) ? 'relaxed-simd' : 'simd';
  const bytes = build === 'simd' ? await compile([]) : relaxed;
  const { multiplyAdd, MULTIPLY_ADDS_PER_STEP } = (await WebAssembly.instantiate(bytes)).instance.exports;
  const steps = 1_000_000;
  const run = () => {
    const start = performance.now();
    multiplyAdd(steps, 0.999, 0.001);
    return (performance.now() - start) / 1000;
  };
  // V8 runs code of its baseline compiler until the optimised code is ready.
  for (let i = 0; i < 20; i++) run();
  const seconds = median(Array.from({ length: 15 }, run));
  return { build, multiplyAddsPerSecond: (steps * MULTIPLY_ADDS_PER_STEP.value) / seconds };
}
