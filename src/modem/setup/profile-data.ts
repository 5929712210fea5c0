import type { Advice, AnnouncementPort, ListingWay, Note, Profile, SimSettled } from './profile.ts';

/** Which modems a profile is for: every pattern named must be found (letter case does not matter). */
export interface Match {
  manufacturer: RegExp | null;
  model: RegExp | null;
  firmware: RegExp | null;
  /** `vvvv:pppp`, or `vvvv:*` for every product of that vendor; empty when the USB id does not matter. */
  usb: readonly string[];
}

/** A profile and whom it is for. */
export interface ProfileEntry {
  matches: readonly Match[];
  profile: Profile;
}

type Fields = Record<string, unknown>;

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const STORAGE = /^(SM|ME|MT)$/;
const USB_ID = /^[0-9a-f]{4}:([0-9a-f]{4}|\*)$/;
const NOTIFICATION = /^[0-3],1(,[0-3]){0,2}(,[01])?$/;
/** What would change more than this program's dialogue: defaults (Z, &F), memory (&W), the line's speed, sending, calls, deleting. */
const FORBIDDEN = /^AT(Z|&|D|A$|\+(IPR|CMGS|CMGD|CMSS|CMGW|CPIN|CLCK|CPWD|EGMR)\b)/i;
const GAP_MAX_MS = 1_000;
const BUSY_MAX_MS = 120_000;
const GENERAL_RADIO_ON = 'AT+CFUN=1';
const GENERAL_RESET = 'AT+CFUN=1,1';

/** Reads the profiles of `profiles.json`. Throws an error that names the profile and field, and says what would be right. */
export function parseProfiles(data: unknown): ProfileEntry[] {
  if (!Array.isArray(data) || data.length === 0) throw new Error('profiles: must be a list with at least one profile');
  const entries = data.map((item, at) => readEntry(item, `profiles[${at}]`));
  const names = entries.map(({ profile }) => profile.name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`profiles: the name "${twice}" is used twice; each profile has its own`);
  const last = entries.at(-1);
  const idle = entries.slice(0, -1).find(({ matches }) => matches.length === 0);
  if (idle !== undefined) throw new Error(`profiles "${idle.profile.name}".matches: is empty, so that no modem would ever have it`);
  if (last === undefined || last.matches.length > 0)
    throw new Error('profiles: the last one must match nothing: it is for all other modems');
  return entries;
}

function readEntry(item: unknown, at: string): ProfileEntry {
  const fields = object(item, at, [
    ...['name', 'maker', 'matches', 'notifications', 'init', 'storages', 'cpmsNeedsAll', 'reselectsStorages', 'announcementPorts'],
    ...[
      'reset',
      'simEvents',
      'simSettled',
      'radioOn',
      'answersPinWithoutOk',
      'listing',
      'deletesWholeMessage',
      'commandGapMs',
      'busyAfterPinMs',
      'notes',
    ],
  ]);
  const name = text(fields['name'], `${at}.name`, NAME, 'lower-case words joined by hyphens');
  const where = (field: string) => `profiles "${name}".${field}`;
  const optional = <T>(field: string, fallback: T, read: (value: unknown, at: string) => T): T =>
    fields[field] === undefined ? fallback : read(fields[field], where(field));
  return {
    matches: list(fields['matches'], where('matches'), readMatch),
    profile: {
      name,
      maker: text(fields['maker'], where('maker')),
      notifications: optional('notifications', [], (value, path) => list(value, path, notification)),
      init: optional('init', [], (value, path) => list(value, path, readAdvice)),
      storages: optional('storages', ['SM', 'ME'], storages),
      cpmsNeedsAll: optional('cpmsNeedsAll', false, flag),
      reselectsStorages: optional('reselectsStorages', false, flag),
      announcementPorts: optional('announcementPorts', [], (value, path) => list(value, path, readPort)),
      reset: optional<string | null>('reset', GENERAL_RESET, (value, path) => (value === null ? null : command(value, path))),
      simEvents: optional<Advice | null>('simEvents', null, readAdvice),
      simSettled: optional<SimSettled | null>('simSettled', null, readSettled),
      radioOn: optional<string | null>('radioOn', GENERAL_RADIO_ON, (value, path) => (value === null ? null : command(value, path))),
      answersPinWithoutOk: optional('answersPinWithoutOk', false, flag),
      listing: optional<ListingWay>('listing', 'cmgl', listing),
      deletesWholeMessage: optional('deletesWholeMessage', false, flag),
      commandGapMs: optional('commandGapMs', 0, (value, path) => whole(value, path, GAP_MAX_MS)),
      busyAfterPinMs: optional('busyAfterPinMs', 0, (value, path) => whole(value, path, BUSY_MAX_MS)),
      notes: optional('notes', [], (value, path) => list(value, path, readNote)),
    },
  };
}

function readMatch(value: unknown, at: string): Match {
  const fields = object(value, at, ['manufacturer', 'model', 'firmware', 'usb']);
  const known = (field: string) => (fields[field] === undefined ? null : pattern(fields[field], `${at}.${field}`));
  const match: Match = {
    manufacturer: known('manufacturer'),
    model: known('model'),
    firmware: known('firmware'),
    usb:
      fields['usb'] === undefined
        ? []
        : list(fields['usb'], `${at}.usb`, (id, path) => text(id, path, USB_ID, 'vvvv:pppp or vvvv:* in lower-case hex')),
  };
  if (Object.keys(fields).length === 0) throw new Error(`${at}: names nothing; give manufacturer, model, firmware or usb`);
  return match;
}

function readAdvice(value: unknown, at: string): Advice {
  const fields = object(value, at, ['command', 'reason', 'source']);
  return {
    command: command(fields['command'], `${at}.command`),
    reason: text(fields['reason'], `${at}.reason`),
    source: text(fields['source'], `${at}.source`),
  };
}

function readPort(value: unknown, at: string): AnnouncementPort {
  const fields = object(value, at, ['query', 'right', 'set', 'reason', 'source']);
  const set = list(fields['set'], `${at}.set`, command);
  if (set.length === 0) throw new Error(`${at}.set: must name at least one command`);
  return {
    query: fields['query'] === null ? null : command(fields['query'], `${at}.query`),
    right: fields['right'] === null ? null : pattern(fields['right'], `${at}.right`),
    set,
    reason: text(fields['reason'], `${at}.reason`),
    source: text(fields['source'], `${at}.source`),
  };
}

function readSettled(value: unknown, at: string): SimSettled {
  const fields = object(value, at, ['query', 'settled', 'source']);
  return {
    query: command(fields['query'], `${at}.query`),
    settled: pattern(fields['settled'], `${at}.settled`),
    source: text(fields['source'], `${at}.source`),
  };
}

function readNote(value: unknown, at: string): Note {
  const fields = object(value, at, ['text', 'source']);
  return { text: text(fields['text'], `${at}.text`), source: text(fields['source'], `${at}.source`) };
}

function storages(value: unknown, at: string): string[] {
  const names = list(value, at, (name, path) => text(name, path, STORAGE, 'SM, ME or MT'));
  if (names.length === 0 || new Set(names).size !== names.length) throw new Error(`${at}: must name each storage once, and at least one`);
  if (names.length > 1 && names.includes('MT')) throw new Error(`${at}: MT is SM and ME together and may not stand beside them`);
  return names;
}

function listing(value: unknown, at: string): ListingWay {
  if (value === 'cmgl' || value === 'each') return value;
  throw new Error(`${at}: ${shown(value)} is wrong; it must be "cmgl" or "each"`);
}

function notification(value: unknown, at: string): string {
  return text(value, at, NOTIFICATION, '<mode>,1[,<bm>,<ds>,<bfr>]: messages must be stored and announced');
}

function command(value: unknown, at: string): string {
  const line = text(value, at, /^AT[\x20-\x7e]*$/, 'a command that begins with AT');
  if (FORBIDDEN.test(line)) throw new Error(`${at}: ${line} is never sent: it changes more than this dialogue`);
  return line;
}

function pattern(value: unknown, at: string): RegExp {
  const source = text(value, at);
  try {
    return new RegExp(source, 'i');
  } catch (thrown) {
    throw new Error(`${at}: ${shown(source)} is no regular expression (${thrown instanceof Error ? thrown.message : String(thrown)})`);
  }
}

function text(value: unknown, at: string, form = /\S/, right = 'a text that is not empty'): string {
  if (typeof value === 'string' && form.test(value)) return value;
  throw new Error(`${at}: ${shown(value)} is wrong; it must be ${right}`);
}

function flag(value: unknown, at: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new Error(`${at}: ${shown(value)} is wrong; it must be true or false`);
}

function whole(value: unknown, at: string, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new Error(`${at}: ${shown(value)} is wrong; it must be a whole number from 0 to ${most}`);
}

function list<T>(value: unknown, at: string, read: (item: unknown, at: string) => T): T[] {
  if (!Array.isArray(value)) throw new Error(`${at}: ${shown(value)} is wrong; it must be a list`);
  return value.map((item, index) => read(item, `${at}[${index}]`));
}

function object(value: unknown, at: string, allowed: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${at}: ${shown(value)} is wrong; it must be an object`);
  const fields: Fields = { ...value };
  const unknown = Object.keys(fields).find((field) => !allowed.includes(field));
  if (unknown !== undefined) throw new Error(`${at}: unknown field "${unknown}"; known are ${allowed.join(', ')}`);
  return fields;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
