/** What docs/webhooks.md tells customers to paste works, and the figures it names are those of the code. */
import { expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RETRY_SECONDS } from '../../src/outbox/retry.ts';
import { PUBLIC_PORTS } from '../../src/webhooks/address.ts';
import { AT_ONCE, AT_ONCE_FOR_ENDPOINT, AT_ONCE_FOR_USER, RESERVED } from '../../src/webhooks/courier.ts';
import { DISABLE_AFTER_DAYS, DISABLE_AFTER_FAILURES } from '../../src/webhooks/health.ts';
import { signatureHeaders } from '../../src/webhooks/sign.ts';
import { WEBHOOK_EVENT_TYPES } from '../../src/webhooks/types.ts';
import { WEBHOOKS_MAX } from '../../src/webhooks/webhooks.ts';
import { root } from '../support/tools.ts';

const text = readFileSync(join(root, 'docs/webhooks.md'), 'utf8');
const block = (language: string): string => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '';

test('the TypeScript example accepts what we sign and nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'smspin-docs-'));
  try {
    writeFileSync(join(folder, 'example.ts'), block('ts'));
    const { isGenuine } = (await import(join(folder, 'example.ts'))) as {
      isGenuine(secret: string, headers: Headers, body: string): boolean;
    };
    const [secret, other] = [1, 2].map((n) => `whsec_${Buffer.alloc(32, n).toString('base64')}`) as [string, string];
    const body = '{"text":"ä \\u202e"}';
    const headers = (atMs: number, secrets = [other, secret]) => new Headers(signatureHeaders({ id: 'evt_1', body, atMs, secrets }));
    expect(isGenuine(secret, headers(Date.now()), body)).toBe(true);
    expect(isGenuine(secret, headers(Date.now()), `${body} `)).toBe(false);
    expect(isGenuine(secret, headers(Date.now(), [other]), body)).toBe(false);
    expect(isGenuine(secret, headers(Date.now() - 400_000), body)).toBe(false);
    expect(isGenuine(secret, new Headers(), body)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the examples are short', () => {
  for (const language of ['ts', 'python']) {
    const lines = block(language).trim().split('\n').length;
    expect(lines).toBeGreaterThan(5);
    expect(lines).toBeLessThanOrEqual(12);
  }
});

test('figures and names are those of the code', () => {
  const inWords = RETRY_SECONDS.map((seconds) =>
    seconds < 60 ? `${seconds} s` : seconds < 3600 ? `${seconds / 60} min` : `${seconds / 3600} h`,
  );
  for (const said of [
    ...WEBHOOK_EVENT_TYPES.map((type) => `\`${type}\``),
    `${inWords.slice(0, -1).join(', ')} and ${inWords.at(-1)}`,
    `${PUBLIC_PORTS.slice(0, -1).join(', ')} and ${PUBLIC_PORTS.at(-1)}`,
    `${AT_ONCE_FOR_ENDPOINT} requests at once to one endpoint, ${AT_ONCE_FOR_USER} to all of an account, ${AT_ONCE} in all, of which ${RESERVED} are kept`,
    `at least ${DISABLE_AFTER_FAILURES} attempts failed`,
    `up to ${WEBHOOKS_MAX} endpoints`,
  ]) {
    expect(text).toContain(said);
  }
  expect([DISABLE_AFTER_DAYS, text.includes('three days without one success')]).toEqual([3, true]);
});
