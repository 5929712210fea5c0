/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { minutesInWords, money, numberGrouped } from './format.ts';
import { Layout } from './layout.tsx';
import type { BalanceView, PageContext } from './model.ts';
import { Country } from './parts/marks.tsx';
import { attr } from './parts/text.tsx';
import { orderPagePath, orderPath, paths } from './paths.ts';

export interface ReuseView {
  orderId: string;
  number: string;
  country: string;
  serviceName: string;
  currency: string;
  /** Null when it is not offered any more. */
  priceMinor: number | null;
  windowMinutes: number | null;
  /** Why it cannot be had now, in plain words; null when it can. */
  whyNot: string | null;
  /** Why the last attempt was refused. */
  problem: string | null;
  balance: BalanceView;
  formKey: string;
}

/** What the number of an earlier order costs now, to confirm: more than what stands here is never paid. */
export function ReusePage({ page, view }: { page: PageContext; view: ReuseView }): JSX.Element {
  const { priceMinor, windowMinutes, currency, balance } = view;
  const price = priceMinor === null ? null : money(priceMinor, currency);
  const shortMinor = (priceMinor ?? 0) - balance.availableMinor;
  return (
    <Layout page={page} title="Use a number again">
      <p class="back">
        <a href={attr(orderPagePath(view.orderId))}>Order</a> · <a href={paths.dashboard}>Dashboard</a>
      </p>
      <h1>Use this number again</h1>
      <section class="panel narrow reuse" aria-labelledby="reuse-number">
        <h2 id="reuse-number" class="mono" safe>
          {numberGrouped(view.number)}
        </h2>
        <p>
          <b safe>{view.serviceName}</b> <Country country={view.country} />
        </p>
        {view.problem === null ? null : (
          <p class="problem" role="alert" safe>
            {view.problem}
          </p>
        )}
        {price === null || windowMinutes === null ? null : (
          <dl class="facts">
            <div>
              <dt>Price now</dt>
              <dd class="mono" safe>
                {price}
              </dd>
            </div>
            <div>
              <dt>Window</dt>
              <dd safe>{minutesInWords(windowMinutes)}</dd>
            </div>
            <div>
              <dt>Balance</dt>
              <dd class="mono" safe>
                {money(balance.availableMinor, currency)}
              </dd>
            </div>
          </dl>
        )}
        {view.whyNot === null && price !== null ? (
          <form method="post" action={attr(orderPath(view.orderId, 'reuse'))}>
            <input type="hidden" name="max_price" value={String(priceMinor)} />
            <input type="hidden" name="idempotency_key" value={attr(view.formKey)} />
            <button type="submit" safe>{`Use it again · ${price}`}</button>
            {shortMinor > 0 ? (
              <p class="hint warn" safe>{`Your balance is ${money(shortMinor, currency)} short of this price.`}</p>
            ) : (
              <p class="hint">Held now, charged only when the code arrives. Never more than this price.</p>
            )}
          </form>
        ) : (
          <p class="empty" safe>
            {view.whyNot ?? ''}
          </p>
        )}
      </section>
    </Layout>
  );
}
