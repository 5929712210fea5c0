/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { currentPath, type MenuGroup, type MenuPage, menuOf, waitingOf } from './menu.ts';
import type { PageContext, Viewer } from './model.ts';
import { Logo } from './parts/marks.tsx';
import { paths } from './paths.ts';

/** The head of every page: the way home, the menu, who is signed in. */
export function Masthead({ page }: { page: PageContext }): JSX.Element {
  const menu = menuOf(page);
  const grouped = 'groups' in menu;
  return (
    <header class={grouped ? 'masthead console' : 'masthead'}>
      <div class="container">
        <a class="brand" href={paths.start}>
          <Logo />
          <span>
            SMS<b>Pin</b>
          </span>
        </a>
        {grouped ? <SearchLink /> : null}
        <nav aria-label="Main">{grouped ? <Groups groups={menu.groups} page={page} /> : <Entries pages={menu.pages} page={page} />}</nav>
        {page.viewer ? <Account viewer={page.viewer} /> : null}
      </div>
    </header>
  );
}

function Entries({ pages, page }: { pages: readonly MenuPage[]; page: PageContext }): JSX.Element {
  const current = currentPath(pages, page.path);
  return (
    <ul class="menu">
      {pages.map(({ path, label }) => (
        <li>
          <a href={path} aria-current={path === current ? 'page' : undefined}>
            <span safe>{label}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Groups that open one at a time, by mouse and keyboard, without a script; static/console.js only closes them again. */
function Groups({ groups, page }: { groups: readonly MenuGroup[]; page: PageContext }): JSX.Element {
  const current = currentPath(
    groups.flatMap(({ pages }) => pages),
    page.path,
  );
  return (
    <ul class="groups">
      {groups.map((group) => (
        <li>
          <details name="menu">
            <summary data-current={group.pages.some(({ path }) => path === current) ? '' : undefined}>
              <span safe>{group.label}</span>
              {group.pages.map((one) => (
                <Waiting one={one} count={waitingOf(one, page)} />
              ))}
            </summary>
            <ul>
              {group.pages.map((one) => (
                <li>
                  <a href={one.path} aria-current={one.path === current ? 'page' : undefined}>
                    <span safe>{one.label}</span>
                    <WaitingHere one={one} count={waitingOf(one, page)} />
                  </a>
                </li>
              ))}
            </ul>
          </details>
        </li>
      ))}
    </ul>
  );
}

/** What the count beside an entry counts. */
const WAITS = { reviews: 'to decide', tickets: 'to answer', alarms: 'open' } as const;

function Waiting({ one, count }: { one: MenuPage; count: number }): JSX.Element {
  if (count === 0) return '';
  const at = (kind: MenuPage['waiting']) => (one.waiting === kind ? count : undefined);
  return (
    <>
      {' '}
      <span class="count mono" data-review-count={at('reviews')} data-ticket-count={at('tickets')} data-alarm-count={at('alarms')}>
        {count}
      </span>
      <span class="sr-only" safe>
        {` ${WAITS[one.waiting ?? 'tickets']}`}
      </span>
    </>
  );
}

function WaitingHere({ one, count }: { one: MenuPage; count: number }): JSX.Element {
  if (count === 0) return '';
  return (
    <>
      {' '}
      <span class="count mono">{count}</span>
      <span class="sr-only" safe>
        {` ${WAITS[one.waiting ?? 'tickets']}`}
      </span>
    </>
  );
}

function SearchLink(): JSX.Element {
  return (
    <a class="jump" href={paths.search} data-jump aria-keyshortcuts="/ Control+K">
      Search <kbd>/</kbd>
    </a>
  );
}

function Account({ viewer }: { viewer: Viewer }): JSX.Element {
  return (
    <form class="account" method="post" action={paths.signOut}>
      <span class="who">
        <bdi safe>{viewer.email}</bdi>
        {viewer.role === 'operator' ? <span class="role">{viewer.isReadOnly ? 'read-only' : 'operator'}</span> : null}
      </span>
      <button type="submit" class="quiet">
        Sign out
      </button>
    </form>
  );
}
