import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, loadConfig } from '../src/config.ts';
import { networksOf } from '../src/webhooks/address.ts';
import { root } from './support/tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'smspin-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function load(toml: string, env: Record<string, string> = {}) {
  writeFileSync(join(folder, 'smspin.toml'), toml);
  return loadConfig(null, env, folder);
}

function refusal(toml: string, env: Record<string, string> = {}): string {
  try {
    load(toml, env);
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.message;
    throw thrown;
  }
  return 'accepted';
}

test('an empty file means the defaults', () => {
  const config = load('');
  expect(config.server).toEqual({ host: '127.0.0.1', port: 8080, publicUrl: 'http://localhost:8080', trustedProxies: [] });
  expect(config.rentals).toEqual({ outageMinutes: 10, refundUnused: false, reminderHours: [24, 1] });
  expect(config.orders).toEqual({
    ...{ windowMinutes: 20, quarantineMinutes: 60, reuseDays: 365, cancelAfterSeconds: 0, graceSeconds: 60 },
    ...{ extendMinutes: 0, outageExtendMinutes: 20, waitingPlacesMax: 20, waitingHoursMax: 168 },
  });
  expect(config.exports).toEqual({ keepHours: 72, accountMegabytes: 4096, atOnce: 2 });
  expect(config.modems).toEqual({
    ...{ ports: [], discover: true, virtual: null, sweepSeconds: 45, sims: [] },
    ...{ deafHours: 24, radioToggle: false, usbPower: false, ussd: false },
  });
  expect(config.alarms).toEqual({
    ...{ againHours: 24, modemDownMinutes: 2, simFullPercent: 80, simExpiryDays: 14, busyRefusals: 3, busyOrders: 5 },
    ...{ deliveryMedianSeconds: 3, deliveryP95Seconds: 10, reviewMinutes: 30, diskFreeMegabytes: 1000, diskFreePercent: 5 },
    ...{ clockOffSeconds: 120, backupHours: 26 },
  });
  expect(config.api).toEqual({ requestsPerMinute: 3000, corsOrigins: [] });
  expect(config.log).toEqual({ level: 'info', slowStatementMs: 100, slowLoopMs: 250 });
  expect(config.metrics).toEqual({ allow: [] });
  expect(config.data).toEqual({ dir: join(folder, 'data'), stopMegabytes: 128 });
  expect(config.backup).toEqual({ everyHours: 24, dir: join(folder, 'data', 'backups'), keepDaily: 7, keepWeekly: 4, recipients: [] });
});

test('the example file is accepted and says the defaults', () => {
  const example = readFileSync(join(root, 'smspin.example.toml'), 'utf8');
  expect(load(example)).toEqual(load(''));
});

test('the environment wins over the file', () => {
  const config = load('[server]\nport = 9000\n[modems]\nports = ["/dev/ttyUSB0"]', {
    SMSPIN_SERVER_PORT: '9001',
    SMSPIN_MODEMS_PORTS: '/dev/ttyUSB*, tcp://10.0.0.7:4001',
    SMSPIN_MODEMS_DISCOVER: 'false',
  });
  expect(config.server.port).toBe(9001);
  expect(config.modems.ports).toEqual(['/dev/ttyUSB*', 'tcp://10.0.0.7:4001']);
  expect(config.modems.discover).toBe(false);
});

test('backups and the limits of the disk are read from the file and from variables', () => {
  const recipient = `age1${'q'.repeat(58)}`;
  const toml = `[data]\ndir = "d"\n[backup]\ndir = "b"\nkeep_daily = 3\nrecipients = ["${recipient}"]`;
  const config = load(toml, { SMSPIN_BACKUP_EVERY_HOURS: '0', SMSPIN_DATA_DISK_STOP_MEGABYTES: '0' });
  expect(config.data).toEqual({ dir: join(folder, 'd'), stopMegabytes: 0 });
  expect(config.backup).toEqual({ everyHours: 0, dir: join(folder, 'b'), keepDaily: 3, keepWeekly: 4, recipients: [recipient] });
});

test('the watch over the modems is switched by the file and by variables', () => {
  const config = load('[modems]\ndeaf_hours = 0\nusb_power = true', { SMSPIN_MODEMS_RADIO_TOGGLE: 'true', SMSPIN_MODEMS_USSD: 'true' });
  expect(config.modems).toMatchObject({ deafHours: 0, radioToggle: true, usbPower: true, ussd: true });
});

test('the status page has a name of its own if one is given, which is not that of the house', () => {
  expect([load('').status.host, load('[status]\nhost = "status.example.org"').status.host]).toEqual(['', 'status.example.org']);
  for (const host of ['https://status.example.org', 'status.example.org:443', 'Status.example.org', 'status', '-a.example.org'])
    expect(() => load(`[status]\nhost = "${host}"`)).toThrow('status.host must be a host name in lower case');
  expect(() => load('[server]\npublic_url = "https://pin.example.org"\n[status]\nhost = "pin.example.org"')).toThrow(
    'status.host must be another name than that of server.public_url',
  );
});

test('where webhooks may go and when they are tried again is read from the file and from variables', () => {
  const config = load('[webhooks]\nallow = ["10.0.0.0/8", "fd00::/8", "192.168.1.20"]\nretry_seconds = [0.2, 5]\ntimeout_seconds = 3');
  expect(config.webhooks).toEqual({ allow: ['10.0.0.0/8', 'fd00::/8', '192.168.1.20'], retrySeconds: [0.2, 5], timeoutSeconds: 3 });
  const variables = { SMSPIN_WEBHOOKS_ALLOW: '10.0.0.0/8, ::1', SMSPIN_WEBHOOKS_RETRY_SECONDS: '1, 2.5' };
  expect(load('', variables).webhooks).toEqual({ allow: ['10.0.0.0/8', '::1'], retrySeconds: [1, 2.5], timeoutSeconds: 10 });
  expect(networksOf(load('', variables).webhooks.allow)).toHaveLength(2);
  expect(load('').webhooks).toEqual({ allow: [], retrySeconds: null, timeoutSeconds: 10 });
});

test.each([
  ['allow = ["10.0.0.0/33"]', 'webhooks.allow must be a list of addresses and networks'],
  ['allow = ["10.0.0.0/8/8"]', 'webhooks.allow must be'],
  ['allow = ["fd00::/129"]', 'webhooks.allow must be'],
  ['allow = ["example.org"]', 'webhooks.allow must be'],
  ['allow = ["010.0.0.0/8"]', 'webhooks.allow must be'],
  ['allow = "10.0.0.0/8"', 'webhooks.allow must be'],
  ['retry_seconds = []', 'webhooks.retry_seconds must be a list of 1 to 30 numbers of seconds, each from 0 to 604800; it is []'],
  ['retry_seconds = [-1]', 'webhooks.retry_seconds must be'],
  ['retry_seconds = ["5"]', 'webhooks.retry_seconds must be'],
  ['timeout_seconds = 0', 'webhooks.timeout_seconds must be a whole number from 1 to 60; it is 0'],
  ['secret = "x"', 'unknown key webhooks.secret; [webhooks] takes allow, retry_seconds, timeout_seconds'],
])('[webhooks] %s is refused', (line, says) => expect(refusal(`[webhooks]\n${line}`)).toContain(says));

test('origins of the API are read from the file and from a variable', () => {
  expect(load('[api]\ncors_origins = ["https://a.example", "http://localhost:3000"]').api.corsOrigins).toEqual([
    'https://a.example',
    'http://localhost:3000',
  ]);
  expect(load('', { SMSPIN_API_CORS_ORIGINS: 'https://a.example, https://b.example' }).api.corsOrigins).toEqual([
    'https://a.example',
    'https://b.example',
  ]);
});

test('what the operator knows of SIMs is read', () => {
  const config = load(
    '[[modems.sim]]\niccid = "8944010000000000001"\npin = "1234"\nnumber = "+447700900123"\ncountry = "gb"\ncarrier = "o2"',
  );
  expect(config.modems.sims).toEqual([
    { iccid: '8944010000000000001', pin: '1234', number: '+447700900123', country: 'gb', carrier: 'o2' },
  ]);
});

test.each([
  ['[server]\nport = 0', 'smspin.toml: server.port must be a whole number from 1 to 65535; it is 0'],
  ['[server]\nport = "80"', 'smspin.toml: server.port must be a whole number from 1 to 65535; it is "80"'],
  ['[alarms]\nmodem_down_minutes = 0', 'smspin.toml: alarms.modem_down_minutes must be a whole number from 1 to 1440; it is 0'],
  ['[alarms]\nsim_full_percent = 101', 'smspin.toml: alarms.sim_full_percent must be a whole number from 10 to 100; it is 101'],
  ['[alarms]\ndisk_free = 5', 'smspin.toml: unknown key alarms.disk_free; [alarms] takes again_hours, modem_down_minutes'],
  ['[server]\nport = 80.5', 'smspin.toml: server.port must be a whole number from 1 to 65535; it is 80.5'],
  ['[server]\nprot = 80', 'smspin.toml: unknown key server.prot; [server] takes host, port, trusted_proxies, public_url'],
  [
    '[sever]\nport = 80',
    'smspin.toml: unknown section [sever]; sections are [server], [data], [backup], [modems], [money], [operator], [stripe], [btcpay], [orders], [limits], [ledger], [api], [rentals], [access], [webhooks], [exports], [smtp], [status], [alarms], [log]',
  ],
  [
    'port = 80',
    'smspin.toml: port must be a section like [port]; sections are [server], [data], [backup], [modems], [money], [operator], [stripe], [btcpay], [orders], [limits], [ledger], [api], [rentals], [access], [webhooks], [exports], [smtp], [status], [alarms], [log]',
  ],
  ['[server]\npublic_url = "pin.example.org"', 'smspin.toml: server.public_url must be an http:// or https:// address without a path'],
  ['[modems]\nports = "/dev/ttyUSB0"', 'smspin.toml: modems.ports must be a list of device paths'],
  ['[modems]\nports = ["tcp://host"]', 'smspin.toml: modems.ports must be a list of device paths'],
  ['[server]\nport = true', 'smspin.toml: server.port must be a whole number from 1 to 65535; it is true'],
  ['[modems]\ndeaf_hours = 0.5', 'smspin.toml: modems.deaf_hours must be a whole number from 0 to 8760; it is 0.5'],
  ['[modems]\nradio_toggle = "yes"', 'smspin.toml: modems.radio_toggle must be true or false; it is "yes"'],
  ['[modems]\nvirtual = [5]', 'smspin.toml: modems.virtual must be a whole number from 0 to 1000; it is [5]'],
  ['[toString]', 'smspin.toml: unknown section [toString]'],
  ['[server]\ntrusted_proxies = ["proxy"]', 'smspin.toml: server.trusted_proxies must be a list of IP addresses'],
  ['[[modems.sim]]\nconstructor = "x"', 'smspin.toml: modems.sim number 1: unknown key constructor'],
  ['[modems]\ndiscover = 1', 'smspin.toml: modems.discover must be true or false; it is 1'],
  ['[money]\ncurrency = "DOLLAR"', 'smspin.toml: money.currency must be an ISO 4217 currency code such as "USD"; it is "DOLLAR"'],
  ['[money]\nminimum_price = 0', 'smspin.toml: money.minimum_price must be a whole number from 1 to 1000000000; it is 0'],
  ['[api]\nrequests_per_minute = -1', 'smspin.toml: api.requests_per_minute must be a whole number from 0 to 1000000; it is -1'],
  ['[api]\ncors_origins = ["*"]', 'smspin.toml: api.cors_origins must be a list of origins such as ["https://app.example.org"]'],
  ['[api]\ncors_origins = ["https://a.example/"]', 'smspin.toml: api.cors_origins must be a list of origins'],
  ['[api]\ncors_origins = ["https://a.example/x"]', 'smspin.toml: api.cors_origins must be a list of origins'],
  ['[access]\nsignup = "closed"', 'smspin.toml: access.signup must be one of "open", "invite", "approval"; it is "closed"'],
  [
    '[access]\nallow = ["bank", "casino"]',
    'smspin.toml: access.allow must be a list of "bank", "payment", "government", "health", "insurance"; it is',
  ],
  ['[rentals]\noutage_minutes = "ten"', 'smspin.toml: rentals.outage_minutes must be a number of minutes from 0 to 1440; it is "ten"'],
  ['[rentals]\nrefund_unused = 1', 'smspin.toml: rentals.refund_unused must be true or false; it is 1'],
  ['[orders]\nwindow_minutes = -1', 'smspin.toml: orders.window_minutes must be a number of minutes from 0.05 to 1440; it is -1'],
  [
    '[[modems.sim]]\niccid = "8944010000000000001"\nnumber = "+447700900123"\n[[modems.sim]]\niccid = "8944010000000000002"\nnumber = "+447700900123"',
    'smspin.toml: modems.sim number 2: +447700900123 is the number of modems.sim number 1 too; keep it with the card that is in use',
  ],
  ['[[modems.sim]]\nnumber = "+447700900123"', 'smspin.toml: modems.sim number 1: iccid is missing'],
  ['[[modems.sim]]\niccid = "8944010000000000001"\nnumber = "07700"', 'smspin.toml: modems.sim number 1: number must be an E.164 number'],
  ['[[modems.sim]]\niccid = "8944010000000000001"\ncolour = "red"', 'smspin.toml: modems.sim number 1: unknown key colour'],
  [
    '[smtp]\nfrom = "two@example.org, three@example.org"',
    'smspin.toml: smtp.from must be a sender such as "SMSPin <pin@example.org>"; it is',
  ],
  ['[smtp]\nfrom = "A <a@example.org>\\r\\nBcc: b@example.org"', 'smspin.toml: smtp.from must be a sender'],
  ['[smtp]\nurl = "smtp://mail.example.org"', 'smspin.toml: smtp.from is missing; with smtp.url it must say who sends'],
  ['[backup]\nkeep_daily = 0', 'smspin.toml: backup.keep_daily must be a whole number from 1 to 3650; it is 0'],
  ['[backup]\nrecipients = ["AGE-SECRET-KEY-1QQ"]', 'smspin.toml: backup.recipients must be a list of public keys of age'],
  ['[data]\ndisk_stop_megabytes = -1', 'smspin.toml: data.disk_stop_megabytes must be a whole number from 0'],
  ['[smtp]\ntimeout_seconds = 0', 'smspin.toml: smtp.timeout_seconds must be a whole number from 1 to 300; it is 0'],
  ['[limits]\nopen_orders = -1', 'smspin.toml: limits.open_orders must be a whole number from 0 to 1000000; it is -1'],
  [
    '[ledger]\ntime_zone = "Mars/Olympus"',
    'smspin.toml: ledger.time_zone must be an IANA time zone such as "Europe/Berlin" or "UTC"; it is "Mars/Olympus"',
  ],
  ['[server\nport = 80', 'smspin.toml: line 1'],
])('%j is refused in one line that says what is allowed', (toml, message) => {
  const said = refusal(toml);
  expect(said).toStartWith(message);
  expect(said).not.toContain('\n');
});

test('who stands on receipts is read', () => {
  const config = load('[operator]\nname = " Example Ltd "\naddress = "1 Street\\nTown"\ntax_id = "XX 1"\ntax_percent = 7.7');
  expect(config.operator).toEqual({ name: 'Example Ltd', address: '1 Street\nTown', taxId: 'XX 1', taxPercent: 7.7 });
  expect(load('').operator).toEqual({ name: '', address: '', taxId: '', taxPercent: null });
  expect(load('', { SMSPIN_OPERATOR_TAX_PERCENT: '19' }).operator.taxPercent).toBe(19);
});

test.each([
  ['name = "a\\nb"', 'operator.name must be a name of one line with at most 120 characters; it is'],
  ['address = "1\\n2\\n3\\n4\\n5\\n6\\n7"', 'operator.address must be an address of at most 6 lines with at most 400 characters; it is'],
  ['tax_id = 7', 'operator.tax_id must be a tax number of one line with at most 60 characters; it is 7'],
  [
    'tax_percent = 101',
    'operator.tax_percent must be a number of percent from 0 to 100 with at most two decimals, such as 19 or 7.7; it is 101',
  ],
  ['tax_percent = 7.777', 'operator.tax_percent must be'],
  ['tax_percent = "19 %"', 'operator.tax_percent must be'],
  ['vat = 19', 'unknown key operator.vat; [operator] takes name, address, tax_id, tax_percent'],
])('[operator] %s is refused', (line, says) => expect(refusal(`[operator]\n${line}`)).toContain(says));

test('a wrong variable is refused by its own name', () => {
  expect(refusal('', { SMSPIN_SERVER_PORT: 'http' })).toBe('SMSPIN_SERVER_PORT must be a whole number from 1 to 65535; it is "http"');
  expect(refusal('', { SMSPIN_SERVER_PROT: '1' })).toBe(
    'SMSPIN_SERVER_PROT: unknown variable; there are SMSPIN_SERVER_HOST, SMSPIN_SERVER_PORT, SMSPIN_SERVER_TRUSTED_PROXIES, SMSPIN_SERVER_PUBLIC_URL',
  );
});

test('a named file that is not there is refused', () => {
  expect(() => loadConfig('missing.toml', {}, folder)).toThrow('missing.toml: there is no such file');
});

test('a mistyped PIN is not printed', () => {
  for (const pin of ['7391', '"73"', '"7391x"']) {
    const message = refusal(`[[modems.sim]]\niccid = "8944010000000000001"\npin = ${pin}`);
    expect(message).toContain('pin must be 4 to 8 digits in quotes');
    expect(message).not.toContain(pin.replaceAll('"', ''));
  }
});

test.each([
  'http://mail.example.org',
  'smtp://',
  'smtp://user:hunter2@host/path',
  'smtp://user:hunter2@host?requireTls=yes',
  'smtp://:hunter2@host',
  'smtp://u%zz:hunter2@host',
])('smtp.url = %j is refused, and no password of it is shown', (url) => {
  const said = refusal(`[smtp]\nurl = "${url}"\nfrom = "pin@example.org"`);
  expect(said).toStartWith('smspin.toml: smtp.url must be an address such as');
  expect(said).not.toContain('hunter2');
});

test('payment providers are read whole or not at all', () => {
  expect(load('').payments).toEqual({ stripe: null, btcpay: null });
  const config = load(
    '[stripe]\nsecret_key = "sk_test_12345"\nwebhook_secret = "whsec_12345"\n[btcpay]\nurl = "https://pay.example.org/"\nstore_id = "s-1"\napi_key = "12345678"\nwebhook_secret = "abcdefgh"',
  );
  expect(config.payments).toEqual({
    stripe: { secretKey: 'sk_test_12345', webhookSecret: 'whsec_12345', apiUrl: 'https://api.stripe.com' },
    btcpay: { url: 'https://pay.example.org', storeId: 's-1', apiKey: '12345678', webhookSecret: 'abcdefgh' },
  });
});

test.each([
  [
    '[stripe]\nsecret_key = "sk_test_hunter2"',
    'stripe.webhook_secret is missing; [stripe] needs secret_key, webhook_secret, or none of them',
  ],
  ['[stripe]\nsecret_key = "sk hunter2 x"', 'stripe.secret_key must be the secret or restricted key of Stripe'],
  ['[stripe]\nwebhook_secret = 5', 'stripe.webhook_secret must be the signing secret of the webhook endpoint'],
  ['[stripe]\napi_url = "ftp://x"', 'stripe.api_url must be an http:// or https:// address'],
  ['[btcpay]\nurl = "https://pay.example.org"', 'btcpay.store_id is missing; [btcpay] needs url, store_id, api_key, webhook_secret'],
  ['[btcpay]\nurl = "https://user:hunter2@pay.example.org"', 'btcpay.url must be an http:// or https:// address'],
])('%j is refused', (toml, says) => {
  const said = refusal(toml);
  expect(said).toContain(says);
  if (!toml.includes('url')) expect(said).not.toContain('hunter2');
});
