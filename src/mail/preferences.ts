import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import type { SwitchedKind } from './kinds.ts';

/** Which mails somebody wants. */
export interface MailPreferences extends Record<SwitchedKind, boolean> {
  /** The code itself stands in the mail; otherwise only that it is there. */
  codeInMail: boolean;
  /** Below this available balance, in minor units, `low_balance` is told. */
  lowBalanceMinor: number;
}

/** Everything off but what somebody asked for by another door: an endpoint they set up must not die in silence, and who joins a waiting list asks to be told. */
const DEFAULTS: MailPreferences = {
  ...{ code_received: false, order_expired: false, low_balance: false, rental_ending: false, waiting_list: true, webhook_disabled: true },
  ...{ alarms: false, ticket_opened: false, sim_due: false, codeInMail: false, lowBalanceMinor: 0 },
};

type Row = Record<SwitchedKind | 'code_in_mail', 0 | 1> & { low_balance_minor: number };

/** Keeps the mark of those who set none, as the configuration says it; the same for the server and the commands beside it. */
export function setLowBalanceDefault(tx: Tx, amountMinor: number): void {
  tx.db
    .query("INSERT INTO settings (key, value) VALUES ('low_balance_minor', $value) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
    .run({ value: String(amountMinor) });
}

function lowBalanceDefault(db: Database): number {
  const row = db.query<{ value: string }, []>("SELECT value FROM settings WHERE key = 'low_balance_minor'").get();
  return row ? Number(row.value) : 0;
}

/** Sets only the mark below which a balance is low; 0: none. */
export function setLowBalance(tx: Tx, userId: string, lowBalanceMinor: number): void {
  const before = mailPreferences(tx.db, userId);
  // Nothing is below nothing: the mail ends with the mark.
  setMailPreferences(tx, userId, { ...before, lowBalanceMinor, low_balance: before.low_balance && lowBalanceMinor > 0 });
}

export function mailPreferences(db: Database, userId: string): MailPreferences {
  const row = db.query<Row, { userId: string }>('SELECT * FROM mail_settings WHERE user_id = $userId').get({ userId });
  if (!row) return { ...DEFAULTS, lowBalanceMinor: lowBalanceDefault(db) };
  return {
    code_received: row.code_received === 1,
    order_expired: row.order_expired === 1,
    low_balance: row.low_balance === 1,
    rental_ending: row.rental_ending === 1,
    waiting_list: row.waiting_list === 1,
    webhook_disabled: row.webhook_disabled === 1,
    alarms: row.alarms === 1,
    ticket_opened: row.ticket_opened === 1,
    sim_due: row.sim_due === 1,
    codeInMail: row.code_in_mail === 1,
    lowBalanceMinor: row.low_balance_minor,
  };
}

/** Keeps what somebody wants. A new threshold may be told of at once: what was told before was about another one. */
export function setMailPreferences(tx: Tx, userId: string, wanted: MailPreferences): void {
  const bit = (on: boolean): number => (on ? 1 : 0);
  tx.db
    .query(
      `INSERT INTO mail_settings (user_id, code_received, code_in_mail, order_expired, low_balance, low_balance_minor, rental_ending, waiting_list, webhook_disabled, alarms, ticket_opened, sim_due, updated_at_ms)
       VALUES ($userId, $codeReceived, $codeInMail, $orderExpired, $lowBalance, $lowBalanceMinor, $rentalEnding, $waitingList, $webhookDisabled, $alarms, $ticketOpened, $simDue, $now)
       ON CONFLICT (user_id) DO UPDATE SET code_received = excluded.code_received, code_in_mail = excluded.code_in_mail, order_expired = excluded.order_expired,
         low_balance_told = iif(low_balance_minor = excluded.low_balance_minor AND low_balance = excluded.low_balance, low_balance_told, 0),
         low_balance = excluded.low_balance, low_balance_minor = excluded.low_balance_minor, rental_ending = excluded.rental_ending, waiting_list = excluded.waiting_list,
         webhook_disabled = excluded.webhook_disabled, alarms = excluded.alarms, ticket_opened = excluded.ticket_opened, sim_due = excluded.sim_due, updated_at_ms = excluded.updated_at_ms`,
    )
    .run({
      ...{ userId, codeReceived: bit(wanted.code_received), codeInMail: bit(wanted.codeInMail), orderExpired: bit(wanted.order_expired) },
      ...{ lowBalance: bit(wanted.low_balance), lowBalanceMinor: wanted.lowBalanceMinor, rentalEnding: bit(wanted.rental_ending) },
      ...{
        waitingList: bit(wanted.waiting_list),
        webhookDisabled: bit(wanted.webhook_disabled),
        alarms: bit(wanted.alarms),
        ticketOpened: bit(wanted.ticket_opened),
        simDue: bit(wanted.sim_due),
        now: tx.nowMs,
      },
    });
}

/** Turns one kind on or off and leaves the others. */
export function setWanted(tx: Tx, userId: string, kind: SwitchedKind, on: boolean): void {
  setMailPreferences(tx, userId, { ...mailPreferences(tx.db, userId), [kind]: on });
}

/** The active operators who want mails of this kind. */
export function operatorsWanting(db: Database, kind: 'alarms' | 'ticket_opened' | 'sim_due'): string[] {
  const wanting = { alarms: 's.alarms = 1', ticket_opened: 's.ticket_opened = 1', sim_due: 's.sim_due = 1' }[kind];
  return db
    .query<{ id: string }, []>(
      `SELECT u.id FROM users u JOIN mail_settings s ON s.user_id = u.id WHERE u.role = 'operator' AND u.state = 'active' AND ${wanting} ORDER BY u.id`,
    )
    .all()
    .map(({ id }) => id);
}
