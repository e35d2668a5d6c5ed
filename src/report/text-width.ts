/** How wide a line of text will be, before anything has drawn it. */

/** Advances in em of a wide sans-serif (DejaVu Sans), rounded up, so that text rarely takes more: the first that fits. */
const ADVANCES: readonly [letters: RegExp, advance: number][] = [
  [/[ ijlI|'.,:;!]/, 0.34],
  [/[frtJ()[\]/"-]/, 0.44],
  [/[mwMW%@…]/, 1],
  [/\p{Lu}/u, 0.77],
  // From Hangul on most scripts are as wide as high.
  [/[\u1100-\u{10ffff}]/u, 1],
];
const OTHER_ADVANCE = 0.64;

function letterWidth(letter: string): number {
  return ADVANCES.find(([letters]) => letters.test(letter))?.[1] ?? OTHER_ADVANCE;
}

/**
 * @param text - a line
 * @param size - of the letters, in pixels
 * @returns about the pixels it takes, rarely fewer
 */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const letter of text) width += letterWidth(letter) * size;
  return width;
}

/**
 * @param text - a line
 * @param room - in pixels
 * @param size - of the letters, in pixels
 * @returns as much of the text as the room holds
 */
export function fitText(text: string, room: number, size: number): string {
  if (textWidth(text, size) <= room) return text;
  let width = size;
  let out = '';
  for (const letter of text) {
    width += letterWidth(letter) * size;
    if (width > room) break;
    out += letter;
  }
  return `${out.trimEnd()}…`;
}
