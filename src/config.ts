import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { ACCESS_KEYS, type AccessConfig } from './config/access.ts';
import { addressList, networkList, portList } from './config/addresses.ts';
import { ALARM_KEYS, type AlarmConfig, alarmConfig } from './config/alarms.ts';
import { BACKUP_KEYS, type BackupConfig, backupConfig } from './config/backup.ts';
import { EXPORT_KEYS } from './config/exports.ts';
import { flag, hours, type Key, listOf, minutes, numbers, operatorText, percent, text, whole } from './config/kinds.ts';
import { LEDGER_KEYS, MONEY_KEYS } from './config/money.ts';
import { LIMIT_KEYS, type LimitConfig, limitConfig, ORDER_KEYS, type OrderConfig, orderConfig } from './config/orders.ts';
import { BTCPAY_KEYS, type PaymentConfig, paymentConfig, STRIPE_KEYS } from './config/payments.ts';
import { STATUS_KEYS, type StatusConfig, statusConfig } from './config/status.ts';
import { type LogConfig, type MetricsConfig, WATCH_KEYS, watchConfig } from './config/watch.ts';
import { ConfigError, type KnownSim, readSims, shown } from './config-sims.ts';
import { parseMailbox } from './lib/mailbox.ts';
import { parseSmtpUrl } from './lib/smtp-url.ts';

export { ConfigError };

export interface Config {
  server: { host: string; port: number; publicUrl: string; trustedProxies: string[] };
  data: { dir: string; stopMegabytes: number };
  /** Encrypted for the recipients, who are age public keys, where there are any. */
  backup: BackupConfig;
  modems: {
    ports: string[];
    discover: boolean;
    virtual: number | null;
    sweepSeconds: number;
    deafHours: number;
    radioToggle: boolean;
    usbPower: boolean;
    ussd: boolean;
    sims: KnownSim[];
  };
  money: { currency: string; minimumPriceMinor: number; lowBalanceMinor: number };
  /** Who stands on receipts. Empty and null: not stated. */
  operator: { name: string; address: string; taxId: string; taxPercent: number | null };
  /** Providers that are not set up are null. */
  payments: PaymentConfig;
  orders: OrderConfig;
  limits: LimitConfig;
  ledger: { timeZone: string };
  api: { requestsPerMinute: number; corsOrigins: string[] };
  rentals: { outageMinutes: number; refundUnused: boolean; reminderHours: number[] };
  access: AccessConfig;
  webhooks: { allow: string[]; retrySeconds: number[] | null; timeoutSeconds: number };
  exports: { keepHours: number; accountMegabytes: number; atOnce: number };
  /** Without a url no mail is sent. */
  smtp: { url: string; from: string; retrySeconds: number[] | null; timeoutSeconds: number };
  status: StatusConfig;
  alarms: AlarmConfig;
  log: LogConfig;
  metrics: MetricsConfig;
}

/** Seconds after the first, second … failure. */
const retrySchedule = numbers('numbers of seconds', { atMost: 30, least: 0, most: 7 * 86_400 });
const originList = listOf(
  'a list of origins such as ["https://app.example.org"], each with its scheme and without a path',
  (value): value is string => typeof value === 'string' && isOrigin(value) && new URL(value).origin === value,
);

/** Every key there is, by section: the only place that knows them. */
const KEYS = {
  server: {
    host: text('an address to listen on, such as "127.0.0.1" or "0.0.0.0"', '127.0.0.1', (value) => /^[A-Za-z0-9.:_-]+$/.test(value)),
    port: whole(1, 65535, 8080),
    trusted_proxies: addressList,
    public_url: text('an http:// or https:// address without a path, such as "https://pin.example.org"', '', isOrigin),
  },
  data: {
    dir: text('a folder', 'data', (value) => value !== ''),
    disk_stop_megabytes: whole(0, 100_000_000, 128),
  },
  backup: BACKUP_KEYS,
  modems: {
    ports: portList,
    discover: flag(true),
    virtual: whole(0, 1000, null),
    sweep_seconds: whole(1, 3600, 45),
    deaf_hours: whole(0, 8760, 24),
    radio_toggle: flag(false),
    usb_power: flag(false),
    ussd: flag(false),
  },
  money: MONEY_KEYS,
  operator: {
    name: operatorText('a name of one line', 120, false),
    address: operatorText('an address of at most 6 lines', 400, true),
    tax_id: operatorText('a tax number of one line', 60, false),
    tax_percent: percent,
  },
  stripe: STRIPE_KEYS,
  btcpay: BTCPAY_KEYS,
  orders: ORDER_KEYS,
  limits: LIMIT_KEYS,
  ledger: LEDGER_KEYS,
  api: { requests_per_minute: whole(0, 1_000_000, 3000), cors_origins: originList },
  rentals: { outage_minutes: minutes(0, 1440, 10), refund_unused: flag(false), reminder_hours: hours(8, 720, [24, 1]) },
  access: ACCESS_KEYS,
  webhooks: {
    allow: networkList,
    retry_seconds: retrySchedule,
    timeout_seconds: whole(1, 60, 10),
  },
  exports: EXPORT_KEYS,
  smtp: {
    url: {
      ...text(
        'an address such as "smtp://user:pass@host:587" or "smtps://user:pass@host" with, if needed, ?requireTLS=, tls.rejectUnauthorized=, tls.servername= or name= (signs in user and password percent-encoded)',
        '',
        (value) => value === '' || parseSmtpUrl(value) !== null,
      ),
      secret: true,
    },
    from: text('a sender such as "SMSPin <pin@example.org>"', '', (value) => value === '' || parseMailbox(value) !== null),
    retry_seconds: retrySchedule,
    timeout_seconds: whole(1, 300, 30),
  },
  status: STATUS_KEYS,
  alarms: ALARM_KEYS,
  ...WATCH_KEYS,
};

type Section = keyof typeof KEYS;
/**
 * Reads the configuration: `file` (TOML, every key optional) and over it `SMSPIN_SECTION_KEY` from `env`. Throws ConfigError with one clear line for
 * an unreadable file, an unknown section or key, a wrong type or value. A `file` of null means `smspin.toml` in `folder`, if it is there.
 */
export function loadConfig(file: string | null, env: Record<string, string | undefined>, folder: string): Config {
  const path = resolve(folder, file ?? 'smspin.toml');
  const found = existsSync(path);
  if (!found && file !== null) throw new ConfigError(`${file}: there is no such file; --config takes the path of a TOML file`);
  const name = file ?? 'smspin.toml';
  const table = found ? readToml(path, name) : {};
  refuseUnknown(table, name);
  refuseUnknownVariables(env);

  const value = <T>(section: Section, key: string, spec: Key<T>): T => {
    const variable = `SMSPIN_${section}_${key}`.toUpperCase();
    const fromEnv = env[variable];
    const given = fromEnv === undefined ? table[section]?.[key] : spec.fromText(fromEnv);
    if (given === undefined) return spec.fallback;
    const read = spec.read(given);
    if (read !== undefined) return read;
    throw new ConfigError(
      `${fromEnv === undefined ? `${name}: ${section}.${key}` : variable} must be ${spec.allowed}; ${spec.secret ? 'what it is may hold a password and is not shown' : `it is ${shown(given)}`}`,
    );
  };
  const { server, data, modems, money, operator, api, rentals, access, webhooks, exports, smtp } = KEYS;
  const mail = {
    url: value('smtp', 'url', smtp.url),
    from: value('smtp', 'from', smtp.from),
    retrySeconds: value('smtp', 'retry_seconds', smtp.retry_seconds),
    timeoutSeconds: value('smtp', 'timeout_seconds', smtp.timeout_seconds),
  };
  if (mail.url !== '' && mail.from === '') {
    throw new ConfigError(`${name}: smtp.from is missing; with smtp.url it must say who sends, such as "SMSPin <pin@example.org>"`);
  }
  const payments = paymentConfig(value);
  if (typeof payments === 'string') throw new ConfigError(`${name}: ${payments}`);
  const dataDir = resolve(folder, value('data', 'dir', data.dir));
  const port = value('server', 'port', server.port);
  return {
    server: {
      host: value('server', 'host', server.host),
      port,
      publicUrl: value('server', 'public_url', server.public_url).replace(/\/$/, '') || `http://localhost:${port}`,
      trustedProxies: value('server', 'trusted_proxies', server.trusted_proxies),
    },
    data: {
      dir: dataDir,
      stopMegabytes: value('data', 'disk_stop_megabytes', data.disk_stop_megabytes),
    },
    backup: backupConfig(value, (path) => resolve(folder, path), dataDir),
    modems: {
      ports: value('modems', 'ports', modems.ports),
      discover: value('modems', 'discover', modems.discover),
      virtual: value('modems', 'virtual', modems.virtual),
      sweepSeconds: value('modems', 'sweep_seconds', modems.sweep_seconds),
      deafHours: value('modems', 'deaf_hours', modems.deaf_hours),
      radioToggle: value('modems', 'radio_toggle', modems.radio_toggle),
      usbPower: value('modems', 'usb_power', modems.usb_power),
      ussd: value('modems', 'ussd', modems.ussd),
      sims: readSims(table['modems']?.['sim'], name),
    },
    money: {
      currency: value('money', 'currency', money.currency),
      minimumPriceMinor: value('money', 'minimum_price', money.minimum_price),
      lowBalanceMinor: value('money', 'low_balance', money.low_balance),
    },
    operator: {
      name: value('operator', 'name', operator.name).trim(),
      address: value('operator', 'address', operator.address).trim(),
      taxId: value('operator', 'tax_id', operator.tax_id).trim(),
      taxPercent: value('operator', 'tax_percent', operator.tax_percent),
    },
    payments,
    orders: orderConfig(value),
    limits: limitConfig(value),
    ledger: { timeZone: value('ledger', 'time_zone', KEYS.ledger.time_zone) },
    api: {
      requestsPerMinute: value('api', 'requests_per_minute', api.requests_per_minute),
      corsOrigins: value('api', 'cors_origins', api.cors_origins),
    },
    rentals: {
      outageMinutes: value('rentals', 'outage_minutes', rentals.outage_minutes),
      refundUnused: value('rentals', 'refund_unused', rentals.refund_unused),
      reminderHours: value('rentals', 'reminder_hours', rentals.reminder_hours),
    },
    access: { signup: value('access', 'signup', access.signup), allow: value('access', 'allow', access.allow) },
    webhooks: {
      allow: value('webhooks', 'allow', webhooks.allow),
      retrySeconds: value('webhooks', 'retry_seconds', webhooks.retry_seconds),
      timeoutSeconds: value('webhooks', 'timeout_seconds', webhooks.timeout_seconds),
    },
    exports: {
      keepHours: value('exports', 'keep_hours', exports.keep_hours),
      accountMegabytes: value('exports', 'account_megabytes', exports.account_megabytes),
      atOnce: value('exports', 'at_once', exports.at_once),
    },
    smtp: mail,
    status: statusConfig(value, value('server', 'public_url', server.public_url), name),
    alarms: alarmConfig(value),
    ...watchConfig(value),
  };
}

type Table = Record<string, Record<string, unknown> | undefined>;

function readToml(path: string, name: string): Table {
  let table: Record<string, unknown>;
  try {
    table = parseToml(readFileSync(path, 'utf8'));
  } catch (thrown) {
    const [first = 'unreadable'] = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n');
    const at = thrown instanceof Error && 'line' in thrown && 'column' in thrown ? ` line ${thrown.line}, column ${thrown.column}` : '';
    throw new ConfigError(`${name}:${at} ${first.replace(/^Invalid TOML document: /, '')}`);
  }
  for (const [section, content] of Object.entries(table)) {
    if (typeof content !== 'object' || content === null || Array.isArray(content)) {
      throw new ConfigError(`${name}: ${section} must be a section like [${section}]; ${knownSections()}`);
    }
  }
  return table as Table;
}

function refuseUnknown(table: Table, name: string): void {
  for (const [section, content] of Object.entries(table)) {
    if (!Object.hasOwn(KEYS, section)) throw new ConfigError(`${name}: unknown section [${section}]; ${knownSections()}`);
    const keys = [...Object.keys(KEYS[section as Section]), ...(section === 'modems' ? ['sim'] : [])];
    for (const key of Object.keys(content ?? {})) {
      if (!keys.includes(key)) throw new ConfigError(`${name}: unknown key ${section}.${key}; [${section}] takes ${keys.join(', ')}`);
    }
  }
}

/** Variables that are read elsewhere and no configuration keys. */
const OTHER_VARIABLES = [
  'SMSPIN_CORPORA',
  'SMSPIN_CHROMIUM',
  'SMSPIN_TEST_STOP_AT',
  'SMSPIN_TEST_COMMIT_MS',
  'SMSPIN_TEST_CLOCK',
  'SMSPIN_TEST_BINARY',
];

function refuseUnknownVariables(env: Record<string, string | undefined>): void {
  const known = Object.entries(KEYS).flatMap(([section, keys]) => Object.keys(keys).map((key) => `SMSPIN_${section}_${key}`.toUpperCase()));
  for (const variable of Object.keys(env)) {
    if (!variable.startsWith('SMSPIN_') || known.includes(variable) || OTHER_VARIABLES.includes(variable)) continue;
    const section = variable.split('_')[1];
    const near = known.filter((one) => one.startsWith(`SMSPIN_${section}_`));
    throw new ConfigError(
      `${variable}: unknown variable; ${near.length > 0 ? `there are ${near.join(', ')}` : `sections are ${Object.keys(KEYS).join(', ')}`}`,
    );
  }
}

function isOrigin(value: string): boolean {
  const url = URL.parse(value);
  return (
    url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
  );
}

function knownSections(): string {
  return `sections are ${Object.keys(KEYS)
    .map((section) => `[${section}]`)
    .join(', ')}`;
}
