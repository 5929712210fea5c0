import { Database } from 'bun:sqlite';
import type { Planned } from './plan.ts';

export interface Stored {
  iccid: string;
  sender: string;
  text: string;
  live: number;
}

export interface Verdict {
  sent: number;
  exact: number;
  live: number;
  lost: Planned[];
  doubled: Planned[];
  misplaced: Planned[];
  /** Stored messages that hold a token but are nobody's whole text: partial or damaged ones. */
  strays: Stored[];
}

/** Every message the server stored. */
export function readStored(file: string): Stored[] {
  const db = new Database(file, { readonly: true });
  try {
    return db.query<Stored, []>('SELECT iccid, sender, text, live FROM messages').all();
  } finally {
    db.close();
  }
}

/** Holds what was sent against what was stored: each text exactly once, from its sender, under its SIM. */
export function compare(sent: readonly Planned[], stored: readonly Stored[]): Verdict {
  const byToken = Map.groupBy(
    stored.filter(({ text }) => tokenIn(text) !== null),
    ({ text }) => tokenIn(text),
  );
  const verdict: Verdict = { sent: sent.length, exact: 0, live: 0, lost: [], doubled: [], misplaced: [], strays: [] };
  for (const message of sent) {
    const all = byToken.get(message.token) ?? [];
    const whole = all.filter(({ text, sender }) => text === message.text && sender === message.sender);
    verdict.strays.push(...all.filter((one) => !whole.includes(one)));
    if (all.some(({ iccid }) => iccid !== message.iccid)) verdict.misplaced.push(message);
    if (whole.length === 0) verdict.lost.push(message);
    else if (whole.length > 1) verdict.doubled.push(message);
    else verdict.exact++;
    if (whole[0]?.live === 1) verdict.live++;
  }
  return verdict;
}

export function describe(verdict: Verdict): string {
  const { sent, exact, live, lost, doubled, misplaced, strays } = verdict;
  const some = (name: string, all: readonly { token: string; iccid: string }[]) =>
    all.length === 0
      ? []
      : [
          `  ${name}: ${all
            .slice(0, 8)
            .map(({ token, iccid }) => `${token} on ${iccid}`)
            .join(', ')}`,
        ];
  return [
    `stored exactly once: ${exact} of ${sent} (${live} live); lost ${lost.length}, doubled ${doubled.length}, under a wrong SIM ${misplaced.length}, partial leftovers ${strays.length}`,
    ...some('lost', lost),
    ...some('doubled', doubled),
    ...some('misplaced', misplaced),
    ...strays.slice(0, 4).map(({ iccid, text }) => `  leftover on ${iccid}: ${JSON.stringify(text.slice(0, 80))}`),
  ].join('\n');
}

function tokenIn(text: string): string | null {
  return /T\d{6}X/.exec(text)?.[0] ?? null;
}
