/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { ids } from '../ids.ts';
import { Layout } from '../layout.tsx';
import type { BankFilter, BankView, ModemView, PageContext } from '../model.ts';
import { attr } from '../parts/text.tsx';
import { paths, withQuery } from '../paths.ts';
import { SOCKET } from '../socket.ts';
import { Alarms } from './alarms.tsx';
import { ModemCard } from './modem-card.tsx';
import { ModemTile } from './modem-tile.tsx';
import { filtered, filterQuery, isWorking, needsAttention } from './states.ts';
import { BankStyle } from './style.tsx';
import { VirtualSms } from './virtual-sms.tsx';

export type LiveBankView = Pick<BankView, 'nowMs' | 'modems' | 'troubles' | 'counts' | 'endpoints' | 'filter'>;

/** The operator's view of every modem, live: the socket pushes what changed, and while it is down the page asks every 3 s. */
export function BankPage({ page, view }: { page: PageContext; view: BankView }): JSX.Element {
  const query = filterQuery(view.filter);
  return (
    <Layout page={page} title="Modem bank" head={BankStyle} nowMs={view.nowMs}>
      <div class="dash-head">
        <h1>Modem bank</h1>
        <noscript>
          <p class="connection">
            <a href={attr(withQuery(paths.bank, query))}>Look again</a>
          </p>
        </noscript>
        <p id={ids.connection} class="connection" role="status" data-connection="connecting">
          connecting
        </p>
      </div>
      {view.canSend ? <VirtualSms modems={view.modems} sent={view.sent} /> : null}
      <div
        hx-ws:connect={attr(withQuery(paths.bankLive, query))}
        hx-config={SOCKET}
        data-poll={attr(withQuery(paths.bankTable, query))}
        data-page={attr(withQuery(paths.bank, query))}
      >
        <BankTable view={view} />
      </div>
    </Layout>
  );
}

/** All modems the filter leaves, with the counts above. */
export function BankTable({ view }: { view: LiveBankView }): JSX.Element {
  const { shown, tiles } = filtered(view.modems, view.filter);
  return (
    <section id={ids.bank} aria-labelledby="bank-title">
      <BankHead view={view} />
      <HouseTroubles view={view} />
      {view.modems.length === 0 ? (
        <NoModems />
      ) : shown.length === 0 ? (
        <p class="empty">
          <strong>{view.filter.show === 'attention' ? 'Nothing needs attention.' : 'No modem is ready.'}</strong>
        </p>
      ) : (
        <div class={tiles ? 'modem-grid tiles' : 'modem-grid'}>
          {shown.map((modem) => (
            <Modem modem={modem} tiles={tiles} nowMs={view.nowMs} />
          ))}
        </div>
      )}
      <Counts view={view} />
    </section>
  );
}

/** One modem as a card or a tile; both have the same id, under which it is pushed alone. */
export function Modem({ modem, tiles, nowMs }: { modem: ModemView; tiles: boolean; nowMs: number }): JSX.Element {
  return tiles ? <ModemTile modem={modem} /> : <ModemCard modem={modem} nowMs={nowMs} />;
}

/** How many there are of which, each a link to them alone. */
export function BankHead({ view }: { view: LiveBankView }): JSX.Element {
  const { modems, filter } = view;
  const { tiles } = filtered(modems, filter);
  const attention = modems.filter(needsAttention).length;
  const working = modems.filter(isWorking).length;
  return (
    <div id={ids.bankHead} class="bank-head">
      <h2 id="bank-title">
        Modems{' '}
        <span class="count mono" safe>
          {`${working} of ${modems.length} ready`}
        </span>
      </h2>
      <nav class="bank-filter" aria-label="Which modems">
        <FilterLink filter={filter} to={{ ...filter, show: 'all' }} label={`All ${modems.length}`} />
        <FilterLink filter={filter} to={{ ...filter, show: 'attention' }} label={`Needs attention ${attention}`} />
        <FilterLink filter={filter} to={{ ...filter, show: 'ready' }} label={`Ready ${working}`} />
        <a class="chip-link" href={attr(withQuery(paths.bank, filterQuery({ ...filter, tiles: !tiles })))}>
          {tiles ? 'Show cards' : 'Show tiles'}
        </a>
      </nav>
      <p class="sr-only" role="status" safe>
        {attention === 0
          ? 'No modem needs attention.'
          : attention === 1
            ? '1 modem needs attention.'
            : `${attention} modems need attention.`}
      </p>
    </div>
  );
}

function FilterLink({ filter, to, label }: { filter: BankFilter; to: BankFilter; label: string }): JSX.Element {
  return (
    <a
      class="chip-link"
      data-show={to.show}
      href={attr(withQuery(paths.bank, filterQuery(to)))}
      aria-current={to.show === filter.show ? 'true' : undefined}
      safe
    >
      {label}
    </a>
  );
}

/** What fails in the house itself; always there, so that it can be pushed alone. */
export function HouseTroubles({ view }: { view: LiveBankView }): JSX.Element {
  return (
    <div id={ids.bankTroubles} class="troubles" role="status">
      <Alarms alarms={view.troubles} nowMs={view.nowMs} label="Trouble in the background" />
    </div>
  );
}

/** What came in and what went wrong since the server started; a failure here is in the log with its reason. */
export function Counts({ view: { counts, endpoints } }: { view: Pick<BankView, 'counts' | 'endpoints'> }): JSX.Element {
  const rows: [string, number][] = [
    ['SMS parts stored', counts.stored],
    ['Read again', counts.duplicates],
    ['Kept aside', counts.setAside],
    ['Could not be stored at first', counts.failed],
    ['Failed commits', counts.failedCommits],
    ['History not written', counts.historyFailures],
    ['Watch for alarms failed', counts.alarmWatchFailures],
    ['Virtual bank died', counts.virtualBankRestarts],
    ['Errors in the log', counts.loggedErrors],
    ['Webhook endpoints failing now', endpoints.failing],
    ['Webhook endpoints switched off', endpoints.disabled],
  ];
  return (
    <section id={ids.bankCounts} class="panel" aria-labelledby="counts-title">
      <h3 id="counts-title">Since the start of the server</h3>
      <dl class="facts">
        {rows.map(([name, count]) => (
          <div>
            <dt safe>{name}</dt>
            <dd class="mono">{count}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function NoModems(): JSX.Element {
  return (
    <div class="empty">
      <p>
        <strong>No modem yet.</strong> Put a SIM into a USB modem and plug it in: with <code>discover = true</code> it appears here within
        seconds, without a restart.
      </p>
      <p>
        Does it not show up? Name its port in <code>smspin.toml</code>:
      </p>
      <pre>
        <code>{'[modems]\nports = ["/dev/ttyUSB*"]'}</code>
      </pre>
      <p>
        The log says of each port why it was taken or not. The user running SMSPin needs read and write access to the port, as a rule by
        membership of the group <code>dialout</code>. Without hardware, <code>virtual = 8</code> brings up eight virtual modems.
      </p>
    </div>
  );
}
