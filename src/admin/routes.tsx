/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { BankPage } from '../../views/admin/bank.tsx';
import { pushBank } from '../../views/admin/bank-push.tsx';
import type { BankFilter, BankView } from '../../views/model.ts';
import { type Guard, sessionToken } from '../accounts/guard.ts';
import { sessionUser } from '../accounts/sessions.ts';
import type { Door } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Troubles } from '../lib/troubles.ts';
import type { InboxCounts } from '../messages/listener.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { troubledWebhooks } from '../webhooks/health.ts';
import { modemViews } from './bank.ts';
import { BankChannel } from './bank-channel.ts';
import type { BankControl } from './control.ts';
import { filterOf } from './present.ts';
import { searchRoutes } from './search-routes.tsx';
import { simRoutes } from './sim-routes.tsx';
import { simsRoutes } from './sims-routes.tsx';
import { slotRoutes } from './slot-routes.tsx';
import { unmatchedRoutes } from './unmatched-routes.tsx';

export type { BankControl } from './control.ts';

export interface HouseCounts extends InboxCounts {
  /** Lines of level error in the log. */
  loggedErrors: number;
}

export interface AdminDeps {
  db: Database;
  door: Door;
  clock: Clock;
  guard: Guard;
  bank: BankControl;
  log: Log;
  troubles: Troubles;
  counts(): HouseCounts;
  terms: OrderTerms;
}

const SmsForm = type({ 'number?': 'string <= 20', 'sender?': 'string <= 40', 'text?': 'string <= 5000' });
const NOTHING_SENT: BankView['sent'] = { values: {}, errors: {}, done: null };

/** `/admin/*`: the modem bank, live, and the pages around it. */
export function adminRoutes(deps: AdminDeps) {
  const { db, door, clock, guard, bank, troubles } = deps;
  const liveView = (filter: BankFilter) => ({
    nowMs: clock.nowMs(),
    modems: modemViews(db, bank.snapshots()),
    troubles: [...troubles.standing()],
    filter,
    counts: {
      ...deps.counts(),
      failedCommits: door.counts.failedCommits,
      historyFailures: troubles.times('history') + troubles.times('history_thinning'),
      alarmWatchFailures: troubles.times('alarm_watch'),
      virtualBankRestarts: troubles.times('virtual_bank'),
    },
    endpoints: troubledWebhooks(db),
  });
  const bankView = (filter: BankFilter, sent: BankView['sent']): BankView => ({
    ...liveView(filter),
    canSend: bank.virtualCount > 0,
    sent,
  });
  const channel = new BankChannel({ view: liveView, log: deps.log });
  return (
    new Elysia({ prefix: '/admin', detail: { hide: true } })
      .use(guard)
      .get(
        '/bank',
        ({ request, user, query }) => {
          const sent = /^\+\d{7,15}$/.exec(query['sent'] ?? '')?.[0];
          const done = { ...NOTHING_SENT, ...(sent === undefined ? {} : { values: { number: sent }, done: `Sent to ${sent}.` }) };
          return page(<BankPage page={pageContext(db, request, user)} view={bankView(filterOf(query), done)} />);
        },
        { operator: true },
      )
      .get('/bank/sms', ({ request }) => seeOther(request, '/admin/bank'), { operator: true })
      .get('/bank/table', ({ query }) => page(pushBank(liveView(filterOf(query)))), { operator: true })
      // Not below /bank: there the upgrade would be taken for the page of a slot of that name.
      .ws('/live', {
        operator: true,
        open: (ws) => {
          const { request, query } = ws.data;
          const token = sessionToken(request) ?? '';
          channel.open(ws.raw, filterOf(query), () => sessionUser(db, token, clock.nowMs())?.role === 'operator');
        },
        close: (ws) => channel.close(ws.raw),
      })
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
          const view = bankView(filterOf({}), { values, errors, done: null });
          return page(<BankPage page={pageContext(db, request, user)} view={view} />, { status: 422 });
        },
        { operator: true, body: SmsForm },
      )
      .use(slotRoutes(deps))
      .use(searchRoutes(deps))
      .use(simRoutes(deps))
      .use(simsRoutes(deps))
      .use(unmatchedRoutes(deps))
  );
}
