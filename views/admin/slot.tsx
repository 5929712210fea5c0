/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { ids } from '../ids.ts';
import { Layout } from '../layout.tsx';
import type { ModemView, PageContext } from '../model.ts';
import { Elapsed } from '../parts/elapsed.tsx';
import { attr, Foreign } from '../parts/text.tsx';
import { paths, simPagePath, slotPath, withQuery } from '../paths.ts';
import { Trouble } from './alarms.tsx';
import type { SlotNowView, SlotView } from './model.ts';
import { Fact, Facts } from './modem-card.tsx';
import { Audit, Past, PastPager, Result } from './past.tsx';
import { Signal } from './signal.tsx';
import { Actions, SimForm } from './slot-actions.tsx';
import { Console } from './slot-console.tsx';
import { Dialogue } from './slot-dialogue.tsx';
import { Faults } from './slot-faults.tsx';
import { PinForm } from './slot-pin.tsx';
import { SLOT_VERBS } from './slot-verbs.ts';
import { STATES } from './states.ts';
import { BankStyle } from './style.tsx';

/** Everything about one slot, and everything an operator can do with the modem in it. */
export function SlotPage({ page, view }: { page: PageContext; view: SlotView }): JSX.Element {
  const { slot, modem, nowMs } = view;
  return (
    <Layout page={page} title={`Slot ${slot}`} head={view.doing?.asked ? WaitingHead : BankStyle} nowMs={nowMs}>
      <p class="crumbs">
        <a href={paths.bank}>Modem bank</a>
      </p>
      <h1 class="mono slot-title">
        <Foreign text={slot} />
      </h1>
      <Result result={view.result ?? refusedPin(view)} />
      <div
        hx-get={attr(withQuery(slotPath(slot, 'now'), { asked: view.doing?.asked ?? null }))}
        hx-trigger="every 2s"
        hx-target={`#${ids.slotNow}`}
        hx-swap="outerMorph"
      >
        <SlotNow view={view} />
      </div>
      {modem === null ? null : (
        <>
          <div class="slot-columns">
            <Actions slot={slot} modem={modem} isWaiting={view.doing?.asked != null} />
            <SimForm slot={slot} modem={modem} form={view.form} />
          </div>
          <Faults slot={slot} faults={view.faults} />
          <Console slot={slot} answer={view.console} />
        </>
      )}
      <section id="history" class="panel" aria-labelledby="history-title">
        <h2 id="history-title">History of the slot</h2>
        <Past rows={view.history.rows} nowMs={nowMs} link="sim" />
        <PastPager path={slotPath(slot)} nextCursor={view.history.nextCursor} isOlder={view.history.isOlder} />
      </section>
      {modem?.iccid ? (
        <section class="panel" aria-labelledby="sim-history-title">
          <h2 id="sim-history-title">History of the SIM</h2>
          <Past rows={view.simHistory} nowMs={nowMs} link="slot" />
          <p class="pager">
            <a href={attr(simPagePath(modem.iccid))}>All about this SIM</a>
          </p>
        </section>
      ) : null}
      <Audit entries={view.audit} nowMs={nowMs} />
    </Layout>
  );
}

/** Said beside the form and not in it: the form is merged with what is new every 2 s, and keeps what is typed. */
function refusedPin({ form }: SlotView): SlotView['result'] {
  const text = form.errors['pin'];
  return text === undefined ? null : { ok: false, text };
}

/** What changes by itself: state, alarms, figures, the form for a PIN while the SIM asks for it, dialogue; the answer of …/now, merged into the page every 2 s. */
export function SlotNow({ view }: { view: SlotNowView }): JSX.Element {
  const { modem, nowMs } = view;
  return (
    <div id={ids.slotNow}>
      <Progress view={view} />
      {modem === null ? (
        <p class="empty">
          <strong>No modem is in this slot</strong> since the server was started. Below is what happened in it before.
        </p>
      ) : (
        <>
          <Identity modem={modem} nowMs={nowMs} />
          <PinForm slot={view.slot} modem={modem} />
        </>
      )}
      {view.dialogue === null ? null : <Dialogue slot={view.slot} lines={view.dialogue} />}
    </div>
  );
}

/** What goes on in the slot, since when; the page that asked for it is sent to the result by the next look. */
function Progress({ view }: { view: SlotNowView }): JSX.Element {
  const { doing, nowMs } = view;
  if (view.unwritten) {
    return (
      <p class="problem" role="alert">
        It ended, but what came of it could not be written down. Look at the modem and its dialogue below.
      </p>
    );
  }
  if (doing === null) return '';
  const [verb] = SLOT_VERBS.filter(({ name }) => name === doing.verb);
  return (
    <p class="notice progress" role="status" aria-busy="true">
      <span>
        <b safe>{verb?.label ?? doing.verb}</b>: under way for <Elapsed sinceMs={doing.startedAtMs} nowMs={nowMs} />
        {doing.asked === null ? '.' : '. The result appears here by itself.'}
      </span>
    </p>
  );
}

/** Without scripts the page asks again by itself. */
function WaitingHead(): JSX.Element {
  return (
    <>
      <BankStyle />
      <noscript>
        <meta http-equiv="refresh" content="3" />
      </noscript>
    </>
  );
}

function Identity({ modem, nowMs }: { modem: ModemView; nowMs: number }): JSX.Element {
  const state = STATES[modem.state];
  return (
    <section class="panel modem" aria-labelledby="identity-title" data-state={modem.state}>
      <header>
        <h2 id="identity-title">Now</h2>
        <span class="badge" data-level={state.level} safe>
          {state.word}
        </span>
        <Signal signalDbm={modem.signalDbm} />
      </header>
      <Trouble modem={modem} nowMs={nowMs} />
      <Facts modem={modem} nowMs={nowMs} />
      <dl class="facts">
        <Fact name="Firmware">
          <Foreign text={modem.firmware ?? 'unknown'} />
        </Fact>
        <Fact name="Baud rate">
          <span class="mono">{modem.baud ?? 'of no meaning here'}</span>
        </Fact>
      </dl>
      {modem.lastError ? (
        <p class="last-error">
          <Foreign text={modem.lastError} />
        </p>
      ) : null}
    </section>
  );
}
