/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { BankPage, BankTable } from '../../views/admin/bank.tsx';
import { UnmatchedPage } from '../../views/admin/unmatched.tsx';
import type { BankView } from '../../views/model.ts';
import type { Guard } from '../accounts/guard.ts';
import type { Door } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import { cutPage } from '../http/schema.ts';
import type { Clock } from '../lib/clock.ts';
import type { InboxCounts } from '../messages/listener.ts';
import { listSetAside, listUnmatched } from '../messages/messages.ts';
import type { ModemSnapshot } from '../modem/source.ts';
import { setSim } from '../sims/sims.ts';
import { modemViews } from './bank.ts';

/** What the operator's pages may do with the modems. */
export interface BankControl {
  /** How many modems are virtual ones of this server's own: only to those can it send. */
  readonly virtualCount: number;
  snapshots(): readonly ModemSnapshot[];
  /** Puts an SMS into the virtual network; says in plain words why not. */
  sendVirtualSms(sms: {
    number: string;
    sender: string;
    text: string;
  }): Promise<{ ok: true; parts: number } | { ok: false; error: string }>;
}

const SmsForm = type({ 'number?': 'string <= 20', 'sender?': 'string <= 40', 'text?': 'string <= 5000' });
const UNMATCHED_PAGE = 50;

/** `/admin/*`: the modem bank and the messages nobody got. */
export function adminRoutes(deps: { db: Database; door: Door; clock: Clock; guard: Guard; bank: BankControl; counts(): InboxCounts }) {
  const { db, door, clock, guard, bank } = deps;
  const bankView = (sent: BankView['sent']): BankView => ({
    nowMs: clock.nowMs(),
    modems: modemViews(db, bank.snapshots()),
    counts: { ...deps.counts(), failedCommits: door.counts.failedCommits },
    canSend: bank.virtualCount > 0,
    sent,
  });
  const nothingSent: BankView['sent'] = { values: {}, errors: {}, done: null };
  const setState = (state: 'active' | 'paused') => async (iccid: string, request: Request) => {
    await door.write((tx) => setSim(tx, iccid, { state }));
    return seeOther(request, `/admin/bank?notice=${state === 'paused' ? 'paused' : 'resumed'}`);
  };
  const pause = setState('paused');
  const resume = setState('active');
  return new Elysia({ prefix: '/admin', detail: { hide: true } })
    .use(guard)
    .get('/', ({ request }) => seeOther(request, '/admin/bank'), { operator: true })
    .get(
      '/bank',
      ({ request, user, query }) => {
        const sent = /^\+\d{7,15}$/.exec(query['sent'] ?? '')?.[0];
        const view = bankView({ ...nothingSent, ...(sent === undefined ? {} : { values: { number: sent }, done: `Sent to ${sent}.` }) });
        return page(<BankPage page={pageContext(db, request, user)} view={view} />);
      },
      { operator: true },
    )
    .get('/bank/sms', ({ request }) => seeOther(request, '/admin/bank'), { operator: true })
    .get('/bank/table', () => page(<BankTable view={bankView(nothingSent)} />), { operator: true })
    .post(
      '/bank/sms',
      async ({ request, user, body }) => {
        const { number = '', sender = '', text = '' } = body;
        const values = { number, sender, text };
        const errors: Record<string, string> = {};
        if (number === '') errors['number'] = 'Choose a virtual number.';
        if (!/^(\+?\d{3,20}|.{1,11})$/u.test(sender.trim()))
          errors['sender'] = 'Type a name of at most 11 characters, such as Telegram, or a number, such as +447700900999.';
        if (text === '') errors['text'] = 'Type the text of the SMS.';
        const sent = Object.keys(errors).length === 0 ? await bank.sendVirtualSms({ number, sender: sender.trim(), text }) : null;
        if (sent?.ok === false) errors[''] = sent.error;
        // See other: a reload must not send it again.
        if (sent?.ok === true) return seeOther(request, `/admin/bank?sent=${encodeURIComponent(number)}`);
        return page(<BankPage page={pageContext(db, request, user)} view={bankView({ values, errors, done: null })} />, { status: 422 });
      },
      { operator: true, body: SmsForm },
    )
    .post('/sims/:iccid/pause', ({ params, request }) => pause(params.iccid, request), { operator: true })
    .post('/sims/:iccid/resume', ({ params, request }) => resume(params.iccid, request), { operator: true })
    .get(
      '/unmatched',
      ({ request, user, query }) => {
        const { rows, nextCursor } = cutPage(
          listUnmatched(db, { limit: UNMATCHED_PAGE + 1, cursor: query['cursor'] ?? null }),
          UNMATCHED_PAGE,
        );
        const view = {
          nowMs: clock.nowMs(),
          messages: rows.map(({ storedAtMs, ...message }) => ({ ...message, receivedAtMs: storedAtMs })),
          undecodable: listSetAside(db, UNMATCHED_PAGE).map((part) => ({
            id: String(part.id),
            iccid: part.iccid,
            pdu: part.pdu,
            error: part.reason,
            receivedAtMs: part.storedAtMs,
          })),
          nextCursor,
        };
        return page(<UnmatchedPage page={pageContext(db, request, user)} view={view} />);
      },
      { operator: true },
    );
}
