import { silentLog } from '../lib/log.ts';
import type { AtChannel } from '../modem/at/channel.ts';
import { query } from '../modem/at/commands.ts';
import { usbIdOf } from '../modem/discovery/discovery.ts';
import { checkHealth } from '../modem/health.ts';
import { JobQueue } from '../modem/inbox/jobs.ts';
import { type Fill, Storages } from '../modem/inbox/storages.ts';
import { isTcp } from '../modem/line/open.ts';
import { type Capabilities, readCapabilities } from '../modem/setup/capabilities.ts';
import { initialiseModem, readSimLock, type SimLock } from '../modem/setup/initialise.ts';
import { setUpMessaging } from '../modem/setup/messaging.ts';
import type { Profile } from '../modem/setup/profiles.ts';
import { IccidReader, readImsi } from '../modem/sim/identify.ts';
import { readOwnNumber } from '../modem/sim/own-number.ts';
import { readTries } from '../modem/sim/tries.ts';
import type { Registration } from '../modem/source.ts';
import type { Talk } from './modem-talk.ts';

/** Everything `modem probe` finds out; null is what the modem does not tell. */
export interface ModemFacts {
  port: string;
  usbId: string | null;
  /** The rate it answered at where that is another than usual. */
  baud: number | null;
  roundTripMs: number | null;
  manufacturer: string | null;
  model: string | null;
  firmware: string | null;
  imei: string | null;
  virtual: boolean;
  profile: Profile;
  capabilities: Capabilities;
  lock: SimLock;
  /** Tries left for the PIN, asked only while the SIM wants it. */
  pinTries: number | null;
  iccid: string | null;
  imsi: string | null;
  number: string | null;
  registration: Registration | null;
  carrier: string | null;
  signalDbm: number | null;
  storages: Fill[];
  /** What AT+CNMI was set to, or null when nothing was accepted or it was not come to that. */
  notification: string | null;
  /** Why the message service could not be set up, or null. */
  messagingFault: string | null;
  /** Announcement ports that are set to another port than ours: the answer, and the commands that would mend it. */
  misdirected: { answer: string; mend: string }[];
}

/**
 * Sets the modem up as the server does and reads what it says of itself. No PIN is entered, no message read or deleted, no USSD sent; message
 * counts come from AT+CPMS, since a listing would mark messages as read.
 */
export async function gatherFacts({ port, channel, status }: Talk): Promise<ModemFacts> {
  const usbId = isTcp(port) ? null : usbIdOf(port);
  const { profile } = await initialiseModem(channel, status, silentLog, usbId);
  const { manufacturer, model, firmware, imei, virtual } = status.snapshot();
  const capabilities = await readCapabilities(channel);
  const lock = await readSimLock(channel, profile);
  const pinTries = lock.state === 'pin_required' ? await readTries(channel) : null;
  const iccid = await new IccidReader().read((command) => channel.send(command));
  const isReady = lock.state === 'ready';
  const imsi = isReady ? await readImsi(channel) : null;
  const number = isReady ? ((await readOwnNumber(channel, { imsi }))?.number ?? null) : null;
  const messages = isReady ? await messageFacts(channel, profile) : NO_MESSAGES;
  await checkHealth(channel, new JobQueue(), new Storages(channel, profile), status);
  const { registration, carrier, signalDbm } = status.snapshot();
  const misdirected = await misdirections(channel, profile);
  const { baud, roundTripMs } = channel;
  return {
    ...{ port, usbId, baud, roundTripMs, manufacturer, model, firmware, imei, virtual, profile, capabilities, lock, pinTries },
    ...{ iccid, imsi, number, registration, carrier, signalDbm, ...messages, misdirected },
  };
}

const NO_MESSAGES = { storages: [], notification: null, messagingFault: null };

async function messageFacts(
  channel: AtChannel,
  profile: Profile,
): Promise<Pick<ModemFacts, 'storages' | 'notification' | 'messagingFault'>> {
  const messaging = await setUpMessaging(channel, profile);
  if (!messaging.ok) return { ...NO_MESSAGES, messagingFault: messaging.detail };
  const { storages, notification } = messaging;
  return { storages: storages.names.flatMap((name) => storages.fill(name) ?? []), notification, messagingFault: null };
}

/** Where the family has a setting for the port its announcements go to: is it ours? */
async function misdirections(channel: AtChannel, { announcementPorts }: Profile): Promise<ModemFacts['misdirected']> {
  const found: ModemFacts['misdirected'] = [];
  for (const setting of announcementPorts) {
    if (setting.query === null || setting.right === null) continue;
    const answer = await answerTo(channel, query(setting.query));
    if (answer !== null && !setting.right.test(answer)) found.push({ answer, mend: setting.set[0] ?? setting.query });
  }
  return found;
}

async function answerTo(channel: AtChannel, command: Parameters<AtChannel['send']>[0]): Promise<string | null> {
  const result = await channel.send(command);
  return result.ok ? (result.lines[0]?.text ?? null) : null;
}
