/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from '@elysiajs/html';
import { ids } from './ids.ts';
import type { PageContext, Viewer } from './model.ts';
import { Logo } from './parts/marks.tsx';
import { Foreign, Time } from './parts/text.tsx';
import { paths, policyPath } from './paths.ts';

/** What the reader opened, copied or sent stays so when fresh markup is merged into it; htmx would otherwise take these attributes away. */
const HTMX_CONFIG = JSON.stringify({ morphIgnore: ['data-htmx-powered', 'open', 'data-copied', 'data-sent', 'aria-busy'] });

type LayoutProps = PropsWithChildren<{
  page: PageContext;
  title: string;
  /** More elements for the document's head. */
  head?: () => JSX.Element;
  /** Server time, where the page counts down. */
  nowMs?: number;
}>;

/** A whole document: head, label of the virtual bank, menu, notice, the page itself, footer. */
export function Layout({ page, title, head: Head = Nothing, nowMs, children }: LayoutProps): JSX.Element {
  return (
    <>
      <Doctype />
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="htmx-config" content={HTMX_CONFIG} />
          <title safe>{`${title} · SMSPin`}</title>
          <link rel="icon" href="/static/icon.svg" type="image/svg+xml" />
          <link rel="stylesheet" href="/static/pico.css" />
          <link rel="stylesheet" href="/static/site.css" />
          <script src="/static/htmx.js" defer></script>
          <script src="/static/hx-ws.js" defer></script>
          <script src="/static/live.js" defer></script>
          <Head />
        </head>
        <body>
          <a class="skip" href="#main">
            Skip to content
          </a>
          {page.virtualBank ? <VirtualBankLabel viewer={page.viewer} /> : null}
          <Masthead page={page} />
          <main id="main" class="container" tabindex="-1" data-now-ms={nowMs}>
            {page.notice ? (
              <p class="notice" role="status" safe>
                {page.notice}
              </p>
            ) : null}
            {page.mailTrouble === null ? null : <MailTrouble trouble={page.mailTrouble} />}
            {children}
          </main>
          <Footer />
          <p id={ids.announce} class="sr-only" aria-live="assertive"></p>
        </body>
      </html>
    </>
  );
}

function Nothing(): JSX.Element {
  return '';
}

function Doctype(): JSX.Element {
  return '<!doctype html>';
}

function VirtualBankLabel({ viewer }: { viewer: Viewer | null }): JSX.Element {
  return (
    <aside class="virtual-label" aria-label="Virtual bank">
      <p class="container">
        <strong>Virtual bank:</strong> these numbers are not real, and neither is the money.
        {viewer?.role === 'operator' ? (
          <>
            {' '}
            <a href={`${paths.bank}#virtual-sms`}>Send a test SMS</a>
          </>
        ) : null}
      </p>
    </aside>
  );
}

function MailTrouble({ trouble }: { trouble: NonNullable<PageContext['mailTrouble']> }): JSX.Element {
  return (
    <p class="problem" role="status">
      <b>Mail does not leave</b> since <Time atMs={trouble.sinceMs} /> ({trouble.attempts} failed): <Foreign text={trouble.detail} />. What
      waits is kept and tried again. <a href={paths.notifications}>See what waits</a>
    </p>
  );
}

function Masthead({ page }: { page: PageContext }): JSX.Element {
  const menu = menuOf(page);
  // The longest entry the address begins with: /dashboard/history is not the dashboard, /admin/bank/sms is the bank, all of /settings is one.
  const current = menu
    .map(([path]) => path)
    .filter((path) => `${page.path}/`.startsWith(path.startsWith('/settings/') ? '/settings/' : `${path}/`))
    .toSorted((a, b) => b.length - a.length)[0];
  return (
    <header class="masthead">
      <div class="container">
        <a class="brand" href={paths.start}>
          <Logo />
          <span>
            SMS<b>Pin</b>
          </span>
        </a>
        <nav aria-label="Main">
          <ul class="menu">
            {menu.map(([path, label]) => (
              <li>
                <a href={path} aria-current={path === current ? 'page' : undefined}>
                  <span safe>{label}</span>
                  {path === paths.alarms && page.alarmCount > 0 ? <AlarmCount count={page.alarmCount} /> : null}
                  {path === paths.reviews && page.reviewCount > 0 ? <ReviewCount count={page.reviewCount} /> : null}
                  {path === paths.support && page.ticketCount > 0 ? <TicketCount count={page.ticketCount} /> : null}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        {page.viewer ? <Account viewer={page.viewer} /> : null}
      </div>
    </header>
  );
}

function ReviewCount({ count }: { count: number }): JSX.Element {
  return (
    <>
      {' '}
      <span class="count mono" data-review-count={count}>
        {count}
      </span>
      <span class="sr-only"> to decide</span>
    </>
  );
}

function AlarmCount({ count }: { count: number }): JSX.Element {
  return (
    <>
      {' '}
      <span class="count mono" data-alarm-count={count}>
        {count}
      </span>
      <span class="sr-only"> open</span>
    </>
  );
}

function TicketCount({ count }: { count: number }): JSX.Element {
  return (
    <>
      {' '}
      <span class="count mono" data-ticket-count={count}>
        {count}
      </span>
      <span class="sr-only"> to answer</span>
    </>
  );
}

function menuOf({ viewer, canSignUp }: PageContext): [string, string][] {
  if (viewer === null) {
    const signIn: [string, string] = [paths.signIn, 'Sign in'];
    return canSignUp ? [signIn, [paths.signUp, 'Sign up']] : [signIn];
  }
  const customer: [string, string][] = [
    [paths.dashboard, 'Dashboard'],
    [paths.rentals, 'Rentals'],
    [paths.history, 'History'],
    [paths.balance, 'Balance'],
    [paths.settings, 'Settings'],
  ];
  if (viewer.role !== 'operator') return customer;
  return [
    ...customer,
    [paths.alarms, 'Alarms'],
    [paths.bank, 'Modem bank'],
    [paths.reviews, 'Reviews'],
    [paths.unmatched, 'Unmatched'],
    [paths.retired, 'Retired'],
    [paths.rules, 'Rules'],
    [paths.catalogue, 'Catalogue'],
    [paths.adminWaiting, 'Waiting'],
    [paths.rates, 'Rates'],
    [paths.vouchers, 'Vouchers'],
    [paths.adminPayments, 'Payments'],
    [paths.support, 'Support'],
    [paths.adminStatus, 'Status'],
  ];
}

function Account({ viewer }: { viewer: Viewer }): JSX.Element {
  return (
    <form class="account" method="post" action={paths.signOut}>
      <span class="who">
        <bdi safe>{viewer.email}</bdi>
        {viewer.role === 'operator' ? <span class="role">operator</span> : null}
      </span>
      <button type="submit" class="quiet">
        Sign out
      </button>
    </form>
  );
}

function Footer(): JSX.Element {
  return (
    <footer class="foot">
      <div class="container">
        <p>SMSPin receives; it never sends. Use it only for accounts you may open under the service's own rules.</p>
        <p>
          <a href={paths.status}>Status</a> · <a href={policyPath('delivery')}>Delivery</a> · <a href={policyPath('refund')}>Refunds</a> ·{' '}
          <a href={policyPath('terms')}>Terms</a> · <a href={policyPath('privacy')}>Privacy</a> · <a href={paths.contact}>Contact</a> ·{' '}
          <a href={paths.apiDocs}>API documentation</a>
        </p>
      </div>
    </footer>
  );
}
