import type { AtChannel, AtCommand } from '../at/channel.ts';
import { IMEI_QUERIES, identityQueries } from '../at/commands.ts';

/** What a modem says of itself; null for what it does not tell. */
export interface ModemNames {
  manufacturer: string | null;
  model: string | null;
  firmware: string | null;
  /** 15 digits, the last one the check digit (TS 23.003 6.2.1). */
  imei: string | null;
}

const TEXT_MOST = 100;
/** Words some modems print beside the value, or in its place. */
const LABEL = /^(manufacturer|model|revision|firmware|version|software version)\s*[:=]\s*/i;
const JUNK = /^(imei|\+gcap|sn|ok)\b\W*\d*$/i;
const IMEI_DIGITS = 14;

/**
 * Asks a modem who it is (TS 27.007 5.1–5.4). Values come with or without prefix, quotes and labels, among other lines, and by older commands
 * or by ATI where the newer ones are refused.
 */
export async function readNames(channel: AtChannel): Promise<ModemNames> {
  const names: ModemNames = {
    manufacturer: await firstOf(channel, identityQueries.manufacturer),
    model: await firstOf(channel, identityQueries.model),
    firmware: await firstOf(channel, identityQueries.firmware),
    imei: await readImei(channel),
  };
  if (Object.values(names).every((name) => name !== null)) return names;
  const told = namesIn(await linesOf(channel, identityQueries.everything));
  return {
    manufacturer: names.manufacturer ?? told.manufacturer,
    model: names.model ?? told.model,
    firmware: names.firmware ?? told.firmware,
    imei: names.imei ?? told.imei,
  };
}

/** The names in an answer to ATI: labelled lines, or the maker's and the model's name and the revision in this order. */
export function namesIn(lines: readonly string[]): ModemNames {
  const labelled = (label: RegExp) =>
    lines
      .find((line) => label.test(line))
      ?.replace(LABEL, '')
      .trim() || null;
  const plain = lines.filter((line) => !/[:=]/.test(line) && !JUNK.test(line));
  const imei = lines.map((line) => imeiIn(line)).find((found) => found !== null) ?? null;
  const hasLabels = lines.some((line) => /^(manufacturer|model)\b/i.test(line));
  return {
    manufacturer: labelled(/^manufacturer\b/i) ?? (hasLabels || plain.length < 2 ? null : (plain[0] ?? null)),
    model: labelled(/^model\b/i) ?? (hasLabels || plain.length < 2 ? null : (plain[1] ?? null)),
    firmware: labelled(/^(revision|software version)\b/i),
    imei,
  };
}

/** The IMEI in a text: 14 digits get their check digit, longer ones (IMEISV, TS 23.003 6.2.2) lose their version. Null when there is none. */
export function imeiIn(text: string): string | null {
  const digits = /(?<!\d)\d{14,17}(?!\d)/.exec(text)?.[0];
  if (digits === undefined) return null;
  if (digits.length === IMEI_DIGITS + 1) return digits;
  const body = digits.slice(0, IMEI_DIGITS);
  return `${body}${checkDigit(body)}`;
}

async function readImei(channel: AtChannel): Promise<string | null> {
  for (const command of IMEI_QUERIES) {
    for (const line of await linesOf(channel, command)) {
      const imei = imeiIn(line);
      if (imei !== null) return imei;
    }
  }
  return null;
}

async function firstOf(channel: AtChannel, commands: readonly AtCommand[]): Promise<string | null> {
  for (const command of commands) {
    const text = (await linesOf(channel, command)).map(valueIn).find((value) => value !== '');
    if (text !== undefined) return text.slice(0, TEXT_MOST);
  }
  return null;
}

async function linesOf(channel: AtChannel, command: AtCommand): Promise<string[]> {
  const result = await channel.send(command);
  if (!result.ok) return [];
  return result.lines.map(({ text }) => {
    const prefix = command.prefixes?.find((candidate) => text.startsWith(candidate)) ?? '';
    return text.slice(prefix.length).trim();
  });
}

/** `"GSM900","GSM1800","MODEL=M590"` names bands before the model. */
function valueIn(line: string): string {
  const model = /MODEL=([^",]+)/.exec(line)?.[1];
  const text = (model ?? line).replaceAll('"', '').trim();
  return JUNK.test(text) ? '' : text.replace(LABEL, '').trim();
}

/** Luhn's check digit (TS 23.003 annex B). */
function checkDigit(digits: string): number {
  const sum = [...digits].reduce((total, digit, at) => {
    const doubled = Number(digit) * (at % 2 === 1 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return (10 - (sum % 10)) % 10;
}
