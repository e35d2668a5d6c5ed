/** Fits as plain objects for `--json`. */

import type { FitResult, GmmError, Selection } from '../../index.js';
import { escapeControls } from '../../io/write/escape-controls.js';

/** The result's fields, with `model` replaced by the fields of its model file. */
export function fitToJson({ model, ...result }: FitResult): object {
  return { ...model.toJSON(), ...result };
}

export function selectionToJson({ best, criterion, fits }: Selection): object {
  return {
    best: fitToJson(best),
    criterion,
    fits: fits.map(({ model: _, error, ...cell }) => ({
      ...cell,
      ...(error && { error: errorToJson(error) }),
    })),
  };
}

function errorToJson({ code, message, row, column, option, path }: GmmError): object {
  return { code, message, row, column, option, path };
}

/** On one line, as programs that read lines like it; nothing in it steers a terminal. */
export function printJson(value: object): void {
  process.stdout.write(`${escapeControls(JSON.stringify(value))}\n`);
}
