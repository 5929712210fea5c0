/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { hasFlag } from 'country-flag-icons';
import { countryName, STATUS_WORDS } from '../format.ts';
import type { OrderStatus } from '../model.ts';
import { paths } from '../paths.ts';
import { attr } from './text.tsx';

/** The sign of the house: a SIM card whose contacts are the dots of a PIN. */
export function Logo(): JSX.Element {
  return (
    <svg class="logo" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
      <path class="logo-card" d="M9 2h10.2a4 4 0 0 1 2.8 1.2L27.8 9a4 4 0 0 1 1.2 2.8V25a5 5 0 0 1-5 5H9a5 5 0 0 1-5-5V7a5 5 0 0 1 5-5Z" />
      <g class="logo-dots">
        <circle cx="9.8" cy="20" r="2.1" />
        <circle cx="16.5" cy="20" r="2.1" />
        <circle cx="23.2" cy="20" r="2.1" />
      </g>
    </svg>
  );
}

/** Flag and English name of a country; its letters where there is no flag. */
export function Country({ country }: { country: string }): JSX.Element {
  return (
    <span class="country">
      <Flag country={country} /> <span safe>{countryName(country)}</span>
    </span>
  );
}

/** The flag of a country (http/flags.ts). Its name stands beside it. */
export function Flag({ country }: { country: string }): JSX.Element {
  if (/^[a-z]{2}$/.test(country) && hasFlag(country.toUpperCase())) {
    return <img class="flag" src={`${paths.flags}/${country}.svg`} alt="" width="21" height="14" loading="lazy" />;
  }
  return (
    <span class="cc mono" aria-hidden="true" safe>
      {country.slice(0, 2).toUpperCase()}
    </span>
  );
}

/** The status of an order as a word; the colour only repeats it. */
export function StatusBadge({ status }: { status: OrderStatus }): JSX.Element {
  return (
    <span class="badge" data-status={status} safe>
      {STATUS_WORDS[status]}
    </span>
  );
}

/** A button that puts `value` on the clipboard (static/live.js); `label` says to a screen reader what is copied. */
export function Copy({ value, label, text = 'Copy' }: { value: string; label: string; text?: string }): JSX.Element {
  return (
    <button type="button" class="copy" data-copy={attr(value)} aria-label={attr(label)} safe>
      {text}
    </button>
  );
}
