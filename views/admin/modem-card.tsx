/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from '@elysiajs/html';
import { agoInWords, numberGrouped } from '../format.ts';
import { modemCardId } from '../ids.ts';
import type { ModemView } from '../model.ts';
import { Country } from '../parts/marks.tsx';
import { attr, Foreign } from '../parts/text.tsx';
import { simPath } from '../paths.ts';
import { Signal } from './signal.tsx';

/** What a state means to the operator, and how serious it is. */
const STATES: Record<ModemView['state'], { word: string; level: 'good' | 'busy' | 'bad' }> = {
  opening: { word: 'Opening', level: 'busy' },
  initialising: { word: 'Initialising', level: 'busy' },
  sim_missing: { word: 'No SIM', level: 'bad' },
  paused: { word: 'Paused', level: 'busy' },
  pin_required: { word: 'PIN required', level: 'bad' },
  puk_required: { word: 'PUK required', level: 'bad' },
  sweeping: { word: 'Reading storage', level: 'busy' },
  ready: { word: 'Ready', level: 'good' },
  failed: { word: 'Failed', level: 'bad' },
  gone: { word: 'Unplugged', level: 'bad' },
};

const REGISTRATIONS: Record<NonNullable<ModemView['registration']>, string> = {
  idle: 'not searching',
  home: 'home network',
  searching: 'searching',
  denied: 'registration denied',
  unknown: 'registration unknown',
  roaming: 'roaming',
};

/** True when the modem can receive an SMS now. */
export function isWorking(modem: ModemView): boolean {
  return STATES[modem.state].level === 'good';
}

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
      data-iccid={modem.iccid === null ? undefined : attr(modem.iccid)}
      aria-labelledby={attr(`${id}-title`)}
    >
      <header>
        <h3 id={attr(`${id}-title`)} class="mono" safe>
          {modem.number === null ? 'Number unknown' : numberGrouped(modem.number)}
        </h3>
        <span class="badge" data-level={modem.simState === 'paused' ? 'busy' : state.level} safe>
          {modem.simState === 'paused' && state.level === 'good' ? 'Paused' : state.word}
        </span>
      </header>
      <p class="modem-where">
        {modem.country === null ? <span class="muted">country unknown</span> : <Country country={modem.country} />}
        <Signal signalDbm={modem.signalDbm} />
      </p>
      {modem.detail ? (
        <p class="hint warn">
          <Foreign text={modem.detail} />
        </p>
      ) : null}
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

function Facts({ modem, nowMs }: ModemCardProps): JSX.Element {
  return (
    <dl class="facts">
      <Fact name="Carrier">
        {modem.carrier === null ? <span class="muted">none</span> : <Foreign text={modem.carrier} />}
        {modem.registration ? <small safe>{REGISTRATIONS[modem.registration]}</small> : null}
      </Fact>
      <Fact name="Storage">{modem.storage === null ? <span class="muted">unknown</span> : <Storage storage={modem.storage} />}</Fact>
      <Fact name="Parts by URC / sweep">
        <span class="mono" safe>{`${modem.partsByUrc} / ${modem.partsBySweep}`}</span>
      </Fact>
      <Fact name="Last message">
        <span safe>{modem.lastMessageAtMs === null ? 'none yet' : agoInWords(modem.lastMessageAtMs, nowMs)}</span>
      </Fact>
      <Fact name="Open orders">
        <span class="mono">{modem.openOrders}</span>
      </Fact>
      <Fact name="Errors">
        <span class="mono">{modem.errors}</span>
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

function Fact({ name, wide = false, children }: PropsWithChildren<{ name: string; wide?: boolean }>): JSX.Element {
  return (
    <div class={wide ? 'wide' : undefined}>
      <dt safe>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Storage({ storage }: { storage: NonNullable<ModemView['storage']> }): JSX.Element {
  const { name, used, total } = storage;
  return (
    <>
      <meter min="0" max={Math.max(1, total)} high={Math.max(1, total * 0.8)} value={used} aria-hidden="true"></meter>
      <small class="mono">
        <Foreign text={`${name} ${used}/${total}`} />
      </small>
    </>
  );
}

function SimSwitch({ modem }: { modem: ModemView }): JSX.Element {
  if (modem.iccid === null || modem.simState === null) return '';
  const verb = modem.simState === 'active' ? 'pause' : 'resume';
  return (
    <form method="post" action={attr(simPath(modem.iccid, verb))} class="sim-switch">
      <button type="submit" class="secondary outline small" aria-label={attr(`${verb} ${modem.number ?? modem.iccid}`)}>
        {verb === 'pause' ? 'Pause' : 'Resume'}
      </button>
      <small class="muted">{verb === 'pause' ? 'For sale' : 'Not for sale'}</small>
    </form>
  );
}
