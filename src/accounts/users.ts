import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { openAccounts } from '../ledger/ledger.ts';
import { Refusal } from '../lib/errors.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import { queueMail } from '../mail/queue.ts';

export type Role = 'customer' | 'operator';

export interface User {
  id: string;
  email: string;
  role: Role;
  state: 'active' | 'waiting' | 'blocked';
}

const USER_COLUMNS = 'id, email, role, state';
const EMAIL_CHARACTERS_MAX = 254;
export const PASSWORD_CHARACTERS_MIN = 10;
const PASSWORD_CHARACTERS_MAX = 200;
/** The version of the terms a sign-up accepts; a changed text gets a new one. */
export const TERMS_VERSION = '2026-11';

/** An e-mail address trimmed and in lower case, or null when it cannot be one (RFC 5321 4.5.3.1 length, one @, a dot in the domain part). */
export function cleanEmail(typed: string): string | null {
  const email = typed.trim().toLowerCase();
  return email.length <= EMAIL_CHARACTERS_MAX && /^[^\s@<>"',;]+@[^\s@<>"',;]+\.[^\s@<>"',;.]+$|^[^\s@<>"',;]+@localhost$/.test(email)
    ? email
    : null;
}

/** What is wrong with a new password, in plain words, or null. */
export function passwordProblem(password: string): string | null {
  if ([...password].length < PASSWORD_CHARACTERS_MIN) return `Use at least ${PASSWORD_CHARACTERS_MIN} characters.`;
  return password.length > PASSWORD_CHARACTERS_MAX ? `Use at most ${PASSWORD_CHARACTERS_MAX} characters.` : null;
}

/** Hashes a password with Argon2id at OWASP's first setting (19 MiB, 2 passes). Slow on purpose; runs outside any transaction. */
export function hashPassword(password: string): Promise<string> {
  return Bun.password.hash(password, { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 });
}

export interface NewUser {
  email: string;
  passwordHash: string | null;
  role: Role;
  state: User['state'];
  purpose: string | null;
  /** True when the person accepted the terms just now. */
  acceptedTerms: boolean;
}

/** Creates a user with empty ledger accounts. Refuses an address that is taken (`already_exists`). */
export function addUser(tx: Tx, random: RandomBytes, user: NewUser): User {
  if (findUserByEmail(tx.db, user.email)) throw new Refusal('already_exists', `There is already an account for ${user.email}.`);
  const id = newId('usr', tx.nowMs, random);
  tx.db
    .query(
      `INSERT INTO users (id, email, password_hash, role, state, purpose, terms_version, terms_at_ms, created_at_ms)
       VALUES ($id, $email, $passwordHash, $role, $state, $purpose, $termsVersion, $termsAtMs, $now)`,
    )
    .run({
      id,
      email: user.email,
      passwordHash: user.passwordHash,
      role: user.role,
      state: user.state,
      purpose: user.purpose,
      termsVersion: user.acceptedTerms ? TERMS_VERSION : null,
      termsAtMs: user.acceptedTerms ? tx.nowMs : null,
      now: tx.nowMs,
    });
  openAccounts(tx, id);
  return { id, email: user.email, role: user.role, state: user.state };
}

/** Gives an existing user a new password, ends their sessions, and tells them by mail. */
export function setPassword(tx: Tx, userId: string, passwordHash: string): void {
  tx.db.query('UPDATE users SET password_hash = $passwordHash WHERE id = $userId').run({ userId, passwordHash });
  tx.db.query('DELETE FROM sessions WHERE user_id = $userId').run({ userId });
  queueMail(tx, { kind: 'password_changed', about: `${userId}:${tx.nowMs}`, userId });
}

/** Lets somebody in (`active`) or keeps them out (`blocked`, which ends their sessions and stops their keys). */
export function setUserState(tx: Tx, userId: string, state: 'active' | 'blocked'): void {
  tx.db.query('UPDATE users SET state = $state WHERE id = $userId').run({ userId, state });
  if (state === 'blocked') tx.db.query('DELETE FROM sessions WHERE user_id = $userId').run({ userId });
}

/** Whether the operator lets this user in now. */
export function isActive(db: Database, userId: string): boolean {
  return db.query("SELECT 1 FROM users WHERE id = $userId AND state = 'active'").get({ userId }) !== null;
}

export function findUserByEmail(db: Database, email: string): User | null {
  return db.query<User, { email: string }>(`SELECT ${USER_COLUMNS} FROM users WHERE email = $email`).get({ email });
}

/** A user known to exist, or a refusal that names the address and the way to create it. */
export function requireUserByEmail(db: Database, typed: string): User {
  const email = cleanEmail(typed);
  const user = email === null ? null : findUserByEmail(db, email);
  if (!user) throw new Refusal('not_found', `There is no user ${JSON.stringify(typed)}; \`smspin user add EMAIL\` creates one.`);
  return user;
}

export interface UserRow extends User {
  purpose: string | null;
  createdAtMs: number;
  /** An operator who may look at everything and change nothing. */
  isReadOnly: boolean;
}

/** Everybody with an account, those who wait to be let in first. */
export function listUsers(db: Database): UserRow[] {
  return db
    .query<Omit<UserRow, 'isReadOnly'> & { isReadOnly: number }, []>(
      `SELECT ${USER_COLUMNS}, purpose, created_at_ms AS createdAtMs, read_only AS isReadOnly FROM users ORDER BY state = 'waiting' DESC, role DESC, email`,
    )
    .all()
    .map((user) => ({ ...user, isReadOnly: user.isReadOnly === 1 }));
}

/**
 * The active user of an e-mail and password, `waiting` when the operator has not let them in yet, or null. Takes as long for an unknown address as
 * for a wrong password, so that signing in tells nobody who has an account.
 */
export async function checkPassword(db: Database, typedEmail: string, password: string): Promise<User | null> {
  const email = cleanEmail(typedEmail);
  const row =
    email === null
      ? null
      : db
          .query<User & { passwordHash: string | null }, { email: string }>(
            `SELECT ${USER_COLUMNS}, password_hash AS passwordHash FROM users WHERE email = $email`,
          )
          .get({ email });
  const hash = row?.passwordHash ?? (await nobodysHash());
  const right = password.length <= PASSWORD_CHARACTERS_MAX && (await Bun.password.verify(password, hash));
  if (!right || !row?.passwordHash) return null;
  return { id: row.id, email: row.email, role: row.role, state: row.state };
}

let nobody: Promise<string> | null = null;
function nobodysHash(): Promise<string> {
  nobody ??= hashPassword('the password of nobody');
  return nobody;
}
