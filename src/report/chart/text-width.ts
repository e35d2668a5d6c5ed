/** Estimates the width of text before it is drawn, and shortens text that is too wide. */

/** Font size of a chart in pixels, unless a text says otherwise. */
export const FONT_SIZE = 12;

/**
 * Advance widths in em of DejaVu Sans, a wide font, rounded up: most other fonts need less room. The first pattern that
 * matches a letter counts.
 */
const ADVANCES: readonly [letters: RegExp, advance: number][] = [
  [/[ ijlI|'.,:;!]/, 0.34],
  [/[frtJ()[\]/"-]/, 0.44],
  [/[mwMW%@…]/, 1],
  [/\p{Lu}/u, 0.77],
  // Letters of most scripts from Hangul on are as wide as they are high.
  [/[\u1100-\u{10ffff}]/u, 1],
];
const OTHER_ADVANCE = 0.64;

function letterWidth(letter: string): number {
  return ADVANCES.find(([letters]) => letters.test(letter))?.[1] ?? OTHER_ADVANCE;
}

/**
 * @param text - one line
 * @param size - font size in pixels
 * @returns an estimate of its width in pixels, rarely too small
 */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const letter of text) width += letterWidth(letter) * size;
  return width;
}

/**
 * @param text - one line
 * @param room - in pixels
 * @param size - font size in pixels
 * @returns the text, cut at its end if it is too wide
 */
export function fitText(text: string, room: number, size: number): string {
  if (textWidth(text, size) <= room) return text;
  return `${takeLetters(Array.from(text), room - size, size)
    .join('')
    .trimEnd()}…`;
}

/**
 * @param name - a name; names of columns often begin alike and differ at their ends
 * @param room - in pixels
 * @param size - font size in pixels
 * @returns the name, cut in its middle if it is too wide
 */
export function fitName(name: string, room: number, size: number): string {
  if (textWidth(name, size) <= room) return name;
  const letters = Array.from(name);
  const half = (room - size) / 2;
  const end = takeLetters([...letters].reverse(), half, size).reverse();
  return `${takeLetters(letters, half, size).join('').trimEnd()}…${end.join('').trimStart()}`;
}

/** The first letters that fit into the room. */
function takeLetters(letters: string[], room: number, size: number): string[] {
  let width = 0;
  const end = letters.findIndex((letter) => {
    width += letterWidth(letter) * size;
    return width > room;
  });
  return end < 0 ? letters : letters.slice(0, end);
}
