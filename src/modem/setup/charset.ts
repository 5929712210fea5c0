import type { AtChannel } from '../at/channel.ts';
import { queryCharset, set } from '../at/commands.ts';
import { fieldsOf } from '../at/fields.ts';
import { asUcs2Hex, readableText } from '../at/text.ts';

const WANTED = ['GSM', 'IRA'] as const;

/**
 * Leaves the modem in a character set whose texts can be read as they are (AT+CSCS, TS 27.007 5.5): GSM, else IRA. A modem in UCS2 may want the
 * new name in UCS2 too. The set it is in afterwards, or null when it does not tell; texts in UCS2 are still read (at/text.ts).
 */
export async function setCharset(channel: AtChannel): Promise<string | null> {
  const before = await charsetOf(channel);
  if (WANTED.some((name) => name === before)) return before;
  const names = before === 'UCS2' ? WANTED.flatMap((name) => [name, asUcs2Hex(name)]) : WANTED;
  for (const name of names) {
    if ((await channel.send(set(`AT+CSCS="${name}"`))).ok) return readableText(name);
  }
  return before;
}

async function charsetOf(channel: AtChannel): Promise<string | null> {
  const result = await channel.send(queryCharset);
  const name = result.ok ? fieldsOf(result.lines[0]?.text ?? '')[0] : undefined;
  return name === undefined || name === '' ? null : readableText(name).toUpperCase();
}
