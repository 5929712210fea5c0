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

type KnownSim = Pick<ModemView, 'iccid' | 'number' | 'country' | 'homeCarrier' | 'simState' | 'rented'>;

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
        <SimField
          form={form}
          name="number"
          label="Number"
          value={modem.number}
          maxlength={20}
          placeholder="+447700900123"
          hint="With + and country code. Emptied: what you set is removed, and what the SIM itself tells counts."
        />
        <SimField
          form={form}
          name="country"
          label="Country"
          value={modem.country}
          maxlength={2}
          placeholder="gb"
          hint="Two letters, ISO 3166-1."
        />
        <SimField
          form={form}
          name="carrier"
          label="Carrier"
          value={modem.homeCarrier}
          maxlength={40}
          placeholder="vodafone"
          hint="Lower-case letters, digits and dashes, as offers name it. Emptied: what the card tells counts."
        />
        <button type="submit" class="secondary">
          Save
        </button>
      </form>
      <SimSwitch modem={modem} back={returnTo} />
    </section>
  );
}

interface SimFieldProps {
  form: FormView;
  name: 'number' | 'country' | 'carrier';
  label: string;
  value: string | null;
  maxlength: number;
  placeholder: string;
  hint: string;
}

/** One fact about a SIM, as it is or as it was typed. */
function SimField({ form, name, label, value, maxlength, placeholder, hint }: SimFieldProps): JSX.Element {
  const isWrong = form.errors[name] !== undefined;
  return (
    <div class="field">
      <label for={`sim-${name}`} safe>
        {label}
      </label>
      <input
        id={`sim-${name}`}
        name={name}
        class="mono"
        maxlength={maxlength}
        autocomplete="off"
        inputmode={name === 'number' ? 'tel' : undefined}
        placeholder={placeholder}
        value={attr(form.values[name] ?? value ?? '')}
        aria-invalid={isWrong ? 'true' : undefined}
        aria-describedby={isWrong ? `${name}-hint ${name}-error` : `${name}-hint`}
      />
      <small id={`${name}-hint`} safe>
        {hint}
      </small>
      <FieldError form={form} name={name} />
    </div>
  );
}
