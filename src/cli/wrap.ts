const COLUMNS = 100;
const INDENT = '    ';

/** A text in lines of at most 100 columns, broken between words; a word that is longer stands alone. */
export function wrapped(text: string, columns = COLUMNS): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** The same, set in below the line it belongs to. */
export function indented(text: string): string[] {
  return wrapped(text, COLUMNS - INDENT.length).map((line) => INDENT + line);
}
