/** The one error class of the package: a `code` and fields for programs, a message for people. And how messages are composed. */

/** What went wrong, for programs. Messages say what, the value got and what to do. */
export type GmmErrorCode =
  | 'INVALID_OPTION'
  | 'INVALID_DATA'
  | 'INVALID_MODEL'
  | 'DEGENERATE'
  | 'WORKER_FAILED'
  | 'IO'
  | 'MISSING_DEPENDENCY';

/** What an error is about, as far as it is about one thing. */
export interface GmmErrorFields {
  /** Index of the row, from 0: in the file `path` if the error has one, otherwise in the data. */
  readonly row?: number | undefined;
  /** Name of the column; `x0`, `x1`, … for columns without names. */
  readonly column?: string | undefined;
  /** Name of the option of the call, such as `nComponents`; `init` for every part of the start values. */
  readonly option?: string | undefined;
  /** The file as the caller wrote it; of several files or a glob, the one file, absolute where a glob found it; `-` for a standard stream. */
  readonly path?: string | undefined;
}

/** A piece of a message: text, or an option that it names. */
export type MessagePart = string | OptionMention;

/** An option that a message names. A program with names of its own for options, such as the command, writes those. */
export interface OptionMention {
  /** Name of the option, such as `nComponents`. */
  readonly option: string;
  /** What the message has in this place: the name, or `name: value`. */
  readonly text: string;
  /** The value that the message says to set. */
  readonly value?: unknown;
}

/** A message in parts; written with {@link compose}. */
export type Message = readonly MessagePart[];

/** Every failure that the package foresees is one of these. */
export class GmmError extends Error {
  /** What went wrong, for programs. */
  readonly code: GmmErrorCode;
  /** Index of the row, from 0: in the file `path` if the error has one, otherwise in the data. */
  declare readonly row?: number;
  /** Name of the column; `x0`, `x1`, … for columns without names. */
  declare readonly column?: string;
  /** Name of the option of the call, such as `nComponents`; `init` for every part of the start values. */
  declare readonly option?: string;
  /** The file as the caller wrote it; of several files, the one file; `-` for a standard stream. */
  declare readonly path?: string;
  /** The message in parts, for programs that have their own names for options. Joined, they are `message`. */
  declare readonly parts: readonly MessagePart[];

  /**
   * @param code - what went wrong, for programs
   * @param message - what, the value got, what to do
   * @param details - `cause`: the error beneath, if any; and the fields
   */
  constructor(
    code: GmmErrorCode,
    message: string | Message,
    { cause, ...fields }: GmmErrorFields & { readonly cause?: unknown } = {},
  ) {
    super(textOf(message), cause === undefined ? undefined : { cause });
    this.name = 'GmmError';
    this.code = code;
    Object.assign(this, withoutUndefined(fields));
    // Not enumerable: whoever prints the error sees the message once.
    Object.defineProperty(this, 'parts', { value: typeof message === 'string' ? [message] : message });
  }
}

/** The fields of an error that has them; no others. */
export function fieldsOf({ row, column, option, path }: GmmErrorFields): GmmErrorFields {
  return withoutUndefined({ row, column, option, path });
}

function withoutUndefined(fields: GmmErrorFields): GmmErrorFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** An error as plain data, which crosses threads and files. */
export interface ErrorData extends GmmErrorFields {
  readonly code: GmmErrorCode;
  readonly parts: Message;
}

/** @returns what {@link fromErrorData} makes the same error of, but for `cause` and `stack` */
export function toErrorData(error: GmmError): ErrorData {
  return { code: error.code, parts: error.parts, ...fieldsOf(error) };
}

export function fromErrorData({ code, parts, ...fields }: ErrorData): GmmError {
  return new GmmError(code, parts, fields);
}

/**
 * The error for an option with a wrong value: `"nComponents" must be a whole number >= 1, got 0`.
 *
 * @param name - of the option, or of an item of it: `nComponents[2]`
 */
export function invalidOption(name: string, wanted: string, got: unknown): GmmError {
  const named = subject(name);
  const message = compose`${named} must be ${wanted}, got ${describe(got)}`;
  return new GmmError('INVALID_OPTION', message, { option: named.option });
}

/**
 * A tag for templates: a message whose mentions of options stay apart from its text.
 *
 * @example
 * compose`lower ${mention('nComponents')} (now ${k})`
 */
export function compose(
  texts: TemplateStringsArray,
  ...values: readonly (string | number | OptionMention | Message)[]
): Message {
  const parts = texts.flatMap((text, i): MessagePart[] => {
    const value = values[i];
    if (value === undefined) return [text];
    if (isMessage(value)) return [text, ...value];
    if (typeof value === 'object') return [text, value];
    return [text, String(value)];
  });
  return mergeTexts(parts);
}

/** @returns the messages, one below the other or with `separator` between them */
export function joinMessages(messages: readonly (string | Message)[], separator = '\n'): Message {
  return mergeTexts(
    messages.flatMap((message, i) => [
      ...(i === 0 ? [] : [separator]),
      ...(typeof message === 'string' ? [message] : message),
    ]),
  );
}

function isMessage(value: string | number | OptionMention | Message): value is Message {
  return Array.isArray(value);
}

/** Joins neighbouring texts to one part. */
function mergeTexts(parts: Message): Message {
  const merged: MessagePart[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part;
    else if (part !== '') merged.push(part);
  }
  return merged;
}

/** An option in the middle of a message, `lower nComponents`; `text` is how the library writes it. */
export function mention(option: string, text = option): OptionMention {
  return { option, text };
}

/** An option that a message begins with: `"nComponents" must be …`, or one item of it, `"nComponents[2]" must be …`. */
export function subject(option: string): OptionMention {
  return { option: option.replace(/\[.*/, ''), text: JSON.stringify(option) };
}

/** An option with its value, to be pasted: `columns: ["a", "b"]`. */
export function setting(option: string, value: string | boolean | readonly string[]): OptionMention {
  const shown = Array.isArray(value)
    ? `[${value.map((each) => JSON.stringify(each)).join(', ')}]`
    : JSON.stringify(value);
  return { option, text: `${option}: ${shown}`, value };
}

/** @returns a `DataNote` whose message mentions options */
export function createNote<Level extends string>(level: Level, parts: Message, columns?: readonly string[]) {
  return { level, message: textOf(parts), parts, ...(columns && { columns }) };
}

/** @returns the message with options by their names */
function textOf(message: string | Message): string {
  if (typeof message === 'string') return message;
  return message.map((part) => (typeof part === 'string' ? part : part.text)).join('');
}

/**
 * How a value looks in an error message: strings quoted, long ones cut, functions and objects by kind.
 *
 * @param value - anything
 * @returns one line, at most some 60 characters
 */
export function describe(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > 50 ? `${value.slice(0, 50)}…` : value);
  }
  if (value === null || value === undefined || typeof value !== 'object') {
    return typeof value === 'function' ? 'a function' : String(value);
  }
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `an array of length ${value.length}`;
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== '' && name !== 'Object' ? withArticle(name) : 'an object';
}

/** @returns `a Map`, `an Int32Array` */
export function withArticle(name: string): string {
  return `${/^[AEIOU]/i.test(name) && !name.startsWith('U') ? 'an' : 'a'} ${name}`;
}
