/** The fields of a service's rules as operators read them. */
export const FIELD_LABELS: Readonly<Record<string, string>> = {
  name: 'Name',
  category: 'Category',
  denied: 'Denied as',
  aliases: 'Other names',
  common: 'Names that are also words',
  senders: 'Senders',
  blockedSenders: 'Senders that never are it',
  notKeywords: 'Names that exclude it',
  sisters: 'Sister services that count',
  domains: 'Domains',
  appHashes: 'App hashes',
  templates: 'Templates',
  shortest: 'Shortest code',
  longest: 'Longest code',
  alphabet: 'Alphabet of the code',
  codePrefix: 'Prefix that is not typed',
  keptPrefix: 'Prefix that is typed',
  separators: 'Separators in the code',
  acceptWeak: 'Weak evidence',
  minConfidence: 'Least confidence',
};

/** The label of a field, also of an example's. */
export function fieldLabel(field: string): string {
  const example = /^e(\d+)_(text|sender|verdict|code)$/.exec(field);
  if (example) return `Example ${Number(example[1]) + 1}, ${example[2]}`;
  return FIELD_LABELS[field] ?? field;
}
