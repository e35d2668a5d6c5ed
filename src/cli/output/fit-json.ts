/** Fits as plain objects for `--json`. */

import type { FitResult, GmmError, Selection } from '../../index.js';
import { escapeControls } from '../../io/write/escape-controls.js';

/** The fields of the result, with `model` replaced by the fields of its model file. */
export function fitToJson({ model, notes, ...result }: FitResult): object {
  const shown = notes.map(({ level, message }) => ({ level, message }));
  return { ...model.toJSON(), ...result, notes: shown };
}

export function selectionToJson({ best, criterion, edge, fits }: Selection): object {
  return {
    best: fitToJson(best),
    criterion,
    ...(edge && { edge }),
    fits: fits.map(({ model: _, error, ...cell }) => ({
      ...cell,
      ...(error && { error: errorToJson(error) }),
    })),
  };
}

function errorToJson({ code, message, row, column, option, path }: GmmError): object {
  return { code, message, row, column, option, path };
}

/** Prints an object on one line, without control characters. */
export function printJson(value: object): void {
  process.stdout.write(`${escapeControls(JSON.stringify(value))}\n`);
}
