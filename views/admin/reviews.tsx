/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { attr } from '../parts/text.tsx';
import { paths, withQuery } from '../paths.ts';
import { Audit } from './past.tsx';
import { ReviewItem } from './review-item.tsx';
import type { ReviewItemView, ReviewListView, ReviewPageView } from './review-model.ts';
import { BankStyle } from './style.tsx';

/** Messages the rules are not sure about: what waits for the operator, what was not decided in time, what was decided. */
export function ReviewsPage({ page, view }: { page: PageContext; view: ReviewListView }): JSX.Element {
  return (
    <Layout page={page} title="Reviews" head={BankStyle} nowMs={view.nowMs}>
      <h1>Reviews</h1>
      <ReviewTabs current="open" counts={view.counts} />
      <section aria-labelledby="open-title">
        <h2 id="open-title">To decide</h2>
        {view.open.length === 0 ? (
          <p class="empty">
            <strong>Nothing to decide.</strong> A message that the rules are not sure about comes here while its order is open.
          </p>
        ) : (
          <Items items={view.open} view={view} />
        )}
      </section>
      {view.late.length === 0 ? null : (
        <section aria-labelledby="late-title">
          <h2 id="late-title">Too late</h2>
          <p class="muted">The orders ended before anybody decided; what was not delivered was refunded.</p>
          <Items items={view.late} view={view} />
        </section>
      )}
      {view.decided.length === 0 ? null : (
        <section aria-labelledby="decided-title">
          <h2 id="decided-title">Decided</h2>
          <Items items={view.decided} view={view} />
        </section>
      )}
      <Services services={view.services} />
    </Layout>
  );
}

/** One message and what may be done with it, also one that is on no list. */
export function ReviewPage({ page, view }: { page: PageContext; view: ReviewPageView }): JSX.Element {
  return (
    <Layout page={page} title="Message" head={BankStyle} nowMs={view.nowMs}>
      <p class="crumbs">
        <a href={paths.reviews}>Reviews</a>
      </p>
      <h1>Message</h1>
      {view.problem === null ? null : (
        <p class="problem" role="alert" safe>
          {view.problem}
        </p>
      )}
      <ul class="history">
        <ReviewItem item={view.item} nowMs={view.nowMs} alone />
      </ul>
      <Audit entries={view.audit} nowMs={view.nowMs} />
      <Services services={view.services} />
    </Layout>
  );
}

/** The two lists of the page, as links. */
export function ReviewTabs({ current, counts }: { current: 'open' | 'reported'; counts: ReviewListView['counts'] }): JSX.Element {
  return (
    <nav class="tabs" aria-label="Lists">
      <a href={paths.reviews} aria-current={current === 'open' ? 'page' : undefined}>
        Not sure <span class="count mono">{counts.open}</span>
      </a>
      <a href={withQuery(paths.reviews, { tab: 'reported' })} aria-current={current === 'reported' ? 'page' : undefined}>
        Reported by customers <span class="count mono">{counts.reported}</span>
      </a>
    </nav>
  );
}

function Items({ items, view }: { items: readonly ReviewItemView[]; view: ReviewListView }): JSX.Element {
  return (
    <ul class="history">
      {items.map((item) => (
        <ReviewItem item={item} nowMs={view.nowMs} />
      ))}
    </ul>
  );
}

/** What the fields for a service propose, once for all of them. */
function Services({ services }: { services: ReviewListView['services'] }): JSX.Element {
  return (
    <datalist id="services">
      {services.map(({ slug, name }) => (
        <option value={attr(slug)} safe>
          {name}
        </option>
      ))}
    </datalist>
  );
}
