/** Notes about data, for a person. */

import type { MessagePart } from '../../errors.js';

/**
 * How much a note about data matters: a `note` informs, a `warning` doubts that this is what was meant, a `loss` says that part of
 * the input was not used; programs that hide notes and warnings still show losses.
 */
export type NoteLevel = 'note' | 'warning' | 'loss';

/** What a person should know about how rows were read, or about the rows themselves, before a fit. */
export interface DataNote {
  readonly level: NoteLevel;
  /** One sentence, without its level: what, where, what to do. Further lines are options to be pasted: `  columns: ["a"]`. */
  readonly message: string;
  /** The message in parts, for programs that have their own names for options. Joined, they are `message`. */
  readonly parts?: readonly MessagePart[];
  /** Of a note that advises against some columns: the others, which is what to give as `columns`; empty where none is left. */
  readonly columns?: readonly string[];
}
