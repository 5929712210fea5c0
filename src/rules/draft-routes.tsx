/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { FormView } from '../../views/model.ts';
import { paths, withQuery } from '../../views/paths.ts';
import { DraftPage, Rerun } from '../../views/rules/draft.tsx';
import type { DraftView, RerunView } from '../../views/rules/model.ts';
import type { User } from '../accounts/users.ts';
import { writeAudit } from '../admin/audit.ts';
import { auditReveal } from '../admin/reveals.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import { Refusal } from '../lib/errors.ts';
import { changesOf, discardDraft, draftOf, publishDraft, type RuleDraft, rebaseDraft } from './drafts.ts';
import { changeView, diffsOf, draftBook, draftProblems, headView, pastTerms, type RuleSources, trialView } from './present.ts';
import { type Rerun as RerunState, Reruns } from './rerun.ts';
import type { RuleDeps } from './routes.tsx';
import { runTrials, type Trials } from './trials.ts';
import { hashOf, latestVersion } from './versions.ts';

const RerunForm = type({ 'days?': 'string <= 5' });
const PublishForm = type({ 'note?': 'string <= 2000', 'seen?': 'string <= 64', 'untried?': 'string <= 5' });
const NO_BODY = type('undefined | null | object');
const NO_FORM: FormView = { values: {}, errors: {} };
const DAYS_MAX = 3650;

/** `/admin/rules/draft`: what an operator would publish, tried on examples and on what came in before. */
export function draftRoutes({ db, door, clock, log, guard, terms, rules }: RuleDeps, sources: RuleSources) {
  const reruns = new Reruns({ db, clock, log, terms: pastTerms(terms) });
  const shown = async (request: Request, user: User, form: FormView, status = 200, trials: Trials | null = null) => {
    const view = await draftView(sources, user.id, reruns.of(user.id), form, trials ?? (await trialsOfDraft(user.id)));
    await reveal(user, view.rerun);
    return page(<DraftPage page={pageContext(db, request, user)} view={view} />, { status });
  };
  const reveal = (user: User, rerun: RerunView | null) =>
    auditReveal(door, { userId: user.id, messageIds: rerun?.changes.map(({ id }) => id) ?? [], where: 'as changed by a draft of rules' });
  const trialsOfDraft = (userId: string) => {
    const draft = draftOf(db, userId);
    return draft.changed.length === 0 ? { count: 0, failing: [] } : runTrials(draftBook(draft.changes), clock);
  };
  return new Elysia({ prefix: '/draft', detail: { hide: true } })
    .use(guard)
    .onStop(() => reruns.stop())
    .get('', ({ request, user }) => shown(request, user, NO_FORM), { operator: true })
    .get(
      '/rerun',
      async ({ request, user }) => {
        if (!request.headers.has('hx-request')) return seeOther(request, paths.rulesDraft);
        const rerun = rerunView(sources, user.id, reruns.of(user.id));
        await reveal(user, rerun);
        return page(<Rerun rerun={rerun} nowMs={clock.nowMs()} />);
      },
      { operator: true },
    )
    .get('/:verb', ({ request }) => seeOther(request, paths.rulesDraft), { operator: true })
    .post(
      '/rerun',
      async ({ request, user, body }) => {
        const draft = draftOf(db, user.id);
        const days = body.days === undefined || body.days === '' ? null : Number(body.days);
        if (days !== null && !(Number.isInteger(days) && days >= 1 && days <= DAYS_MAX))
          throw new Refusal('validation', `days must be a whole number from 1 to ${DAYS_MAX}, or empty for all time.`);
        if (draft.changed.length === 0) throw new Refusal('rules_fail', 'There is nothing to try: the draft is as the rules in force.');
        void reruns.start(user.id, { json: draft.json, before: rules.current(), after: draftBook(draft.changes), days });
        await door.write((tx) =>
          writeAudit(tx, { userId: user.id, action: 'rules.rerun', target: 'rules', detail: days === null ? 'all time' : `${days} days` }),
        );
        return seeOther(request, `${paths.rulesDraft}#draft-rerun`);
      },
      { operator: true, body: RerunForm },
    )
    .post(
      '/rerun/cancel',
      ({ request, user }) => {
        reruns.cancel(user.id);
        return seeOther(request, `${paths.rulesDraft}#draft-rerun`);
      },
      { operator: true, body: NO_BODY },
    )
    .post(
      '/publish',
      async ({ request, user, body }) => {
        const { note = '', seen = '', untried = '' } = body;
        const draft = draftOf(db, user.id);
        const refused = (errors: FormView['errors'], status: number, trials: Trials | null = null) =>
          shown(request, user, { values: { note, untried }, errors }, status, trials);
        if (seen !== hashOf(draft.json))
          return refused({ '': 'The draft was changed since this page was shown. Look at it again before you publish it.' }, 409);
        if (note.trim() === '') return refused({ note: 'Say in a few words what changes: the note stands with the version.' }, 422);
        const rerun = rerunView(sources, user.id, reruns.of(user.id));
        if (!(rerun?.isFresh === true && rerun.state === 'done') && untried !== '1')
          return refused({ untried: 'Run it on what came in before, or say that you publish without.' }, 422);
        if (draftProblems(draft).length > 0) return refused({ '': 'Something in the rules is not as it must be: see above.' }, 409);
        const trials = await trialsOfDraft(user.id);
        if (trials.failing.length > 0)
          return refused({ '': 'Examples fail: see above what they would become. Mend the rules or the examples.' }, 409, trials);
        try {
          await door.write((tx) => {
            publishDraft(tx, { operatorId: user.id, note, tried: draft.json });
            tx.afterCommit(rules.refresh);
          });
        } catch (thrown) {
          if (thrown instanceof Refusal) return refused({ '': thrown.detail }, thrown.status, trials);
          throw thrown;
        }
        return seeOther(request, withQuery(paths.rulesVersions, { notice: 'rules-published' }));
      },
      { operator: true, body: PublishForm },
    )
    .post(
      '/rebase',
      async ({ request, user }) => {
        const both = await door.write((tx) => rebaseDraft(tx, user.id));
        return seeOther(request, withQuery(paths.rulesDraft, { notice: both.length === 0 ? 'rules-rebased' : 'rules-rebased-both' }));
      },
      { operator: true, body: NO_BODY },
    )
    .post(
      '/discard',
      async ({ request, user }) => {
        reruns.cancel(user.id);
        await door.write((tx) => discardDraft(tx, user.id));
        return seeOther(request, withQuery(paths.rulesDraft, { notice: 'draft-discarded' }));
      },
      { operator: true, body: NO_BODY },
    );
}

async function draftView(
  sources: RuleSources,
  userId: string,
  rerun: RerunState | null,
  form: FormView,
  trials: Trials,
): Promise<DraftView> {
  const { db } = sources;
  const draft = draftOf(db, userId);
  const book = draftBook(draft.changes);
  return {
    ...headView(sources, draft),
    ...{ behind: behindOf(sources, draft), diffs: diffsOf(changesOf(db, draft.base), draft.changes), form, seen: hashOf(draft.json) },
    problems: draftProblems(draft),
    trials: trials.count,
    failing: trials.failing.map((result) => trialView(result, book)),
    rerun: rerunView(sources, userId, rerun),
  };
}

function behindOf({ db }: RuleSources, { isBehind }: RuleDraft): DraftView['behind'] {
  const latest = isBehind ? latestVersion(db) : null;
  return latest && { number: latest.number, email: latest.email, atMs: latest.createdAtMs, note: latest.note };
}

function rerunView({ db, rules }: RuleSources, userId: string, rerun: RerunState | null): RerunView | null {
  if (rerun === null) return null;
  const { changes, json, against, ...rest } = rerun;
  const book = draftBook(draftOf(db, userId).changes);
  const isFresh = json === draftOf(db, userId).json && against === rules.current().version;
  return { ...rest, isFresh, changes: changes.map((change) => changeView(change, book)) };
}
