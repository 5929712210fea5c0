/**
 * The comma-separated values behind the `+NAME:` of an information line, quotes removed, blanks around them trimmed. Tolerates what modems
 * print: a missing blank after the colon, a quote that never closes, empty fields.
 */
export function fieldsOf(line: string): string[] {
  const colon = line.indexOf(':');
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (const char of line.slice(colon + 1)) {
    if (char === '"') quoted = !quoted;
    else if (char === ',' && !quoted) {
      fields.push(field.trim());
      field = '';
    } else field += char;
  }
  fields.push(field.trim());
  return fields;
}

/** A field as a whole number not below zero, or null when it is none (`-1`, empty, text). */
export function numberOf(field: string | undefined): number | null {
  return field !== undefined && /^\d{1,9}$/.test(field) ? Number(field) : null;
}
