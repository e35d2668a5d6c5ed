/** Notes about data, for a person. */

import type { MessagePart } from '../../errors.js';

/**
 * How much a note about data matters. A `note` informs. A `warning` says that something may not be what you meant. A `loss` says
 * that part of the input was not used; programs that hide notes and warnings should still show losses.
 */
export type NoteLevel = 'note' | 'warning' | 'loss';

/** A note for a person, before a fit: how rows were read, or about the rows themselves. */
export interface DataNote {
  readonly level: NoteLevel;
  /** One sentence, without the level: what, where, what to do. Further lines are options to paste: `  columns: ["a"]`. */
  readonly message: string;
  /** The message in parts, for programs that have their own names for options. Joined, they are `message`. */
  readonly parts?: readonly MessagePart[];
  /** In a note that advises against some columns: the other columns, to be given as `columns`; empty if none is left. */
  readonly columns?: readonly string[];
}
