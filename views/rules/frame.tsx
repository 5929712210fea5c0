/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from '@elysiajs/html';
import { BankStyle } from '../admin/style.tsx';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { paths } from '../paths.ts';
import type { RulesHeadView } from './model.ts';

type Tab = 'services' | 'try' | 'draft' | 'versions';

const TABS: readonly (readonly [tab: Tab, path: string, label: string])[] = [
  ['services', paths.rules, 'Services'],
  ['try', paths.rulesTry, 'Try an SMS'],
  ['draft', paths.rulesDraft, 'Your draft'],
  ['versions', paths.rulesVersions, 'Versions'],
];

/** What all pages of the rules share: which rules are in force, and the way between the pages. */
export function RulesFrame({
  page,
  view,
  tab,
  title,
  children,
}: PropsWithChildren<{ page: PageContext; view: RulesHeadView; tab: Tab | null; title: string }>): JSX.Element {
  return (
    <Layout page={page} title={title} head={RulesStyle} nowMs={view.nowMs}>
      <h1 safe>{title}</h1>
      <nav class="tabs" aria-label="Rules">
        {TABS.map(([one, path, label]) => (
          <a href={path} aria-current={one === tab ? 'page' : undefined}>
            <span safe>{label}</span>
            {one === 'draft' && view.draftChanged > 0 ? (
              <>
                {' '}
                <span class="count mono">{view.draftChanged}</span>
              </>
            ) : null}
          </a>
        ))}
      </nav>
      <p class="muted rules-in-force">
        <span safe>{view.number === 0 ? 'In force: the rules that come with the program' : `In force: version ${view.number}`}</span>{' '}
        <small class="mono" safe>
          {view.version}
        </small>
      </p>
      {view.problem === null ? null : (
        <p class="problem" role="alert" safe>
          {view.problem}
        </p>
      )}
      {children}
    </Layout>
  );
}

function RulesStyle(): JSX.Element {
  return (
    <>
      <BankStyle />
      <link rel="stylesheet" href="/static/rules.css" />
    </>
  );
}
