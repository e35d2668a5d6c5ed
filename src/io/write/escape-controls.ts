/** Makes text safe to show: control characters could move the cursor or change what a terminal shows. */

/** Characters that break lines, control the terminal or change the direction of writing. */
const STEERING = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const EACH_STEERING = new RegExp(STEERING, 'gu');

/** Whether a text has a character that would control a terminal. */
export function hasControls(text: string): boolean {
  return STEERING.test(text);
}

/** @returns the text with control characters written as `\u001b`; inside a JSON string, the meaning is the same */
export function escapeControls(text: string): string {
  if (!hasControls(text)) return text;
  return text.replace(EACH_STEERING, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
