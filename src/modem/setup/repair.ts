import type { AtChannel } from '../at/channel.ts';
import { query, queryNotification, set } from '../at/commands.ts';
import { announces, setNotifications } from './notification.ts';
import type { AnnouncementPort, Profile } from './profiles.ts';

/** What was done about announcements that never come: whether anything is different now, and what, in plain words. */
export interface Repair {
  changed: boolean;
  detail: string;
}

/**
 * Tries to bring announcements to this port: for a modem whose messages are found by sweeps only. First the family's port setting, one step on
 * each call, so that calling again after more silence tries the next port; and AT+CNMI once more, if the modem forgot it or its port changed.
 * Belongs between sweeps (it changes settings, reads and deletes nothing) and never fails: a refusal is part of `detail`.
 */
export async function repairAnnouncements(channel: AtChannel, profile: Profile): Promise<Repair> {
  const done: string[] = [];
  const refused: string[] = [];
  for (const port of profile.announcementPorts) {
    const command = await nextSetting(channel, port, refused);
    if (command !== null) done.push(`${command} (${port.reason})`);
  }
  const notification = await channel.send(queryNotification);
  const isForgotten = notification.ok && !announces(notification.lines[0]?.text);
  if (isForgotten || done.length > 0) {
    const values = await setNotifications(channel, profile);
    if (values === null) refused.push('AT+CNMI');
    else if (isForgotten) done.push(`AT+CNMI=${values} (announcements were off)`);
  }
  if (done.length > 0) return { changed: true, detail: `set ${done.join(', ')}${refusals(refused)}` };
  const known = profile.announcementPorts.length === 0 ? 'no port setting is known for this modem' : 'the settings are right already';
  return { changed: false, detail: refused.length > 0 ? `nothing changed${refusals(refused)}` : `nothing to change: ${known}` };
}

/** Sets the best setting, or else the one after that in force; null when the one in force is right, or all others are refused. */
async function nextSetting(channel: AtChannel, port: AnnouncementPort, refused: string[]): Promise<string | null> {
  const present = port.query === null ? null : await presentSetting(channel, port.query);
  if (present !== null && port.right?.test(present) === true) return null;
  const at = present === null ? -1 : port.set.findIndex((command) => sameSetting(command, present));
  const others = [...port.set.slice(0, 1), ...port.set.slice(at + 1), ...port.set.slice(0, Math.max(at, 0))];
  for (const command of new Set(others.filter((candidate) => candidate !== port.set[at]))) {
    if ((await channel.send(set(command))).ok) return command;
    refused.push(command);
  }
  return null;
}

async function presentSetting(channel: AtChannel, command: string): Promise<string | null> {
  const result = await channel.send(query(command));
  return result.ok ? (result.lines[0]?.text ?? null) : null;
}

/** `AT+QURCCFG="urcport","usbat"` is what `+QURCCFG: "urcport","usbat"` tells. */
function sameSetting(command: string, answer: string): boolean {
  const plain = (text: string) => text.replace(/[\s":=]/g, '').toLowerCase();
  return plain(command.slice('AT'.length)) === plain(answer);
}

function refusals(refused: readonly string[]): string {
  return refused.length === 0 ? '' : `; refused: ${refused.join(', ')}`;
}
