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
 * @returns as much of its beginning as the room holds
 */
export function fitText(text: string, room: number, size: number): string {
  if (textWidth(text, size) <= room) return text;
  return `${takeLetters(Array.from(text), room - size, size)
    .join('')
    .trimEnd()}…`;
}

/**
 * @param name - a name, one of several that may begin alike
 * @param room - in pixels
 * @param size - of the letters, in pixels
 * @returns as much of its beginning and its end as the room holds
 */
export function fitName(name: string, room: number, size: number): string {
  if (textWidth(name, size) <= room) return name;
  const letters = Array.from(name);
  const half = (room - size) / 2;
  const end = takeLetters([...letters].reverse(), half, size).reverse();
  return `${takeLetters(letters, half, size).join('').trimEnd()}…${end.join('').trimStart()}`;
}

/** The first letters that are no wider than the room. */
function takeLetters(letters: string[], room: number, size: number): string[] {
  let width = 0;
  const end = letters.findIndex((letter) => {
    width += letterWidth(letter) * size;
    return width > room;
  });
  return end < 0 ? letters : letters.slice(0, end);
}
