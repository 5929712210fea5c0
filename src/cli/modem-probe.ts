import type { Config } from '../config.ts';
import { printableLine } from '../lib/text-lines.ts';
import { runningAmong } from '../modem/line/holder.ts';
import { type Direction, maskImsi, ShownDialogue } from '../modem/shown-dialogue.ts';
import { adviceFor } from './modem-advice.ts';
import { gatherFacts, type ModemFacts } from './modem-facts.ts';
import { openTalk } from './modem-talk.ts';
import { type Io, readArgs } from './usage.ts';
import { indented, wrapped } from './wrap.ts';

export const PROBE_USAGE = 'smspin modem probe PATH [--json] [--raw]';

const SERVER_HOLDS = 'in use by the SMSPin server';
const WATCH_INSTEAD = 'See what the server does with it: smspin modem watch, or /admin/bank. To probe it, pause its slot there first.';

/**
 * `smspin modem probe`: opens the port, sets the modem up as the server does, prints the dialogue as it happens and then what it means. Nothing
 * is deleted, no PIN entered, no message shown. Exit code 0; 1 when the port cannot be opened or no modem answers.
 */
export async function modemProbe(args: string[], config: Config, io: Io): Promise<number> {
  const flag = { type: 'boolean' } as const;
  const { words, values } = readArgs(args, { usage: PROBE_USAGE, positionals: ['PATH'], options: { json: flag, raw: flag } });
  const raw = values.raw === true;
  const shown = new ShownDialogue(raw);
  const dialogue: string[] = [];
  const spoke = (direction: Direction, text: string): void => {
    const line = `${direction} ${shown.text(direction, text)}`;
    if (values.json === true) dialogue.push(line);
    else io.out(line);
  };
  const opened = await openTalk(words[0], { spoke });
  if (!opened.ok) return failed(opened.detail, values.json === true ? dialogue : null, io);
  const { talk } = opened;
  const facts = await gatherFacts(talk);
  const died = talk.channel.closed;
  talk.channel.close();
  if (died) return failed(`${talk.port}: the modem went away while it was asked`, values.json === true ? dialogue : null, io);
  const advice = [...adviceFor(facts, config.modems.sims), ...disturbers()];
  if (values.json === true) io.out(JSON.stringify({ ok: true, ...factsJson(facts, raw), advice, dialogue }, null, 2));
  else for (const line of ['', ...factLines(facts, raw), ...adviceLines(advice)]) io.out(line);
  return 0;
}

/** `dialogue` is null where it was printed already. */
function failed(detail: string, dialogue: readonly string[] | null, io: Io): number {
  const advice = [...(detail.includes(SERVER_HOLDS) ? [WATCH_INSTEAD] : []), ...disturbers()];
  if (dialogue === null) for (const text of [detail, ...advice]) io.err(text);
  else io.out(JSON.stringify({ ok: false, detail, advice, dialogue }, null, 2));
  return 1;
}

function disturbers(): string[] {
  return runningAmong(['ModemManager']).map(
    ({ name, pid }) => `${name} (pid ${pid}) is running and may take the modem's answers: see smspin modem scan.`,
  );
}

function adviceLines(advice: readonly string[]): string[] {
  return advice.length === 0 ? ['', 'Nothing to do.'] : ['', 'To do:', ...advice.flatMap((text) => wrapped(`- ${printableLine(text)}`))];
}

function factLines(facts: ModemFacts, raw: boolean): string[] {
  const { profile, lock, storages } = facts;
  const rows: [string, string | null][] = [
    ['port', `${facts.port}${facts.usbId === null ? '' : ` (USB ${facts.usbId})`}`],
    ['baud', facts.baud === null ? 'as opened' : String(facts.baud)],
    ['maker', facts.manufacturer],
    ['model', facts.model],
    ['firmware', facts.firmware],
    ['IMEI', facts.imei],
    ['profile', profile.name],
    ['SIM', lock.state === 'ready' || lock.state === 'closed' ? lock.state : lock.detail],
    ['ICCID', facts.iccid],
    ['IMSI', shownImsi(facts, raw)],
    ['number', facts.number],
    ['registration', facts.registration],
    ['carrier', facts.carrier],
    ['signal', facts.signalDbm === null ? null : `${facts.signalDbm} dBm`],
    ['storages', storages.length === 0 ? null : storages.map(({ name, used, total }) => `${name} ${used} of ${total}`).join(', ')],
    ['waiting', lock.state === 'ready' ? `${waiting(facts)} ${waiting(facts) === 1 ? 'message' : 'messages'}` : null],
    ['announcing', facts.notification === null ? null : `AT+CNMI=${facts.notification}`],
    ['round trip', facts.roundTripMs === null ? null : `${Math.round(facts.roundTripMs)} ms`],
  ];
  const lines = rows.map(([name, value]) => `${name.padEnd(13)} ${printableLine(value ?? '-')}`);
  if (profile.notes.length > 0) lines.push('', 'Known of this family:', ...profile.notes.flatMap(({ text }) => indented(text)));
  return lines;
}

function factsJson(facts: ModemFacts, raw: boolean) {
  const { profile, lock, capabilities } = facts;
  return {
    port: facts.port,
    usb_id: facts.usbId,
    baud: facts.baud,
    round_trip_ms: facts.roundTripMs,
    manufacturer: facts.manufacturer,
    model: facts.model,
    firmware: facts.firmware,
    imei: facts.imei,
    virtual: facts.virtual,
    profile: profile.name,
    notes: profile.notes.map(({ text }) => text),
    sim: { state: lock.state, detail: 'detail' in lock ? lock.detail : null, pin_tries: facts.pinTries },
    iccid: facts.iccid,
    imsi: shownImsi(facts, raw),
    number: facts.number,
    registration: facts.registration,
    carrier: facts.carrier,
    signal_dbm: facts.signalDbm,
    storages: facts.storages,
    messages_waiting: waiting(facts),
    notification: facts.notification,
    messaging_fault: facts.messagingFault,
    capabilities: Object.fromEntries(Object.entries(capabilities).map(([name, { raw: told }]) => [name, told])),
  };
}

function shownImsi({ imsi }: ModemFacts, raw: boolean): string | null {
  return imsi === null || raw ? imsi : maskImsi(imsi);
}

function waiting({ storages }: ModemFacts): number {
  return storages.reduce((sum, { used }) => sum + used, 0);
}
