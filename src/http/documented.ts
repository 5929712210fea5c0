import type { Type } from 'arktype';

/** What the document says of a property: additions to the schema made of its type, or, with a `type`, another one in its place. */
export type Shown = Record<string, object>;

/**
 * An arktype type that the API document can show. @elysiajs/swagger reads a schema's own properties as JSON Schema, and arktype's are its internals; so this
 * is an object whose own properties are the JSON Schema of the type's input and whose prototype carries the validation and the inferred types.
 * `shown` adds to (or replaces) what the document says of single properties: descriptions, examples, the number a query text stands for. A `name` makes it
 * one of the document's named schemas wherever it is used, also inside another one by `shown`.
 */
export function documented<T extends Type>(type: T, shown: Shown = {}, name: string | null = null): T {
  const schema = withoutInternals({ ...type.in.toJsonSchema({ fallback: (context) => context.base }) });
  const properties = { ...(isRecord(schema['properties']) ? schema['properties'] : {}) };
  for (const [property, addition] of Object.entries(shown)) {
    const own = properties[property];
    properties[property] = 'type' in addition || 'anyOf' in addition ? addition : { ...(isRecord(own) ? own : {}), ...addition };
  }
  if (Object.keys(properties).length > 0) schema['properties'] = properties;
  if (name !== null) schema['title'] = name;
  return Object.assign(Object.create({ '~standard': type['~standard'] }), schema) as T;
}

/** The draft is said once for the whole document, and arktype leaves its own error messages behind. */
function withoutInternals(schema: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(schema).filter(([key, value]) => key !== '$schema' && !(key === 'message' && typeof value === 'string'));
  return Object.fromEntries(entries.map(([key, value]) => (key === 'const' ? ['enum', [value]] : [key, cleaned(value)])));
}

function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleaned);
  return isRecord(value) ? withoutInternals(value) : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
