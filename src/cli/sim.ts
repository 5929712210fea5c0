import { writeAudit } from '../admin/audit.ts';
import type { Config } from '../config.ts';
import { writeNow } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { sameCard } from '../lib/iccid.ts';
import { setSim } from '../sims/correct.ts';
import { listSims, type SimRow } from '../sims/sims.ts';
import { type Io, openConfigured, readArgs, UsageError } from './usage.ts';

const LIST = 'smspin sim list [--json]';
const SET = 'smspin sim set ICCID [--number +..] [--country cc] [--carrier slug] [--state active|paused]';
export const SIM_USAGE = [LIST, SET];

/** `smspin sim …`. Returns the exit code. */
export async function simCommand(args: string[], config: Config, io: Io): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === 'list') return list(rest, config, io);
  if (verb === 'set') return set(rest, config, io);
  throw new UsageError(`the verb must be list or set\nusage: ${SIM_USAGE.join('\n       ')}`);
}

function list(args: string[], config: Config, io: Io): number {
  const { values } = readArgs(args, { usage: LIST, positionals: [], options: { json: { type: 'boolean' } } });
  const sims = listSims(openConfigured(config, io));
  if (values.json === true) {
    io.out(JSON.stringify(sims.map(simJson), null, 2));
    return 0;
  }
  if (sims.length === 0) io.out('No SIM was ever seen. Plug in a modem, or set modems.ports, and start the server.');
  for (const sim of sims) {
    const where = sim.online ? `online at ${sim.slot}` : 'offline';
    io.out(
      `${sim.iccid}  ${(sim.number ?? 'number unknown').padEnd(16)}  ${sim.country ?? '--'}  ${(sim.carrier ?? '--').padEnd(14)}  ${sim.state.padEnd(6)}  ${where}${sim.virtual ? ' (virtual)' : ''}`,
    );
  }
  return 0;
}

function set(args: string[], config: Config, io: Io): number {
  const { words, values } = readArgs(args, {
    usage: SET,
    positionals: ['ICCID'],
    options: { number: { type: 'string' }, country: { type: 'string' }, carrier: { type: 'string' }, state: { type: 'string' } },
  });
  const { number, country, carrier } = values;
  const state = (['active', 'paused'] as const).find((one) => one === values.state);
  if (values.state !== undefined && state === undefined) {
    throw new Refusal('validation', `--state must be active or paused; got ${JSON.stringify(values.state)}.`);
  }
  if ([number, country, carrier, state].every((one) => one === undefined)) throw new UsageError(`nothing to set\nusage: ${SET}`);
  const fixed = config.modems.sims.find((sim) => sameCard(sim.iccid, words[0]));
  const facts = { number, country, carrier };
  if ((['number', 'country', 'carrier'] as const).some((fact) => facts[fact] !== undefined && fixed?.[fact] !== undefined)) {
    throw new Refusal(
      'validation',
      `The configuration says the number, country or carrier of this SIM in [[modems.sim]], and wins at each start; change it there.`,
    );
  }
  const db = openConfigured(config, io);
  const iccid = listSims(db).find((sim) => sameCard(sim.iccid, words[0]))?.iccid ?? words[0];
  writeNow(db, Date.now(), (tx) => {
    setSim(tx, iccid, { ...facts, state });
    const set = Object.entries({ ...facts, state }).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name} ${value || 'unknown'}`],
    );
    writeAudit(tx, { userId: null, action: 'sim.set', target: iccid, detail: `Set: ${set.join(', ')}.` });
  });
  const sim = listSims(db).find((one) => one.iccid === iccid);
  if (sim)
    io.out(
      `${sim.iccid}: number ${sim.number ?? 'unknown'}, country ${sim.country ?? 'unknown'}, carrier ${sim.carrier ?? 'unknown'}, ${sim.state}`,
    );
  return 0;
}

function simJson(sim: SimRow) {
  return {
    iccid: sim.iccid,
    number: sim.number,
    country: sim.country,
    carrier: sim.carrier,
    state: sim.state,
    online: sim.online,
    virtual: sim.virtual,
    slot: sim.slot,
    imei: sim.imei,
    open_orders: sim.openOrders,
    rented: sim.rented,
    last_message_at: sim.lastMessageAtMs === null ? null : new Date(sim.lastMessageAtMs).toISOString(),
  };
}
