/** Text that is safe to show: nothing in it steers a terminal. */

/** Characters that break lines, steer the terminal or turn the direction of writing. */
const STEERING = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const EACH_STEERING = new RegExp(STEERING, 'gu');

/** Whether a text has a character that would steer a terminal. */
export function hasControls(text: string): boolean {
  return STEERING.test(text);
}

/** @returns the text with `\u001b` for what would steer a terminal; inside a JSON string it means the same as before */
export function escapeControls(text: string): string {
  if (!hasControls(text)) return text;
  return text.replace(EACH_STEERING, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
