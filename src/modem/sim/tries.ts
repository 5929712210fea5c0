import type { AtChannel, AtCommand } from '../at/channel.ts';
import { query } from '../at/commands.ts';
import { fieldsOf, numberOf } from '../at/fields.ts';

/** One way to be told the tries left: where in the fields of an answer line they are, or null when the line is about another PIN. */
interface Way {
  command: AtCommand;
  tries(fields: string[]): string | undefined;
}

const first = (fields: string[]): string | undefined => fields[0];
const named = (name: string) => (fields: string[]) => (fields[0]?.toUpperCase() === name ? fields[1] : undefined);

/**
 * How makers tell the tries left for PIN 1, as ofono (drivers/atmodem/sim.c) and ModemManager read them. All of them only ask. What an answer
 * holds: +CPINR `SIM PIN,3,3` (TS 27.007 8.65, +CPINRE with some) · +QPINC `"SC",3,10` (Quectel) · ^CPIN `SIM PIN,3,10,3,10,3`: state, tries
 * of what it asks for, PUK, PIN, PUK2, PIN2 (Huawei) · +SPIC `3,10,0,10` (SIMCom) · ^SPIC `3` (Cinterion) and #PCT `3` (Telit): of what it asks
 * for · +ZPINPUK `3,10` (ZTE) · +UPINCNT `3,3,10,10` (u-blox) · *EPIN `3,10,3,10` (Ericsson) · +XPINCNT `3,3,10,10` (Intel) · _OERCN `3, 10`
 * (Option) · +EPINC `3, 3, 10, 10` (MediaTek) · %PINNUM `3,10,3,10` (Icera).
 */
const WAYS: readonly Way[] = [
  { command: { ...query('AT+CPINR="SIM PIN"'), prefixes: ['+CPINR:', '+CPINRE:'] }, tries: named('SIM PIN') },
  { command: query('AT+QPINC?'), tries: named('SC') },
  { command: query('AT+QPINC="SC"'), tries: named('SC') },
  { command: query('AT^CPIN?'), tries: (fields) => fields[3] },
  { command: query('AT+SPIC'), tries: first },
  { command: query('AT^SPIC'), tries: first },
  { command: query('AT#PCT'), tries: first },
  { command: query('AT+ZPINPUK=?'), tries: first },
  { command: query('AT+UPINCNT'), tries: first },
  { command: query('AT*EPIN?'), tries: first },
  { command: query('AT+XPINCNT'), tries: first },
  { command: query('AT_OERCN?'), tries: first },
  { command: query('AT+EPINC?'), tries: first },
  { command: query('AT%PINNUM?'), tries: first },
];

/** No card allows more (TS 51.011 11.1: three); larger numbers are a modem's way to say it does not know (Ericsson: 999). */
const TRIES_MOST = 10;

/**
 * Tries left for PIN 1 while the SIM asks for it, or null when this modem does not tell. Asks in every maker's way, standard first, until one
 * is answered with a number.
 */
export async function readTries(channel: Pick<AtChannel, 'send'>): Promise<number | null> {
  for (const { command, tries } of WAYS) {
    const result = await channel.send(command);
    if (!result.ok) {
      if (result.kind === 'closed') return null;
      continue;
    }
    const left = result.lines.map((line) => numberOf(tries(fieldsOf(line.text)))).find((number) => number !== null);
    if (left !== undefined && left !== null && left <= TRIES_MOST) return left;
  }
  return null;
}
