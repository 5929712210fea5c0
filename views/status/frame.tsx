/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from '@elysiajs/html';
import { Logo } from '../parts/marks.tsx';
import { attr } from '../parts/text.tsx';
import { paths } from '../paths.ts';
import type { StatusFrameView } from './model.ts';

type FrameProps = PropsWithChildren<{ frame: StatusFrameView; title: string; isVirtual: boolean }>;

/**
 * The document of the status pages: the same for everybody and without scripts, so that it can be kept ready, stands under a host name of its own, and needs no database.
 */
export function StatusFrame({ frame, title, isVirtual, children }: FrameProps): JSX.Element {
  return (
    <>
      {'<!doctype html>'}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title safe>{`${title} · SMSPin`}</title>
          <link rel="icon" href="/static/icon.svg" type="image/svg+xml" />
          <link rel="alternate" type="application/atom+xml" title="Status of SMSPin" href={paths.statusAtom} />
          <link rel="stylesheet" href="/static/pico.css" />
          <link rel="stylesheet" href="/static/site.css" />
          <link rel="stylesheet" href="/static/status.css" />
        </head>
        <body class="status">
          <a class="skip" href="#main">
            Skip to content
          </a>
          {isVirtual ? (
            <aside class="virtual-label" aria-label="Virtual bank">
              <p class="container">
                <strong>Virtual bank:</strong> these numbers are not real, and neither is the money.
              </p>
            </aside>
          ) : null}
          <header class="masthead">
            <div class="container">
              <a class="brand" href={attr(`${frame.publicUrl}/`)}>
                <Logo />
                <span>
                  SMS<b>Pin</b>
                </span>
              </a>
              <nav aria-label="Main">
                <ul class="menu">
                  <li>
                    <a href={paths.status} aria-current="page">
                      Status
                    </a>
                  </li>
                  <li>
                    <a href={attr(`${frame.publicUrl}/dashboard`)}>Dashboard</a>
                  </li>
                </ul>
              </nav>
            </div>
          </header>
          <main id="main" class="container" tabindex="-1">
            {frame.stale === null ? null : (
              <p class="problem" role="status" safe>
                {frame.stale}
              </p>
            )}
            {children}
          </main>
          <footer class="foot">
            <div class="container">
              <p>All days, months and times are UTC. Figures are of our own checks.</p>
              <p>
                <a href={paths.statusAtom}>Atom feed</a> · <a href={paths.statusJson}>JSON</a> ·{' '}
                <a href={attr(`${frame.publicUrl}/contact`)}>Contact</a>
              </p>
            </div>
          </footer>
        </body>
      </html>
    </>
  );
}
