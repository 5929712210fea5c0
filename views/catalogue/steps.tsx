/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { Counts, Step } from '../../src/catalogue/steps.ts';
import { money } from '../format.ts';
import { Country } from '../parts/marks.tsx';
import { ServiceMark } from '../parts/service-mark.tsx';

/** Prices before and after, one line each, the difference in percent beside. */
export function Steps({
  steps,
  currency,
  names,
}: {
  steps: readonly Step[];
  currency: string;
  names: Readonly<Record<string, string>>;
}): JSX.Element {
  return (
    <section class="step-table" aria-label="Prices before and after" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Offer</th>
            <th scope="col" class="figure">
              Before
            </th>
            <th scope="col" class="figure">
              After
            </th>
            <th scope="col" class="figure">
              Difference
            </th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <StepRow step={step} currency={currency} name={names[step[1]] ?? step[1]} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function StepRow({ step, currency, name }: { step: Step; currency: string; name: string }): JSX.Element {
  const [country, service, carrier, priceBefore, windowBefore, priceAfter, windowAfter] = step;
  return (
    <tr>
      <th scope="row">
        <ServiceMark service={service} name={name} /> <span safe>{name}</span> <Country country={country} />{' '}
        {carrier === '' ? null : (
          <span class="muted" safe>
            {carrier}
          </span>
        )}
      </th>
      <td class="figure mono" safe>
        {termsInWords(priceBefore, windowBefore, windowBefore !== windowAfter, currency)}
      </td>
      <td class="figure mono" safe>
        {termsInWords(priceAfter, windowAfter, windowBefore !== windowAfter, currency)}
      </td>
      <td class="figure mono" safe>
        {difference(priceBefore, priceAfter)}
      </td>
    </tr>
  );
}

function termsInWords(price: number | null, window: number | null, showWindow: boolean, currency: string): string {
  if (price === null) return '–';
  return `${money(price, currency)}${showWindow ? ` · ${window === null ? 'usual window' : `${window} min`}` : ''}`;
}

/** `+11.1 %`; nothing for what is new or goes. */
export function difference(before: number | null, after: number | null): string {
  if (before === null) return 'new';
  if (after === null) return 'removed';
  const percent = Math.round(((after - before) / before) * 1000) / 10;
  return `${percent < 0 ? '−' : percent > 0 ? '+' : '±'}${Math.abs(percent)} %`;
}

/** How many of each kind. */
export function CountsLine({ counts }: { counts: Counts }): JSX.Element {
  return (
    <dl class="facts step-counts">
      {(
        [
          ['New', counts.added],
          ['Changed', counts.changed],
          ['Removed', counts.removed],
          ['Unchanged', counts.unchanged],
        ] as const
      ).map(([word, count]) => (
        <div>
          <dt safe>{word}</dt>
          <dd class="mono">{count}</dd>
        </div>
      ))}
    </dl>
  );
}
