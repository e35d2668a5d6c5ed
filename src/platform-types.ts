/** Types of Node and the DOM that a program may lack: with them the package compiles where `lib` is ES2022 alone. */

/**
 * `AbortSignal` of the types of Node or the DOM. A program that has neither (`lib` is ES2022 alone) still compiles: for it this is
 * the common part of both.
 */
export type Signal = typeof globalThis extends { AbortSignal: { prototype: infer Native } }
  ? Native
  : { readonly aborted: boolean; readonly reason: unknown };

/** `URL` of the types of Node or the DOM; in a program that has neither, the common part of both. */
export type FileUrl = typeof globalThis extends { URL: { prototype: infer Native } }
  ? Native
  : { readonly href: string };

/** `AsyncDisposable`, for `await using`, if the program's `lib` has it (`ESNext.Disposable`); otherwise nothing. */
export type Disposed = SymbolConstructor extends { readonly asyncDispose: infer Name extends symbol }
  ? { readonly [Key in Name]: () => Promise<void> }
  : object;
