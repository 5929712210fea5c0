/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from '@elysiajs/html';
import { Jump } from './admin/jump.tsx';
import { ids } from './ids.ts';
import { Masthead } from './masthead.tsx';
import type { PageContext, Viewer } from './model.ts';
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
          {page.viewer?.role === 'operator' ? <ConsoleAssets /> : null}
          <Head />
        </head>
        <body>
          <a class="skip" href="#main">
            Skip to content
          </a>
          {page.virtualBank ? <VirtualBankLabel viewer={page.viewer} /> : null}
          <Masthead page={page} />
          <main
            id="main"
            class="container"
            tabindex="-1"
            data-now-ms={nowMs}
            data-read-only={page.viewer?.isReadOnly && page.path.startsWith(paths.admin) ? '' : undefined}
          >
            {page.notice ? (
              <p class="notice" role="status" safe>
                {page.notice}
              </p>
            ) : null}
            {page.viewer?.isReadOnly && page.path.startsWith(paths.admin) ? (
              <p class="read-only-note">Read-only: you see everything here and change nothing.</p>
            ) : null}
            {page.mailTrouble === null ? null : <MailTrouble trouble={page.mailTrouble} />}
            {children}
          </main>
          <Footer />
          {page.viewer?.role === 'operator' ? <Jump /> : null}
          <p id={ids.announce} class="sr-only" aria-live="assertive"></p>
        </body>
      </html>
    </>
  );
}

function ConsoleAssets(): JSX.Element {
  return (
    <>
      <link rel="stylesheet" href="/static/console.css" />
      <script src="/static/console.js" defer></script>
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
