/** A JSON Schema of the document, as far as examples need it. */
export type Schema = Record<string, unknown>;

/** An example of a schema, made of those of its parts: whole bodies need none of their own. `schemas` are the named ones. */
export function exampleOf(schema: Schema, schemas: Record<string, Schema>): unknown {
  const { $ref, examples, enum: words, anyOf, properties, items, type } = schema;
  if (Array.isArray(examples)) return examples[0];
  if (typeof $ref === 'string') return exampleOf(schemas[$ref.split('/').at(-1) ?? ''] ?? {}, schemas);
  if (Array.isArray(words)) return words[0];
  if (Array.isArray(anyOf)) return exampleOf(anyOf[0] as Schema, schemas);
  if (properties !== undefined) {
    // An empty list of examples keeps what changes the whole meaning of a request out of what people copy.
    const entries = Object.entries(properties as Record<string, Schema>).filter(([, one]) => !isEmptyList(one['examples']));
    return Object.fromEntries(entries.map(([name, one]) => [name, exampleOf(one, schemas)]));
  }
  if (type === 'object') return {};
  if (type === 'array') return items === undefined ? [] : [exampleOf(items as Schema, schemas)];
  if (type === 'integer' || type === 'number') return 1;
  if (type === 'boolean') return true;
  if (type === 'string') return schema['format'] === 'date-time' ? '2026-11-22T14:03:22.000Z' : 'text';
  return null;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
