/**
 * Packages that need not be installed, loaded when they are first needed.
 *
 * Bundlers leave them alone, since no name of theirs stands in an `import` (and `createRequire` is not imported by its name,
 * which webpack would look into): they are looked for where the program runs.
 * Where a program can't `import()` (Jest without --experimental-vm-modules, single executables), they are `require`d.
 */

import nodeModule from 'node:module';
import { isAbsolute } from 'node:path';
import { GmmError } from './errors.js';

/** What is to be done, and the packages that it takes. */
export interface Need {
  /** For messages: `drawing a picture`. */
  readonly purpose: string;
  readonly packages: readonly string[];
}

/** Codes of errors that say nothing of the package, but that the program itself can't `import()`. */
const CANNOT_IMPORT = /^ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING|^ERR_UNKNOWN_BUILTIN_MODULE$/;

/**
 * @param name - of the package, one of the need's
 * @returns what it exports
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
      // An ES module, most likely, which the program would have to import.
      if (!isAbsent(error, name)) throw notLoadable(name, need, importError);
      absent = error;
    }
  }
  throw missing(name, need, absent);
}

/**
 * Where packages are looked for: beside this file and, as in a bundle that may be unknown or wrong, beside the program. Not
 * in the working directory, which anybody may have put a package in.
 */
function places(): string[] {
  const here: string | undefined = import.meta.url;
  const file = typeof __filename === 'string' ? __filename : undefined;
  const all = [here, file, process.argv[1], process.execPath];
  return all.filter((place) => place?.startsWith('file:') || isAbsolute(place ?? '')) as string[];
}

/** Whether the package itself is not there, rather than something that it needs. */
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
  // Not by class: the error may be of another realm.
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
