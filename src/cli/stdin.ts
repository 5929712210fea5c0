/** Text from outside on one line of a terminal: control and invisible formatting characters are written out as `\u{…}`. */
export function printableLine(text: string): string {
  return text.replace(/\p{C}|[\u2028\u2029]/gu, (character) => {
    if (character === '\n') return '\\n';
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
