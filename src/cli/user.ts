import { setReadOnly } from '../accounts/read-only.ts';
import { readablePassword } from '../accounts/secrets.ts';
import {
  addUser,
  cleanEmail,
  hashPassword,
  listUsers,
  passwordProblem,
  requireUserByEmail,
  setPassword,
  setUserState,
} from '../accounts/users.ts';
import { writeAudit } from '../admin/audit.ts';
import type { Config } from '../config.ts';
import { writeNow } from '../db/write.ts';
import { balanceOf, topUp } from '../ledger/ledger.ts';
import { rfc3339 } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import { systemRandom } from '../lib/ids.ts';
import { formatMinor, parseMinor } from '../lib/money.ts';
import { type Io, openConfigured, readAll, readArgs, UsageError } from './usage.ts';

const ADD = 'smspin user add EMAIL [--operator [--read-only]] [--password-stdin]';
const CREDIT = 'smspin user credit EMAIL AMOUNT [--reference TEXT]';
const PASSWORD = 'smspin user password EMAIL [--password-stdin]';
const SET = 'smspin user set EMAIL [--state active|blocked] [--access full|read-only]';
const LIST = 'smspin user list [--json]';
export const USER_USAGE = [ADD, LIST, CREDIT, PASSWORD, SET];

/** `smspin user …`. Returns the exit code. */
export async function userCommand(args: string[], config: Config, io: Io): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === 'add') return add(rest, config, io);
  if (verb === 'list') return list(rest, config, io);
  if (verb === 'credit') return credit(rest, config, io);
  if (verb === 'password') return password(rest, config, io);
  if (verb === 'set') return set(rest, config, io);
  throw new UsageError(
    `${verb === undefined ? 'a verb is missing' : `unknown verb ${JSON.stringify(verb)}`}\nusage: ${USER_USAGE.join('\n       ')}`,
  );
}

async function add(args: string[], config: Config, io: Io): Promise<number> {
  const { words, values } = readArgs(args, {
    usage: ADD,
    positionals: ['EMAIL'],
    options: { operator: { type: 'boolean' }, 'read-only': { type: 'boolean' }, 'password-stdin': { type: 'boolean' } },
  });
  const email = cleanEmail(words[0]);
  if (email === null) throw new Refusal('validation', `${JSON.stringify(words[0])} is no e-mail address.`);
  const chosen = await choosePassword(values['password-stdin'] === true, io);
  const passwordHash = await hashPassword(chosen.password);
  const role = values.operator === true ? 'operator' : 'customer';
  const readOnly = values['read-only'] === true;
  if (readOnly && role === 'customer') throw new UsageError(`--read-only is for operators\nusage: ${ADD}`);
  const db = openConfigured(config, io);
  const user = writeNow(db, Date.now(), (tx) => {
    const added = addUser(tx, systemRandom, { email, passwordHash, role, state: 'active', purpose: null, acceptedTerms: false });
    if (readOnly) setReadOnly(tx, added.id, true);
    const detail = `${added.email} added as ${readOnly ? 'read-only ' : ''}${role}.`;
    writeAudit(tx, { userId: null, action: 'user.add', target: added.id, detail });
    return added;
  });
  io.out(`${readOnly ? 'read-only ' : ''}${user.role} ${user.email} added`);
  if (chosen.generated) io.out(`password: ${chosen.password}`);
  return 0;
}

function list(args: string[], config: Config, io: Io): number {
  const { values } = readArgs(args, { usage: LIST, positionals: [], options: { json: { type: 'boolean' } } });
  const db = openConfigured(config, io);
  const { currency } = config.money;
  const users = listUsers(db).map((user) => ({ ...user, ...balanceOf(db, user.id, currency) }));
  if (values.json === true) {
    const rows = users.map(({ email, role, isReadOnly, state, purpose, availableMinor, heldMinor, createdAtMs }) => ({
      ...{
        email,
        role,
        read_only: isReadOnly,
        state,
        purpose,
        currency,
        available: availableMinor,
        held: heldMinor,
        created_at: rfc3339(createdAtMs),
      },
    }));
    io.out(JSON.stringify(rows, null, 2));
    return 0;
  }
  for (const { email, role, isReadOnly, state, availableMinor, purpose } of users) {
    const why = purpose === null ? '' : `  ${JSON.stringify(purpose)}`;
    io.out(
      `${email.padEnd(32)}  ${(isReadOnly ? 'reader' : role).padEnd(8)}  ${state.padEnd(7)}  ${formatMinor(availableMinor, currency).padStart(10)}${why}`,
    );
  }
  if (users.some(({ state }) => state === 'waiting')) io.err('Let somebody in with `smspin user set EMAIL --state active`.');
  return 0;
}

async function password(args: string[], config: Config, io: Io): Promise<number> {
  const { words, values } = readArgs(args, { usage: PASSWORD, positionals: ['EMAIL'], options: { 'password-stdin': { type: 'boolean' } } });
  const db = openConfigured(config, io);
  const user = requireUserByEmail(db, words[0]);
  const chosen = await choosePassword(values['password-stdin'] === true, io);
  const passwordHash = await hashPassword(chosen.password);
  writeNow(db, Date.now(), (tx) => {
    setPassword(tx, user.id, passwordHash);
    writeAudit(tx, { userId: null, action: 'user.password', target: user.id, detail: 'A new password; all sessions ended.' });
  });
  io.out(`password of ${user.email} changed; all sessions ended`);
  if (chosen.generated) io.out(`password: ${chosen.password}`);
  return 0;
}

function set(args: string[], config: Config, io: Io): number {
  const { words, values } = readArgs(args, {
    usage: SET,
    positionals: ['EMAIL'],
    options: { state: { type: 'string' }, access: { type: 'string' } },
  });
  const state = (['active', 'blocked'] as const).find((one) => one === values.state);
  const access = (['full', 'read-only'] as const).find((one) => one === values.access);
  if (values.state !== undefined && state === undefined) throw new UsageError(`--state must be active or blocked\nusage: ${SET}`);
  if (values.access !== undefined && access === undefined) throw new UsageError(`--access must be full or read-only\nusage: ${SET}`);
  if (state === undefined && access === undefined) throw new UsageError(`--state or --access is missing\nusage: ${SET}`);
  const db = openConfigured(config, io);
  const user = requireUserByEmail(db, words[0]);
  writeNow(db, Date.now(), (tx) => {
    if (state !== undefined) setUserState(tx, user.id, state);
    if (access !== undefined) setReadOnly(tx, user.id, access === 'read-only');
    const set = [...(state === undefined ? [] : [`State: ${state}.`]), ...(access === undefined ? [] : [`Access: ${access}.`])];
    writeAudit(tx, { userId: null, action: 'user.set', target: user.id, detail: set.join(' ') });
  });
  if (state !== undefined) io.out(`${user.email} is ${state}`);
  if (access !== undefined)
    io.out(`${user.email} ${access === 'full' ? 'may change things' : 'may look at everything, and change nothing'}`);
  return 0;
}

async function credit(args: string[], config: Config, io: Io): Promise<number> {
  const { words, values } = readArgs(args, { usage: CREDIT, positionals: ['EMAIL', 'AMOUNT'], options: { reference: { type: 'string' } } });
  const amountMinor = parseMinor(words[1], 'AMOUNT');
  const reference = values.reference ?? null;
  if (reference !== null && (reference.trim() === '' || reference.length > 200)) {
    throw new Refusal('validation', '--reference must be 1 to 200 characters, such as the number of a bank transfer.');
  }
  const db = openConfigured(config, io);
  const user = requireUserByEmail(db, words[0]);
  const terms = { currency: config.money.currency, random: systemRandom };
  const outcome = writeNow(db, Date.now(), (tx) => {
    const came = topUp(tx, terms, { userId: user.id, amountMinor, reference });
    const why = reference === null ? '' : `, reference ${reference}`;
    const detail = `${formatMinor(amountMinor, terms.currency)} credited${why}.`;
    if (came === 'credited') writeAudit(tx, { userId: null, action: 'customer.credit', target: user.id, detail });
    return came;
  });
  const { availableMinor } = balanceOf(db, user.id, terms.currency);
  const done =
    outcome === 'credited'
      ? `${formatMinor(amountMinor, terms.currency)} credited`
      : `already credited under reference ${reference}; nothing changed`;
  io.out(`${user.email}: ${done}; available ${formatMinor(availableMinor, terms.currency)}`);
  return 0;
}

async function choosePassword(fromStdin: boolean, io: Io): Promise<{ password: string; generated: boolean }> {
  if (!fromStdin) return { password: readablePassword(systemRandom), generated: true };
  const [typed = ''] = (await readAll(io.stdin)).split(/\r?\n/);
  const problem = passwordProblem(typed);
  if (problem !== null) throw new Refusal('validation', `The password on standard input: ${problem}`);
  return { password: typed, generated: false };
}
