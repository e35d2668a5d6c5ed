/**
 * Optional packages, loaded when they are first needed.
 *
 * Bundlers do not include them, since no `import` has their names as a literal (and `createRequire` is not imported by name, which
 * webpack would follow). They are looked up where the program runs. If a program can't `import()` (Jest without
 * --experimental-vm-modules, single executables), they are loaded with `require`.
 */

import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };
import { GmmError } from './errors.js';

/** A purpose, and the packages that it needs. */
export interface Need {
  /** For messages: `drawing a PNG`. */
  readonly purpose: string;
  readonly packages: readonly string[];
}

/** Codes of errors which mean that the program can't `import()` at all; they say nothing about the package. */
const CANNOT_IMPORT = /^ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING|^ERR_UNKNOWN_BUILTIN_MODULE$/;

/**
 * @param name - name of a package of `need`
 * @returns the exports of the package
 * @throws GmmError MISSING_DEPENDENCY; the message says whether the package is missing or why it can't be loaded
 */
export async function loadOptional<Module>(name: string, need: Need): Promise<Module> {
  try {
    return await import(/* webpackIgnore: true */ /* @vite-ignore */ name);
  } catch (error) {
    if (isAbsent(error, name)) throw missing(name, need, error);
    if (!CANNOT_IMPORT.test(codeOf(error))) throw notLoadable(name, need, error);
    return requireInstead(name, need, error);
  }
}

/**
 * The fonts are in the folder `fonts` beside the package's own code. A bundle leaves them behind, so they are also looked
 * for beside the program, and in the package if it is installed there.
 *
 * @param names - of font files: `DejaVuSans.ttf`
 * @returns their absolute paths
 * @throws GmmError MISSING_DEPENDENCY
 */
export function findFonts(names: readonly string[], { purpose }: Need): string[] {
  const folders = places().flatMap((place) => {
    const path = place.startsWith('file:') ? fileURLToPath(place) : place;
    return [join(dirname(path), 'fonts'), ...installedFonts(place)];
  });
  const folder = folders.find((each) => names.every((name) => existsSync(join(each, name))));
  if (folder !== undefined) return names.map((name) => join(folder, name));
  throw new GmmError(
    'MISSING_DEPENDENCY',
    `${purpose} needs ${names.join(' and ')}, which are not beside this program; ` +
      `copy node_modules/${manifest.name}/dist/fonts to ${join(dirname(process.argv[1] ?? process.execPath), 'fonts')}`,
  );
}

/** The fonts of the package as it is installed where `place` is, if it is. */
function installedFonts(place: string): string[] {
  try {
    const path = nodeModule.createRequire(place).resolve(`${manifest.name}/package.json`);
    return [join(dirname(path), 'dist', 'fonts')];
  } catch {
    return [];
  }
}

function requireInstead<Module>(name: string, need: Need, importError: unknown): Module {
  let absent: unknown;
  for (const place of places()) {
    try {
      return nodeModule.createRequire(place)(name) as Module;
    } catch (error) {
      // Most likely an ES module, which `require` can't load.
      if (!isAbsent(error, name)) throw notLoadable(name, need, importError);
      absent = error;
    }
  }
  throw missing(name, need, absent);
}

/**
 * Packages are looked up next to this file and next to the program, since in a bundle the path of this file may be unknown or
 * wrong. The working directory is not searched: anybody may have put a package there.
 */
function places(): string[] {
  const here: string | undefined = import.meta.url;
  const file = typeof __filename === 'string' ? __filename : undefined;
  const all = [here, file, process.argv[1], process.execPath];
  return all.filter((place) => place?.startsWith('file:') || isAbsolute(place ?? '')) as string[];
}

/** Whether the package itself is missing, and not one of its dependencies. */
function isAbsent(error: unknown, name: string): boolean {
  if (!/^(ERR_)?MODULE_NOT_FOUND$/.test(codeOf(error))) return false;
  const { message } = error as Error;
  return (
    message.startsWith(`Cannot find package '${name}'`) || message.startsWith(`Cannot find module '${name}'`)
  );
}

function missing(name: string, { purpose, packages }: Need, cause: unknown): GmmError {
  const message = `${purpose} needs ${name}, which is not installed; run\nnpm install ${packages.join(' ')}`;
  return new GmmError('MISSING_DEPENDENCY', message, { cause });
}

function notLoadable(name: string, { purpose }: Need, cause: unknown): GmmError {
  const remedy = CANNOT_IMPORT.test(codeOf(cause))
    ? 'start Node with --experimental-vm-modules (in Jest: NODE_OPTIONS=--experimental-vm-modules)'
    : 'install it again where the program runs';
  // No `instanceof`: the error may be from another realm.
  const reason = String((cause as Error | undefined)?.message ?? cause).split('\n', 1)[0];
  return new GmmError(
    'MISSING_DEPENDENCY',
    `${purpose} needs ${name}, which is installed but could not be loaded: ${reason}; ${remedy}`,
    { cause },
  );
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null | undefined)?.code);
}
