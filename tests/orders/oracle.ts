/** Who may see which message, told from what was sent alone: written apart from the matcher, so that the two can disagree. */
import type { House } from '../support/house.ts';

const TOLERANCE_MS = 60_000;
/** The network stamps whole seconds. */
const STAMP_MS = 1000;
const RECENT_MS = 10 * 60_000;

export interface SentSms {
  /** Stands in its text and in no other. */
  token: string;
  iccid: string;
  /** The service it speaks for; null when it names none, `none` when it is no code at all. Several where it can be read in several ways. */
  meant: readonly (string | null)[];
  live: boolean;
  readAtMs: number;
  networkAtMs: number;
}

/** A message with one way to read it. */
type ReadSms = Omit<SentSms, 'meant'> & { meant: string | null; readings: SentSms['meant'] };

export interface Seen {
  userId: string;
  messageId: string;
  text: string;
}

/** Every message that a customer can see, in the lists and in the events of every channel. */
export function seenBy(house: House): Seen[] {
  const rows = house.db.query<Seen, []>('SELECT user_id AS userId, id AS messageId, text FROM messages WHERE user_id IS NOT NULL').all();
  const events = house.db
    .query<{ userId: string; data: string }, []>(
      'SELECT user_id AS userId, data FROM events WHERE order_id IS NOT NULL OR rental_id IS NOT NULL',
    )
    .all();
  for (const { userId, data } of events) {
    const { messages = [] } = JSON.parse(data) as { messages?: { id: string; text: string }[] };
    for (const { id, text } of messages) rows.push({ userId, messageId: id, text });
  }
  return rows;
}

/** An order, or a rental, whose service is null where everything is rented. */
interface Tenancy {
  userId: string;
  service: string | null;
  createdAtMs: number;
  expiresAtMs: number;
  /** With the time for which it waited for a SIM that was away when it ended, or still is: that is written down only when the SIM is back. */
  latestMs: number;
  endedAtMs: number | null;
}

/** A time in which a SIM could not be read. */
export interface Away {
  iccid: string;
  fromMs: number;
  /** Infinite while it lasts. */
  toMs: number;
}

/** How long a window waits at most. */
const WAITS_MS = 20 * 60_000;

function tenanciesOn(house: House, iccid: string, away: readonly Away[]): Tenancy[] {
  const on = away.filter((one) => one.iccid === iccid);
  return plainTenanciesOn(house, iccid).map((tenancy) => {
    const endMs = tenancy.endedAtMs ?? Number.POSITIVE_INFINITY;
    const waits =
      tenancy.kind === 'order' && on.some(({ fromMs, toMs }) => fromMs <= tenancy.expiresAtMs && fromMs < endMs && toMs >= endMs);
    return { ...tenancy, latestMs: tenancy.expiresAtMs + (waits ? WAITS_MS : 0) };
  });
}

function plainTenanciesOn(house: House, iccid: string): (Omit<Tenancy, 'latestMs'> & { kind: string })[] {
  return house.db
    .query<Omit<Tenancy, 'latestMs'> & { kind: string }, { iccid: string }>(
      `SELECT user_id AS userId, service, created_at_ms AS createdAtMs, expires_at_ms AS expiresAtMs, ended_at_ms AS endedAtMs, 'order' AS kind FROM orders WHERE iccid = $iccid
       UNION ALL SELECT user_id, service, starts_at_ms, ends_at_ms, ended_at_ms, 'rental' FROM rentals WHERE iccid = $iccid AND status IN ('active', 'ended')`,
    )
    .all({ iccid });
}

/** Why a customer must not see what was sent, or null. `byOperator`: a person decided between what the rules leave open. */
export function violation(
  sent: ReadSms,
  userId: string,
  house: House,
  { byOperator, quarantineMinutes, away }: { byOperator: boolean; quarantineMinutes: number; away: readonly Away[] },
): string | null {
  const orders = tenanciesOn(house, sent.iccid, away);
  const own = orders.filter((order) => order.userId === userId);
  const others = orders.filter((order) => order.userId !== userId);
  const inTime = own.filter((order) => isInTime(sent, order));
  if (inTime.length === 0) return 'none of their orders was open then';
  const fitting = inTime.filter(({ service }) =>
    service === null ? true : sent.meant === 'none' ? byOperator : sent.meant === null || service === sent.meant || service === 'any',
  );
  if (fitting.length === 0) return `it is of ${sent.meant}`;
  const atMs = placedAt(sent);
  const recentMs = Math.max(RECENT_MS, quarantineMinutes * 60_000);
  const shared = others.some(
    (other) => other.createdAtMs <= atMs - STAMP_MS && (other.endedAtMs ?? Number.POSITIVE_INFINITY) >= atMs - recentMs + STAMP_MS,
  );
  if (sent.meant === null && !byOperator && shared && fitting.every(({ service }) => service !== 'any' && service !== null))
    return 'it names no service, and another customer was near';
  const theirs = others.some(
    (other) => (other.service === sent.meant || other.service === null || sent.meant === null) && contains(other, atMs, STAMP_MS),
  );
  if (theirs && !fitting.some((order) => contains(order, atMs, -STAMP_MS))) return 'it lies in the window of another customer alone';
  const rival = others.some(
    (other) =>
      other.service !== sent.meant &&
      (other.service === null || sent.readings.includes(other.service)) &&
      contains(other, atMs, STAMP_MS) &&
      (!sent.live || (other.endedAtMs ?? Number.POSITIVE_INFINITY) > sent.readAtMs),
  );
  return rival && !byOperator ? 'it is as good for the order of another customer' : null;
}

function placedAt({ live, readAtMs, networkAtMs }: ReadSms): number {
  return live ? readAtMs : networkAtMs;
}

function isInTime(sent: ReadSms, order: Tenancy): boolean {
  const { live, readAtMs, networkAtMs } = sent;
  if (readAtMs > (order.endedAtMs ?? Number.POSITIVE_INFINITY)) return false;
  const near = networkAtMs >= order.createdAtMs - TOLERANCE_MS - STAMP_MS && networkAtMs <= order.latestMs + TOLERANCE_MS;
  if (!live) return near;
  // Read while its order was overdue, it counts by the network's time, of which we are told whole seconds only.
  return readAtMs >= order.createdAtMs && (readAtMs <= order.latestMs || (near && networkAtMs - STAMP_MS < order.latestMs));
}

/** `slackMs` narrows (or, negative, widens) the window: whole seconds cannot tell its edges, and one that is overdue may be settled later. */
function contains({ createdAtMs, expiresAtMs, latestMs, endedAtMs }: Tenancy, atMs: number, slackMs: number): boolean {
  const ends = [slackMs > 0 ? expiresAtMs : latestMs, endedAtMs ?? expiresAtMs];
  return atMs >= createdAtMs + slackMs && atMs <= (slackMs > 0 ? Math.min(...ends) : Math.max(...ends)) - slackMs;
}
