/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from '@elysiajs/html';
import { agoInWords, numberGrouped } from '../format.ts';
import { modemCardId } from '../ids.ts';
import type { ModemView } from '../model.ts';
import { Country } from '../parts/marks.tsx';
import { attr, Foreign } from '../parts/text.tsx';
import { simPath, slotPath } from '../paths.ts';
import { Trouble } from './alarms.tsx';
import { Signal } from './signal.tsx';
import { needsAttention, REGISTRATIONS, STATES } from './states.ts';
import { Storage } from './storage.tsx';

interface ModemCardProps {
  modem: ModemView;
  nowMs: number;
}

/** One modem of the bank. Strings of the device and the network are strangers' texts too. */
export function ModemCard({ modem, nowMs }: ModemCardProps): JSX.Element {
  const state = STATES[modem.state];
  const id = modemCardId(modem.slot);
  return (
    <article
      id={attr(id)}
      class="panel modem"
      data-state={modem.state}
      data-attention={needsAttention(modem) ? 'yes' : undefined}
      data-iccid={modem.iccid === null ? undefined : attr(modem.iccid)}
      aria-labelledby={attr(`${id}-title`)}
    >
      <header>
        <h3 id={attr(`${id}-title`)} class="mono">
          <a class="modem-link" href={attr(slotPath(modem.slot))} safe>
            {modem.number === null ? 'Number unknown' : numberGrouped(modem.number)}
          </a>
        </h3>
        <span class="badge" data-level={modem.simState === 'paused' ? 'busy' : state.level} safe>
          {modem.simState === 'paused' && state.level === 'good' ? 'Paused' : state.word}
        </span>
      </header>
      <p class="modem-where">
        {modem.country === null ? <span class="muted">country unknown</span> : <Country country={modem.country} />}
        <Signal signalDbm={modem.signalDbm} />
      </p>
      <Trouble modem={modem} nowMs={nowMs} />
      <Facts modem={modem} nowMs={nowMs} />
      {modem.lastError ? (
        <p class="last-error">
          <Foreign text={modem.lastError} />
        </p>
      ) : null}
      <SimSwitch modem={modem} />
    </article>
  );
}

/** The figures of a modem; the slot's page shows them too. */
export function Facts({ modem, nowMs }: ModemCardProps): JSX.Element {
  return (
    <dl class="facts">
      <Fact name="Carrier">
        {modem.carrier === null ? <span class="muted">none</span> : <Foreign text={modem.carrier} />}
        {modem.registration ? <small safe>{[REGISTRATIONS[modem.registration], modem.radio].filter(Boolean).join(' · ')}</small> : null}
      </Fact>
      <Fact name="Storage">{modem.storage === null ? <span class="muted">unknown</span> : <Storage storage={modem.storage} />}</Fact>
      <Fact name="Announced / by sweep">
        <span class="mono" safe>{`${modem.partsByUrc} / ${modem.partsBySweep}`}</span>
      </Fact>
      <Fact name="Last message">
        <span safe>{modem.lastMessageAtMs === null ? 'none yet' : agoInWords(modem.lastMessageAtMs, nowMs)}</span>
      </Fact>
      <Fact name="Open orders">
        <span class="mono">{modem.openOrders}</span>
      </Fact>
      <Fact name="Last round trip">
        <span class="mono" safe>
          {modem.roundTripMs === null ? 'none yet' : `${Math.round(modem.roundTripMs)} ms`}
        </span>
      </Fact>
      <Fact name="Errors">
        <span class="mono">{modem.errors}</span>
      </Fact>
      <Fact name="Disconnects / resets">
        <span class="mono" safe>{`${modem.disconnects} / ${modem.resets}`}</span>
      </Fact>
      <Fact name="Profile">
        <Foreign text={modem.profile ?? 'not known yet'} />
      </Fact>
      <Fact name="Device" wide>
        <Foreign text={[modem.manufacturer, modem.model].filter(Boolean).join(' ') || 'unknown'} />
        <small class="mono">
          <Foreign text={`${modem.port} · IMEI ${modem.imei ?? 'unknown'} · ICCID ${modem.iccid ?? 'unknown'}`} />
        </small>
      </Fact>
    </dl>
  );
}

export function Fact({ name, wide = false, children }: PropsWithChildren<{ name: string; wide?: boolean }>): JSX.Element {
  return (
    <div class={wide ? 'wide' : undefined}>
      <dt safe>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Takes the SIM off sale or puts it back; `back` is the page to return to, the bank by default. */
export function SimSwitch({
  modem,
  back,
}: {
  modem: Pick<ModemView, 'iccid' | 'simState' | 'number' | 'rented'>;
  back?: string;
}): JSX.Element {
  if (modem.iccid === null || modem.simState === null) return '';
  const verb = modem.simState === 'active' ? 'pause' : 'resume';
  return (
    <form method="post" action={attr(simPath(modem.iccid, verb))} class="sim-switch">
      {back === undefined ? null : <input type="hidden" name="back" value={attr(back)} />}
      <button type="submit" class="secondary outline small" aria-label={attr(`${verb} ${modem.number ?? modem.iccid}`)}>
        {verb === 'pause' ? 'Pause' : 'Resume'}
      </button>
      <small class="muted">{verb === 'resume' ? 'Not for sale' : modem.rented ? 'Rented' : 'For sale'}</small>
    </form>
  );
}
