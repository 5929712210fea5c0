/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from '@elysiajs/html';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { paths } from '../paths.ts';

/** What a customer sets up once, in the order in which one comes to need it. */
const TABS: readonly [path: string, label: string][] = [
  [paths.notifications, 'Notifications'],
  [paths.keys, 'API keys'],
  [paths.webhooks, 'Webhooks'],
  [paths.exports, 'Exports'],
];

/** A page of the customer's settings: the menu of all of them above its own content. `title` is its only h1. */
export function SettingsFrame(
  props: PropsWithChildren<{
    page: PageContext;
    title: string;
    /** More elements for the document's head. */
    head?: () => JSX.Element;
  }>,
): JSX.Element {
  const { page, title, head, children } = props;
  return (
    <Layout page={page} title={title} {...(head && { head })}>
      <nav class="tabs" aria-label="Settings">
        <ul>
          {TABS.map(([path, label]) => (
            <li>
              <a href={path} aria-current={path === page.path ? 'page' : page.path.startsWith(`${path}/`) ? 'true' : undefined} safe>
                {label}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <h1 safe>{title}</h1>
      {children}
    </Layout>
  );
}
