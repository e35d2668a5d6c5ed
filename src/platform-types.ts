/** Types of Node and the DOM that a program may lack: with them the package compiles where `lib` is ES2022 alone. */

/**
 * An `AbortSignal` as the program's own types have it (of Node or the DOM); without either, the part of it that all have.
 * Without this the package would not compile where `lib` is ES2022 alone.
 */
export type Signal = typeof globalThis extends { AbortSignal: { prototype: infer Native } }
  ? Native
  : { readonly aborted: boolean; readonly reason: unknown };

/** A `URL` as the program's own types have it; without any, the part of it that all have. */
export type FileUrl = typeof globalThis extends { URL: { prototype: infer Native } }
  ? Native
  : { readonly href: string };

/** `AsyncDisposable`, for `await using`, where the program's `lib` has it (`ESNext.Disposable`); elsewhere nothing. */
export type Disposed = SymbolConstructor extends { readonly asyncDispose: infer Name extends symbol }
  ? { readonly [Key in Name]: () => Promise<void> }
  : object;
