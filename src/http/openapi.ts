import { STATUS_CODES } from 'node:http';
import { REFUSALS, type RefusalType } from '../lib/errors.ts';
import { exampleOf, type Schema } from './openapi-examples.ts';
import { EventBody, ProblemBody } from './schema.ts';

interface Media {
  schema?: Schema;
  example?: unknown;
}
interface Answer {
  $ref?: string;
  description?: string;
  /** The plugin leaves the name of a body's schema here. */
  title?: string;
  content?: Record<string, Media>;
  headers?: Record<string, unknown>;
}
interface Parameter {
  name: string;
  description?: string;
  in: string;
  schema?: Schema;
  example?: unknown;
}
interface Operation {
  summary?: string;
  parameters?: Parameter[];
  requestBody?: { content?: Record<string, Media>; required?: boolean };
  responses?: Record<string, Answer>;
}
export interface ApiDocument {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  webhooks?: Record<string, unknown>;
  components: { schemas?: Record<string, Schema>; headers?: Record<string, unknown>; responses?: Record<string, unknown> };
}

/** What any call may be refused with, and what besides one with a body. */
const COMMON = [401, 403, 422, 429, 500, 503];
const COMMON_WITH_BODY = [400, 413, 415];

/**
 * Makes of what the plugin says a document that is right: OpenAPI 3.1 (JSON Schema 2020-12, which is what arktype writes), the calls of the API alone, bodies
 * of JSON alone, named schemas by reference, every refusal with its types, every header, an example of every body, and the events that webhooks carry.
 */
export function finishDocument(document: ApiDocument): ApiDocument {
  const schemas: Record<string, Schema> = {};
  const named = (schema: Schema): Schema => byReference(schema, schemas);
  const problem = named(asSchema(ProblemBody));
  const refusals = new Set<number>();
  const event = named(asSchema(EventBody));
  const paths: ApiDocument['paths'] = {};
  for (const [path, methods] of Object.entries(document.paths)) {
    if (!path.startsWith('/api/v1/')) continue;
    paths[path] = Object.fromEntries(
      Object.entries(methods).map(([method, operation]) => [method, finishOperation(method, operation, { named, refusals, schemas })]),
    );
  }
  return {
    ...document,
    openapi: '3.1.0',
    paths,
    webhooks: { event: webhookOf(event, schemas) },
    components: {
      ...document.components,
      headers: HEADERS,
      responses: Object.fromEntries([...refusals].toSorted().map((status) => [`Problem${status}`, refusalOf(status, problem)])),
      schemas: Object.fromEntries(Object.entries(schemas).toSorted()),
    },
  };
}

interface Naming {
  named(schema: Schema): Schema;
  /** Every status that a call may be refused with. */
  refusals: Set<number>;
  schemas: Record<string, Schema>;
}

function finishOperation(method: string, operation: Operation, naming: Naming): Operation {
  const { requestBody, parameters, responses = {}, ...rest } = operation;
  const json = requestBody?.content?.['application/json'];
  const statuses = [...COMMON, ...(json ? COMMON_WITH_BODY : [])];
  const own = Object.entries(responses).map(([status, answer]) => [status, finishAnswer(method, Number(status), answer, naming)] as const);
  const common = statuses.map((status) => [String(status), refused(status, naming)] as const);
  return {
    ...rest,
    ...(parameters ? { parameters: parameters.map((parameter) => finishParameter(parameter, naming)) } : {}),
    ...(json ? { requestBody: { required: true, content: { 'application/json': withExample(json, naming) } } } : {}),
    responses: Object.fromEntries([...own, ...(method === 'get' ? [['304', UNCHANGED] as const] : []), ...common].toSorted()),
  };
}

/** The plugin leaves description and example now beside the schema, now in it. */
function finishParameter({ schema = {}, ...parameter }: Parameter, { named }: Naming): Parameter {
  const { example, description, ...bare } = schema;
  return {
    ...(typeof description === 'string' ? { description } : {}),
    ...parameter,
    schema: named(bare),
    ...(example === undefined ? {} : { example }),
  };
}

function finishAnswer(method: string, status: number, answer: Answer, naming: Naming): Answer {
  if (status >= 400) return refused(status, naming);
  if (status === 304) return UNCHANGED;
  const json = status === 204 ? undefined : answer.content?.['application/json'];
  const schema = { ...json?.schema, ...(answer.title === undefined ? {} : { title: answer.title }) };
  const headers = references([...ALWAYS, ...(method === 'get' ? ['ETag'] : [])]);
  return {
    description: answer.description ?? STATUS_CODES[status] ?? 'Answer',
    headers,
    ...(json ? { content: { 'application/json': withExample({ schema }, naming) } } : {}),
  };
}

function withExample({ schema = {} }: Media, { named, schemas }: Naming): Media {
  const shown = named(schema);
  return { schema: shown, example: exampleOf(shown, schemas) };
}

function refused(status: number, { refusals }: Naming): Answer {
  refusals.add(status);
  return { $ref: `#/components/responses/Problem${status}` };
}

function refusalOf(status: number, problem: Schema): Answer {
  const types = (Object.keys(REFUSALS) as RefusalType[]).filter((type) => REFUSALS[type].status === status);
  const type = types[0] ?? 'internal';
  const title = types[0] ? REFUSALS[types[0]].title : 'The server failed.';
  const detail = 'What was wrong this time, and what would be right.';
  return {
    description: `${STATUS_CODES[status] ?? 'Refused'}: ${(types.length > 0 ? types : ['internal']).map((one) => `\`${one}\``).join(', ')}`,
    headers: references([...ALWAYS, ...(status === 429 || status === 503 ? ['Retry-After'] : [])]),
    content: {
      'application/problem+json': {
        schema: problem,
        example: { type, title, status, detail, request_id: 'req_01kanq7x2fq3v8b1c6d9e4g5h7' },
      },
    },
  };
}

const ALWAYS = ['X-Request-Id', 'RateLimit', 'RateLimit-Policy'];
const HEADERS = {
  'X-Request-Id': { description: 'Your own `X-Request-Id`, or a new one. Quote it when you ask the operator.', schema: { type: 'string' } },
  RateLimit: {
    description: 'What is left of each quota, and in how many seconds it is whole again (draft-ietf-httpapi-ratelimit-headers-10).',
    schema: { type: 'string', examples: ['"address";r=11999;t=1, "account";r=5999;t=1, "key";r=2999;t=1'] },
  },
  'RateLimit-Policy': {
    description: 'The quotas: how many requests in how many seconds.',
    schema: { type: 'string', examples: ['"address";q=12000;w=60, "account";q=6000;w=60, "key";q=3000;w=60'] },
  },
  ETag: { description: 'Send it as `If-None-Match`: 304 while nothing changed.', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds to wait before the next try.', schema: { type: 'integer', minimum: 1 } },
};

function references(names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

const UNCHANGED: Answer = { description: 'Nothing changed since the ETag you sent', headers: references([...ALWAYS, 'ETag']) };

function webhookOf(event: Schema, schemas: Record<string, Schema>) {
  const header = (name: string, description: string) => ({ name, in: 'header', required: true, description, schema: { type: 'string' } });
  return {
    post: {
      operationId: 'onEvent',
      tags: ['events'],
      summary: 'An event of yours',
      description:
        'Sent to your webhooks, signed by Standard Webhooks, and as JSON over the stream. Answer 2xx within the time limit. The same event may come twice: tell by its `id`.',
      security: [],
      parameters: [
        header('webhook-id', 'The id of the event, the same in every attempt.'),
        header('webhook-timestamp', 'Seconds since 1970 of this attempt.'),
        header('webhook-signature', '`v1,` and the signature in base 64; several, separated by spaces, while a secret is rotated.'),
      ],
      requestBody: { required: true, content: { 'application/json': { schema: event, example: exampleOf(event, schemas) } } },
      responses: { '2XX': { description: 'Taken' } },
    },
  };
}

function asSchema(type: unknown): Schema {
  return JSON.parse(JSON.stringify(type)) as Schema;
}

/** Puts every schema with a title among the named ones, and `example` where JSON Schema 2020-12 has it. */
function byReference(schema: Schema, schemas: Record<string, Schema>): Schema {
  const walked = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key === 'example') return ['examples', [value]];
      if (key === 'properties')
        return [
          key,
          Object.fromEntries(Object.entries(value as Record<string, Schema>).map(([name, one]) => [name, byReference(one, schemas)])),
        ];
      if (key === 'items' || key === 'additionalProperties') return [key, isSchema(value) ? byReference(value, schemas) : value];
      if (key === 'anyOf' || key === 'oneOf' || key === 'allOf') return [key, (value as Schema[]).map((one) => byReference(one, schemas))];
      return [key, value];
    }),
  ) as Schema;
  const { title, ...bare } = walked;
  if (typeof title !== 'string') return walked;
  schemas[title] = bare;
  return { $ref: `#/components/schemas/${title}` };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
