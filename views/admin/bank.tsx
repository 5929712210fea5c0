/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { ids } from '../ids.ts';
import { Layout } from '../layout.tsx';
import type { BankView, PageContext } from '../model.ts';
import { paths } from '../paths.ts';
import { isWorking, ModemCard } from './modem-card.tsx';
import { VirtualSms } from './virtual-sms.tsx';

/** The operator's view of every modem, live. */
export function BankPage({ page, view }: { page: PageContext; view: BankView }): JSX.Element {
  return (
    <Layout page={page} title="Modem bank" nowMs={view.nowMs}>
      <h1>Modem bank</h1>
      {view.canSend ? <VirtualSms modems={view.modems} sent={view.sent} /> : null}
      <div hx-get={paths.bankTable} hx-trigger="every 3s" hx-target={`#${ids.bank}`} hx-swap="outerMorph">
        <BankTable view={view} />
      </div>
    </Layout>
  );
}

/** All modems; the answer of /admin/bank/table, merged into the page every 3 s. */
export function BankTable({ view }: { view: Pick<BankView, 'nowMs' | 'modems' | 'counts'> }): JSX.Element {
  const working = view.modems.filter(isWorking).length;
  return (
    <section id={ids.bank} aria-labelledby="bank-title">
      <h2 id="bank-title">
        Modems{' '}
        <span class="count mono" safe>
          {`${working} of ${view.modems.length} ready`}
        </span>
      </h2>
      {view.modems.length === 0 ? (
        <NoModems />
      ) : (
        <div class="modem-grid">
          {view.modems.map((modem) => (
            <ModemCard modem={modem} nowMs={view.nowMs} />
          ))}
        </div>
      )}
      <Counts counts={view.counts} />
    </section>
  );
}

/** What came in and what went wrong since the server started; a failure here is in the log with its reason. */
function Counts({ counts }: { counts: BankView['counts'] }): JSX.Element {
  const rows: [string, number][] = [
    ['SMS parts stored', counts.stored],
    ['Read again', counts.duplicates],
    ['Kept aside', counts.setAside],
    ['Could not be stored at first', counts.failed],
    ['Failed commits', counts.failedCommits],
  ];
  return (
    <section class="panel" aria-labelledby="counts-title">
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
