import { beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv2020 from 'ajv/dist/2020.js';
import { makeTypes } from '../../client/make.ts';
import { REFUSALS } from '../../src/lib/errors.ts';
import { startTestBank } from '../support/bank.ts';
import { customer, expectOk, untilStock } from '../support/client.ts';
import { startServer } from '../support/server.ts';
import { root, run } from '../support/tools.ts';

setDefaultTimeout(120_000);

interface Media {
  schema: object;
  example: unknown;
}
interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters?: { name: string; in: string; description?: string; schema: object; example?: unknown }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { $ref?: string; description: string; headers?: object; content?: Record<string, Media> }>;
}
interface ApiDocument {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<string, { post: Operation }>;
  components: {
    schemas: Record<string, object>;
    responses: Record<string, { description: string; headers: object; content: Record<string, Media> }>;
  };
}

let document: ApiDocument;
let operations: [name: string, operation: Operation][];

beforeAll(async () => {
  const { stdout } = await run([process.execPath, resolve(root, 'src/main.ts'), 'openapi'], { cwd: tmpdir() });
  document = JSON.parse(stdout) as ApiDocument;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as [string, Operation]),
  );
});

test('it is valid OpenAPI 3.1', async () => {
  expect(document.openapi).toBe('3.1.0');
  const validator = new Validator();
  expect(await validator.validate(JSON.parse(JSON.stringify(document)))).toEqual({ valid: true });
  // The validator does find what is wrong.
  const broken = JSON.parse(JSON.stringify(document)) as ApiDocument;
  Object.assign(broken.paths['/api/v1/orders']?.['get'] ?? {}, { responses: 'none' });
  expect(await validator.validate({ ...broken })).toMatchObject({ valid: false });
});

test('every call says what it is, who may, and how it is refused; no page is among them', () => {
  const ids = operations.map(([, { operationId }]) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [name, operation] of operations) {
    expect(name).toContain(' /api/v1/');
    expect(operation.operationId).toMatch(/^[a-z][A-Za-z]+$/);
    expect(operation.summary.length).toBeGreaterThan(8);
    expect(operation.tags).toHaveLength(1);
    expect({ name, scopes: operation.security.flatMap(({ key }) => key ?? []).length }).toEqual({ name, scopes: 1 });
    for (const { name: parameter, description } of operation.parameters ?? [])
      expect({ name, parameter, described: Boolean(description) }).toEqual({ name, parameter, described: true });
    const { responses } = operation;
    for (const status of ['401', '403', '422', '429', '500', '503'])
      expect(responses[status]?.$ref).toBe(`#/components/responses/Problem${status}`);
    if (name.startsWith('get ')) expect(responses['304']).toMatchObject({ headers: { ETag: {} } });
    for (const [status, { content, headers }] of Object.entries(responses)) {
      if (status === '204' || status === '304') expect({ name, status, content }).toEqual({ name, status, content: undefined });
      if (Number(status) < 400) expect(headers).toMatchObject({ 'X-Request-Id': {}, RateLimit: {}, 'RateLimit-Policy': {} });
    }
    if (/^post .*(orders|reuse)$/.test(name)) expect(operation.parameters?.map((one) => one.name)).toContain('Idempotency-Key');
  }
});

test('every type of a problem stands in the document, with its status', () => {
  const problem = document.components.schemas['Problem'] as { properties: { type: { enum: string[] } } };
  expect(problem.properties.type.enum).toEqual([...Object.keys(REFUSALS), 'internal']);
  for (const [name, { description, content }] of Object.entries(document.components.responses)) {
    const status = Number(name.replace('Problem', ''));
    const types = Object.entries(REFUSALS).filter(([, one]) => one.status === status);
    for (const [type] of types) expect(description).toContain(`\`${type}\``);
    expect(Object.keys(content)).toEqual(['application/problem+json']);
  }
});

test('nothing of the tools it is made with shows in it', () => {
  const text = JSON.stringify(document);
  expect(text).not.toMatch(/\$ark|"\$schema"|"example":\{\}|multipart|text\/plain|"const"/);
  expect(text.length).toBeLessThan(220_000);
});

test('every example is valid by its schema', () => {
  const ajv = new Ajv2020({ strict: false, formats: { 'date-time': (text: string) => !Number.isNaN(Date.parse(text)) } });
  ajv.addSchema({ $id: 'doc', components: document.components });
  const resolved = (schema: object) => JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"doc#/')) as object;
  const check = (where: string, schema: object, example: unknown) => {
    const validate = ajv.compile(resolved(schema));
    expect({ where, valid: validate(example), errors: validate.errors ?? [] }).toEqual({ where, valid: true, errors: [] });
  };
  let checked = 0;
  const all = [...operations, ['webhook', document.webhooks['event']?.post] as [string, Operation]];
  for (const [name, { requestBody, responses, parameters }] of all) {
    const media = [requestBody?.content, ...Object.values(responses).map(({ content }) => content)].flatMap((content) =>
      Object.values(content ?? {}),
    );
    for (const { schema, example } of media) {
      check(name, schema, example);
      checked++;
    }
    for (const { schema, example, name: parameter } of parameters ?? [])
      if (example !== undefined) check(`${name} ${parameter}`, schema, example);
  }
  for (const [name, { content }] of Object.entries(document.components.responses))
    for (const { schema, example } of Object.values(content)) check(name, schema, example);
  expect(checked).toBeGreaterThan(15);
  expect(() => check('itself', { $ref: '#/components/schemas/Order' }, { id: 5 })).toThrow();
});

/** What somebody writes who knows the document alone. */
const SAMPLE = `
import createClient from 'openapi-fetch';
import type { components, paths } from './api.ts';

const [baseUrl = '', key = ''] = process.argv.slice(2);
const api = createClient<paths>({ baseUrl, headers: { authorization: 'Bearer ' + key } });
const placed = await api.POST('/api/v1/orders', { body: { country: 'gb', service: 'telegram' }, params: { header: { 'Idempotency-Key': 'k1' } } });
if (placed.error) throw new Error(placed.error.type + placed.error.detail);
if ('got' in placed.data) throw new Error('without a count it is one order');
const order: components['schemas']['Order'] = placed.data;
const many = await api.POST('/api/v1/orders', { body: { country: 'gb', service: 'any', count: 40, fill: 'available' } });
const numbers = many.data && 'got' in many.data ? many.data.data.map(({ number }) => number) : [];
for (const { id } of many.data && 'got' in many.data ? many.data.data : []) await api.POST('/api/v1/orders/{id}/report', { params: { path: { id } }, body: { reason: 'no_sms' } });
const status: 'pending' | 'received' | 'finished' | 'expired' | 'canceled' | 'reported' = order.status;
const code: string | null = order.code;
const got = await api.GET('/api/v1/orders/{id}', { params: { path: { id: order.id }, query: { wait: 0, after: order.last_event } } });
const page = await api.GET('/api/v1/orders', { params: { query: { limit: 1, status: 'pending' } } });
const canceled = await api.POST('/api/v1/orders/{id}/cancel', { params: { path: { id: order.id } } });
const again = await api.POST('/api/v1/orders/{id}/cancel', { params: { path: { id: order.id } } });
if (again.error?.type !== 'order_not_pending') throw new Error('it was not refused');
const keys = await api.POST('/api/v1/keys', { body: { name: 'small', scopes: ['orders:read'] } });
const revoked = await api.DELETE('/api/v1/keys/{id}', { params: { path: { id: keys.data?.id ?? '' } } });
console.log(JSON.stringify([status, code, got.data?.id === order.id, page.data?.data.length, page.data?.next_cursor, canceled.data?.status, keys.data?.key.slice(0, 7), revoked.response.status, new Set(numbers).size === 1]));
`;
const WRONG = `
import createClient from 'openapi-fetch';
import type { paths } from './api.ts';
const api = createClient<paths>({ baseUrl: 'http://localhost' });
await api.POST('/api/v1/orders', { body: { country: 'gb' } });
await api.GET('/api/v1/orders', { params: { query: { status: 'lost' } } });
const { data } = await api.GET('/api/v1/balance');
const text: string = data!.available;
`;

test('a client generated from it type-checks, catches mistakes, and works against the server', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'smspin-generated-'));
  const bank = await startTestBank(8);
  const server = await startServer({ config: `[modems]\nports = ["${bank.pattern}"]\ndiscover = false\n` });
  try {
    symlinkSync(resolve(root, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'api.ts'), await makeTypes(document));
    writeFileSync(join(folder, 'sample.ts'), SAMPLE);
    writeFileSync(join(folder, 'wrong.ts'), WRONG);
    const options = [
      '--noEmit',
      '--strict',
      '--target',
      'esnext',
      '--module',
      'preserve',
      '--allowImportingTsExtensions',
      '--types',
      'bun',
    ];
    const tsc = (file: string) =>
      run([process.execPath, resolve(root, 'node_modules/typescript/bin/tsc'), ...options, file], { cwd: folder });
    expect(await tsc('sample.ts')).toMatchObject({ code: 0, stdout: '' });
    const { code, stdout } = await tsc('wrong.ts');
    expect(code).not.toBe(0);
    expect([...stdout.matchAll(/^wrong\.ts\((\d+),/gm)].map((match) => match[1])).toEqual(['5', '6', '8']);

    const anna = await customer(server, 'anna@example.org');
    const key = (await expectOk(server.run(['key', 'create', 'anna@example.org']))).trim();
    await expectOk(server.run(['offer', 'set', 'gb', 'telegram', '--price', '45']));
    await expectOk(server.run(['offer', 'set', 'gb', 'any', '--price', '45']));
    await untilStock(anna, 'gb', 'telegram', 2);
    const ran = await run([process.execPath, 'sample.ts', server.url, key], { cwd: folder });
    expect(ran.stderr).toBe('');
    expect(JSON.parse(ran.stdout)).toEqual(['pending', null, true, 1, null, 'canceled', 'smspin_', 204, true]);
  } finally {
    await server.stop();
    await bank.stop();
    rmSync(folder, { recursive: true });
  }
});
