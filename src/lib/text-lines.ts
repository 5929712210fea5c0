/** The lines of a UTF-8 stream without their line ends (LF or CRLF). A line end at the very end opens no further line. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pending: string[] = [];
  for await (const chunk of chunks) {
    const pieces = decoder.decode(chunk, { stream: true }).split('\n');
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      yield withoutCr([...pending, piece].join(''));
      pending = [];
    }
    if (last !== '') pending.push(last);
  }
  const rest = pending.join('') + decoder.decode();
  if (rest !== '') yield withoutCr(rest);
}

function withoutCr(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** Text from outside on one line of a terminal: control and invisible formatting characters are written out as `\u{…}`. */
export function printableLine(text: string): string {
  return text.replace(/\p{C}|[\u2028\u2029]/gu, (character) => {
    if (character === '\n') return '\\n';
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
