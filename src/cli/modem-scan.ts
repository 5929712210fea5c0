import type { Config } from '../config.ts';
import { type Survey, type SurveyedPort, survey } from '../modem/discovery/survey.ts';
import { describeHolder } from '../modem/line/holder.ts';
import { UDEV_RULE } from './modem-udev.ts';
import { type Io, readArgs } from './usage.ts';
import { indented, wrapped } from './wrap.ts';

export const SCAN_USAGE = 'smspin modem scan [--json] [--udev]';

/** The longest name of a port that shares its line with the rest. */
const NAME_MOST = 32;

/** `smspin modem scan`: every port of the USB and of the configuration, what would be used of it and why. Nothing is opened. Exit code 0. */
export function modemScan(args: string[], config: Config, io: Io): number {
  const flag = { type: 'boolean' } as const;
  const { values } = readArgs(args, { usage: SCAN_USAGE, positionals: [], options: { json: flag, udev: flag } });
  if (values.udev === true) {
    io.out(UDEV_RULE.trimEnd());
    return 0;
  }
  const { ports, discover } = config.modems;
  const found = survey({ ports, discover });
  if (values.json === true) io.out(JSON.stringify(surveyJson(found), null, 2));
  else for (const line of surveyLines(found)) io.out(line);
  return 0;
}

/** The survey as a table for people, no line longer than 100 columns. */
export function surveyLines({ ports, sticks, warnings }: Survey): string[] {
  const lines = ports.length === 0 ? ['No serial port on the USB, and none in modems.ports.'] : portTable(ports);
  for (const { device, usbId, name, advice } of sticks)
    lines.push('', `usb:${device}  ${usbId}  ${name}`.slice(0, 100), ...indented(advice));
  for (const warning of warnings) lines.push('', ...wrapped(`Warning: ${warning}`));
  if (ports.some(({ used }) => used)) lines.push('', ...wrapped('Try a port that is free with: smspin modem probe PORT'));
  if (ports.some(({ accessible }) => accessible === false)) {
    lines.push(
      '',
      ...wrapped(
        'Permissions: smspin modem scan --udev > /etc/udev/rules.d/99-smspin.rules (as root), then: udevadm control --reload && udevadm trigger',
      ),
    );
  }
  return lines;
}

/** The survey for programs. */
export function surveyJson({ ports, sticks, warnings }: Survey) {
  return {
    ports: ports.map(({ port, slot, usbId, driver, used, probe, reason, holder, accessible, next }) => ({
      port,
      slot,
      usb_id: usbId,
      driver,
      used,
      probe,
      reason,
      holder: holder === null ? null : { pid: holder.pid, name: holder.name, is_server: holder.isServer },
      accessible,
      next,
    })),
    sticks: sticks.map(({ device, usbId, name, kind, advice }) => ({ device, usb_id: usbId, name, kind, advice })),
    warnings,
  };
}

function portTable(ports: readonly SurveyedPort[]): string[] {
  const header = ['PORT', 'USB ID', 'DRIVER', 'USED', 'SLOT'];
  const rows = ports.map((port) => [port.port, port.usbId ?? '-', port.driver ?? '-', usedWord(port), port.slot ?? '-']);
  const short = rows.filter(([name = '']) => name.length <= NAME_MOST);
  const widths = header.map((title, column) => Math.max(title.length, ...short.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string[] => {
    const [name = '', ...others] = cells;
    const rest = others.map((cell, at) => cell.padEnd(widths[at + 1] ?? 0)).join('  ');
    const first = name.padEnd(widths[0] ?? 0);
    // A long name, as of /dev/serial/by-path, stands on a line of its own.
    return name.length > NAME_MOST ? [name, `${' '.repeat(widths[0] ?? 0)}  ${rest}`.trimEnd()] : [`${first}  ${rest}`.trimEnd()];
  };
  return [...line(header), ...ports.flatMap((port, at) => [...line(rows[at] ?? []), ...details(port)])];
}

function usedWord({ used, probe }: SurveyedPort): string {
  if (used) return 'yes';
  return probe ? 'ask' : 'no';
}

function details({ reason, holder, next }: SurveyedPort): string[] {
  const held = holder?.isServer === true ? [`read by ${describeHolder(holder)}`] : [];
  return [reason, ...held, ...(next === null ? [] : [`→ ${next}`])].flatMap((text) => indented(text));
}
