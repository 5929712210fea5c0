/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { ModemView } from '../model.ts';
import { attr, Foreign } from '../parts/text.tsx';
import { slotPath } from '../paths.ts';

/** With so many tries perhaps gone the next could be the last but one, or the last: a person has to say how many there are. */
const STATED_FROM = 2;

/** Where a SIM's PIN is typed, there for as long as the SIM asks for it. One attempt; what was typed is neither shown again nor written down. */
export function PinForm({ slot, modem }: { slot: string; modem: ModemView }): JSX.Element {
  if (modem.state !== 'pin_required') return '';
  const { lockedCard } = modem;
  return (
    <section id="pin-entry" class="panel" aria-labelledby="pin-title">
      <h2 id="pin-title">PIN of the SIM</h2>
      <p class="muted">
        It is tried once. A PIN that this card refused before is not sent again unless you tick that it shall. Where it could be the card's
        last try it is not sent at all, since only the PUK would help then. To have it entered by itself, write it under{' '}
        <code>[[modems.sim]]</code> in the configuration.
      </p>
      <form id="pin-form" method="post" action={attr(slotPath(slot, 'pin'))} class="pin-form" autocomplete="off">
        {lockedCard !== null && lockedCard.spent >= STATED_FROM ? <Statement card={lockedCard} /> : null}
        <label for="pin-again">
          <input id="pin-again" name="again" type="checkbox" value="yes" /> Send it even if this card refused this very PIN before. Tick
          this only if the card's PIN was changed to it since: otherwise it costs one more try for nothing.
        </label>
        <div id="pin-line" class="one-line">
          <label for="pin" class="sr-only">
            PIN
          </label>
          <input
            id="pin"
            name="pin"
            type="password"
            inputmode="numeric"
            autocomplete="off"
            required
            minlength={4}
            maxlength={8}
            pattern="[0-9]{4,8}"
            title="4 to 8 digits"
          />
          <button type="submit">Try it once</button>
        </div>
      </form>
    </section>
  );
}

/** The way out for a card of which nobody knows how many tries it has left. */
function Statement({ card }: { card: { iccid: string; spent: number } }): JSX.Element {
  return (
    <fieldset id="pin-statement">
      <legend>Tries left</legend>
      <p>
        <strong>{card.spent}</strong> of the three tries of <Foreign text={card.iccid} /> may be gone: PINs not known to be right were sent
        to it. If this modem does not tell how many are left, nothing more is sent, until one of these:
      </p>
      <ul>
        <li>Open the card in a phone with its PIN. That gives all tries back, and is noticed here as soon as the card is read again.</li>
        <li>Look up in a phone how many tries the card has left, and state it here. Your statement is kept in the audit trail.</li>
      </ul>
      <label for="pin-left">The card has</label>
      <select id="pin-left" name="left">
        <option value="">I do not know</option>
        <option value="2">at least 2 tries left</option>
        <option value="3">3 tries left</option>
      </select>
      <label for="pin-sure">
        <input id="pin-sure" name="sure" type="checkbox" value="yes" /> I looked it up in a phone, with this very card. If it is not so, the
        card may lock itself.
      </label>
      <input id="pin-card" type="hidden" name="card" value={attr(card.iccid)} />
    </fieldset>
  );
}
