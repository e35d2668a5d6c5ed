/**
 * Runs vitest, also in a folder whose name has a `#`, `?` or `%`: Vite takes a path for a URL and would lose the rest of
 * it, so there the tests are run by way of a link with a plain name.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

function vitest(from, flags) {
  const args = [...flags, join(from, 'node_modules/vitest/vitest.mjs'), 'run', '--root', from];
  return (
    spawnSync(process.execPath, [...args, ...process.argv.slice(2)], { stdio: 'inherit', cwd: root })
      .status ?? 1
  );
}

if (/[#?%]/.test(root)) {
  const folder = mkdtempSync(join(tmpdir(), 'parallel-gmm-test-'));
  try {
    symlinkSync(root, join(folder, 'root'), 'junction');
    process.exitCode = vitest(join(folder, 'root'), ['--preserve-symlinks', '--preserve-symlinks-main']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else {
  process.exitCode = vitest(root, []);
}
