/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { countryName, numberGrouped } from '../format.ts';
import type { BankView, ModemView } from '../model.ts';
import { Field, FieldError, FormError } from '../parts/field.tsx';
import { attr } from '../parts/text.tsx';
import { paths } from '../paths.ts';

/** Examples to start from: what services write, and one that must not pass. */
const EXAMPLES = [
  { name: 'Telegram', sender: 'Telegram', text: 'Telegram code: 48213' },
  { name: 'WhatsApp', sender: 'WhatsApp', text: "Your WhatsApp code is 739-204. Don't share this code with others." },
  { name: 'Google', sender: 'Google', text: 'G-482913 is your Google verification code.' },
  { name: 'No code', sender: '+447700900999', text: 'Your parcel arrives today between 10 and 12.' },
];

/** Sends an SMS from the emulated network to a virtual number. Posts `number`, `sender`, `text` to /admin/bank/sms. */
export function VirtualSms({ modems, sent }: { modems: ModemView[]; sent: BankView['sent'] }): JSX.Element {
  const numbers = modems.flatMap((modem) => (modem.virtual && modem.number !== null ? [{ number: modem.number, modem }] : []));
  if (numbers.length === 0) return '';
  return (
    <section id="virtual-sms" class="panel" aria-labelledby="virtual-sms-title">
      <h2 id="virtual-sms-title">Send a test SMS</h2>
      <p class="muted">It reaches a virtual modem as a real one would: as a PDU on its serial line.</p>
      {sent.done ? (
        <p class="notice" role="status" safe>
          {sent.done}
        </p>
      ) : null}
      <FormError form={sent} />
      <form method="post" action={paths.virtualSms} class="virtual-sms">
        <div class="field">
          <label for="number">To</label>
          <select id="number" name="number" required>
            {numbers.map(({ number, modem }) => (
              <option value={attr(number)} selected={sent.values['number'] === number} safe>
                {numberGrouped(number) +
                  (modem.country ? ` · ${countryName(modem.country)}` : '') +
                  (modem.openOrders > 0 ? ' · open order' : '') +
                  (modem.rented ? ' · rented' : '')}
              </option>
            ))}
          </select>
          <FieldError form={sent} name="number" />
        </div>
        <Field
          form={sent}
          name="sender"
          label="From"
          hint="A name of at most 11 characters, or a number."
          maxlength={20}
          autocomplete="off"
        />
        <div class="field text-field">
          <label for="text">Text</label>
          <textarea id="text" name="text" rows="3" required maxlength={1500} aria-invalid={sent.errors['text'] ? 'true' : undefined} safe>
            {sent.values['text'] ?? ''}
          </textarea>
          <FieldError form={sent} name="text" />
        </div>
        <Examples />
        <button type="submit">Send</button>
      </form>
    </section>
  );
}

function Examples(): JSX.Element {
  return (
    <fieldset class="examples">
      <legend>Examples</legend>
      {EXAMPLES.map((example) => (
        <button type="button" class="chip" data-fill-sender={attr(example.sender)} data-fill-text={attr(example.text)} safe>
          {example.name}
        </button>
      ))}
    </fieldset>
  );
}
