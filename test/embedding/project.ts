/** A program of somebody else: a folder with the package installed in it, as npm would, and what runs there. */

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Old Faithful, by its absolute path. */
export const FAITHFUL = join(ROOT, 'data/faithful.csv');

export interface Project {
  path(name: string): string;
  write(name: string, text: string): string;
  /** Runs a program of the project. */
  run(file: string, flags?: readonly string[]): Promise<Ended>;
}

export interface Ended {
  code: number | null;
  /** Standard output, then standard error. */
  output: string;
}

/** A folder that goes when the tests of the file are done. */
export function createFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'parallel-gmm-project-')));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * @param packages - installed beside the required ones
 */
export function createProject(packages: readonly string[] = []): Project {
  const folder = createFolder();
  const modules = join(folder, 'node_modules');
  const installed = join(modules, manifest.name);
  mkdirSync(installed, { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(installed, 'package.json'));
  cpSync(join(ROOT, 'dist'), join(installed, 'dist'), {
    recursive: true,
    filter: (path) => !path.endsWith('worker.js'),
  });
  for (const name of [...Object.keys(manifest.dependencies), ...packages]) link(name, modules);
  const path = (name: string) => join(folder, name);
  return {
    path,
    write(name, text) {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), text);
      return path(name);
    },
    run: (file, flags = []) => runNode([...flags, path(file)]),
  };
}

function link(name: string, modules: string): void {
  const target = join(modules, name);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules', name), target, 'junction');
}

/** Runs Node to its end. */
export function runNode(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      errors += text;
    });
    child.on('error', reject).on('close', (code) => resolve({ code, output: output + errors }));
  });
}
