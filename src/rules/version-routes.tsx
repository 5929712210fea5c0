/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { FormView } from '../../views/model.ts';
import { paths, ruleVersionPath, withQuery } from '../../views/paths.ts';
import type { VersionsView, VersionView } from '../../views/rules/model.ts';
import { VersionPage, VersionsPage } from '../../views/rules/versions.tsx';
import type { User } from '../accounts/users.ts';
import type { RuleChanges } from '../codes/book.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import { Refusal } from '../lib/errors.ts';
import { changesOf, draftOf } from './drafts.ts';
import { diffsOf, headView, type RuleSources, versionRow } from './present.ts';
import type { RuleDeps } from './routes.tsx';
import { findVersion, listVersions, restore } from './versions.ts';

const RestoreForm = type({ 'note?': 'string <= 2000', 'base?': 'string <= 10' });
const NO_FORM: FormView = { values: {}, errors: {} };
const VERSIONS_SHOWN = 100;

/** `/admin/rules/versions`: what was published, and the way back. */
export function versionRoutes({ db, door, guard, rules }: RuleDeps, sources: RuleSources) {
  const listed = (request: Request, user: User, form: FormView, status = 200) =>
    page(<VersionsPage page={pageContext(db, request, user)} view={versionsView(sources, user.id, form)} />, { status });
  const one = (request: Request, user: User, number: number, form: FormView, status = 200) =>
    page(<VersionPage page={pageContext(db, request, user)} view={versionView(sources, user.id, number, form)} />, { status });
  return new Elysia({ prefix: '/versions', detail: { hide: true } })
    .use(guard)
    .get('', ({ request, user }) => listed(request, user, NO_FORM), { operator: true })
    .get('/:number', ({ request, user, params }) => one(request, user, numberOf(params.number), NO_FORM), { operator: true })
    .get('/:number/:verb', ({ request, params }) => seeOther(request, ruleVersionPath(numberOf(params.number))), { operator: true })
    .post(
      '/:number/restore',
      async ({ request, user, params, body }) => {
        const number = numberOf(params.number);
        const { note = '', base = '' } = body;
        const refused = (errors: FormView['errors'], status: number) => {
          const form = { values: { note }, errors };
          return number === 0 ? listed(request, user, form, status) : one(request, user, number, form, status);
        };
        if (note.trim() === '') return refused({ note: 'Say why: the note stands with the version.' }, 422);
        try {
          await door.write((tx) => {
            restore(tx, { operatorId: user.id, base: numberOf(base), note }, number);
            tx.afterCommit(rules.refresh);
          });
        } catch (thrown) {
          if (thrown instanceof Refusal && thrown.type !== 'not_found') return refused({ '': thrown.detail }, thrown.status);
          throw thrown;
        }
        return seeOther(request, withQuery(paths.rulesVersions, { notice: 'rules-restored' }));
      },
      { operator: true, body: RestoreForm },
    );
}

function numberOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Refusal('not_found', 'Versions are numbered; the list has those there are.');
  return Number(text);
}

function versionsView(sources: RuleSources, userId: string, form: FormView): VersionsView {
  const head = headView(sources, draftOf(sources.db, userId));
  return {
    ...head,
    versions: listVersions(sources.db, VERSIONS_SHOWN).map((version) => versionRow(sources.db, version, head.number)),
    form,
  };
}

function versionView(sources: RuleSources, userId: string, number: number, form: FormView): VersionView {
  const { db } = sources;
  const version = findVersion(db, number);
  if (version === null) throw new Refusal('not_found', `There is no version ${number}.`);
  const head = headView(sources, draftOf(db, userId));
  const diffs = diffsOf(changesOf(db, number - 1), JSON.parse(version.changes) as RuleChanges);
  return { ...head, row: versionRow(db, version, head.number), diffs, form };
}
