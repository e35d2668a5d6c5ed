/**
 * Optional packages, loaded when they are first needed.
 *
 * Bundlers do not include them, since no `import` has their names as a literal (and `createRequire` is not imported by name, which
 * webpack would follow). They are looked up where the program runs. If a program can't `import()` (Jest without
 * --experimental-vm-modules, single executables), they are loaded with `require`.
 */

import nodeModule from 'node:module';
import { isAbsolute } from 'node:path';
import { GmmError } from './errors.js';

/** A purpose, and the packages that it needs. */
export interface Need {
  /** For messages: `drawing a picture`. */
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
 * @param path - of a file in a package: `dejavu-fonts-ttf/ttf/DejaVuSans.ttf`
 * @returns its absolute path
 * @throws GmmError MISSING_DEPENDENCY
 */
export function findOptionalFile(path: string, need: Need): string {
  const name = need.packages.find((each) => path.startsWith(`${each}/`)) ?? path;
  let cause: unknown;
  for (const place of places()) {
    try {
      return nodeModule.createRequire(place).resolve(path);
    } catch (error) {
      cause = error;
    }
  }
  throw missing(name, need, cause);
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
