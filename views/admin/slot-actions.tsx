/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { FormView, ModemView } from '../model.ts';
import { FieldError, FormError } from '../parts/field.tsx';
import { attr, Foreign } from '../parts/text.tsx';
import { simPagePath, slotPath } from '../paths.ts';
import { SimSwitch } from './modem-card.tsx';
import { SLOT_VERBS, type SlotVerb } from './slot-verbs.ts';

/** One button each, off while the page waits for what one of them began; what interrupts the modem opens a second one first. Works without scripts. */
export function Actions({ slot, modem, isWaiting }: { slot: string; modem: ModemView; isWaiting: boolean }): JSX.Element {
  const isPaused = modem.state === 'paused';
  const fitting = SLOT_VERBS.filter(({ name }) => (name === 'resume' ? isPaused : name === 'pause' ? !isPaused : true));
  return (
    <section class="panel" aria-labelledby="actions-title">
      <h2 id="actions-title">Actions</h2>
      <ul class="verbs">
        {fitting.map((verb) => (
          <li>
            {verb.interrupts ? <Confirmed slot={slot} verb={verb} off={isWaiting} /> : <Plain slot={slot} verb={verb} off={isWaiting} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface VerbProps {
  slot: string;
  verb: SlotVerb;
  off: boolean;
}

function Confirmed({ slot, verb, off }: VerbProps): JSX.Element {
  return (
    <details class="confirm" id={`confirm-${verb.name}`} name="confirm">
      <summary safe>{`${verb.label}…`}</summary>
      <p class="muted" safe>
        {verb.hint}
      </p>
      <VerbForm slot={slot} verb={verb} off={off} label={`${verb.label} now`} />
    </details>
  );
}

function Plain({ slot, verb, off }: VerbProps): JSX.Element {
  return (
    <>
      <VerbForm slot={slot} verb={verb} off={off} label={verb.label} />
      <small safe>{verb.hint}</small>
    </>
  );
}

function VerbForm({ slot, verb, off, label }: VerbProps & { label: string }): JSX.Element {
  return (
    <form method="post" action={attr(slotPath(slot, 'act'))}>
      <button type="submit" name="verb" value={verb.name} class="small secondary outline" disabled={off} safe>
        {label}
      </button>
    </form>
  );
}

type KnownSim = Pick<ModemView, 'iccid' | 'number' | 'country' | 'homeCarrier' | 'simState'>;

/** Number, country and carrier of the SIM, and whether it is for sale. */
export function SimForm({ modem, form, back, slot }: { modem: KnownSim; form: FormView; back?: string; slot?: string }): JSX.Element {
  if (modem.iccid === null || modem.simState === null) return '';
  const returnTo = back ?? slotPath(slot ?? '');
  return (
    <section class="panel" aria-labelledby="sim-title">
      <h2 id="sim-title">SIM</h2>
      <p class="mono">
        <a href={attr(simPagePath(modem.iccid))}>
          <Foreign text={modem.iccid} />
        </a>
      </p>
      <FormError form={form} />
      <form method="post" action={attr(simPagePath(modem.iccid, 'set'))} class="sim-set">
        <input type="hidden" name="back" value={attr(returnTo)} />
        <div class="field">
          <label for="sim-number">Number</label>
          <input
            id="sim-number"
            name="number"
            class="mono"
            maxlength={20}
            autocomplete="off"
            inputmode="tel"
            placeholder="+447700900123"
            value={attr(form.values['number'] ?? modem.number ?? '')}
            aria-invalid={form.errors['number'] ? 'true' : undefined}
            aria-describedby={form.errors['number'] ? 'number-hint number-error' : 'number-hint'}
          />
          <small id="number-hint">With + and country code. Emptied: what you set is removed, and what the SIM itself tells counts.</small>
          <FieldError form={form} name="number" />
        </div>
        <div class="field">
          <label for="sim-country">Country</label>
          <input
            id="sim-country"
            name="country"
            class="mono"
            maxlength={2}
            autocomplete="off"
            placeholder="gb"
            value={attr(form.values['country'] ?? modem.country ?? '')}
            aria-invalid={form.errors['country'] ? 'true' : undefined}
            aria-describedby={form.errors['country'] ? 'country-hint country-error' : 'country-hint'}
          />
          <small id="country-hint">Two letters, ISO 3166-1.</small>
          <FieldError form={form} name="country" />
        </div>
        <div class="field">
          <label for="sim-carrier">Carrier</label>
          <input
            id="sim-carrier"
            name="carrier"
            class="mono"
            maxlength={40}
            autocomplete="off"
            placeholder="vodafone"
            value={attr(form.values['carrier'] ?? modem.homeCarrier ?? '')}
            aria-invalid={form.errors['carrier'] ? 'true' : undefined}
            aria-describedby={form.errors['carrier'] ? 'carrier-hint carrier-error' : 'carrier-hint'}
          />
          <small id="carrier-hint">Lower-case letters, digits and dashes, as offers name it. Emptied: what the card tells counts.</small>
          <FieldError form={form} name="carrier" />
        </div>
        <button type="submit" class="secondary">
          Save
        </button>
      </form>
      <SimSwitch modem={modem} back={returnTo} />
    </section>
  );
}
