/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { paths, rulePath, withQuery } from '../../views/paths.ts';
import { EditorPage } from '../../views/rules/editor.tsx';
import type { PreviewView } from '../../views/rules/model.ts';
import { Preview } from '../../views/rules/preview.tsx';
import type { User } from '../accounts/users.ts';
import { auditReveal } from '../admin/reveals.ts';
import { BUILT_IN } from '../codes/book.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import { dropService, saveDraft } from './drafts.ts';
import { editedOf, editorView, type Typed } from './editing.ts';
import { changeOf, valuesOf } from './form.ts';
import { findPast } from './history.ts';
import type { RuleSources } from './present.ts';
import type { RuleDeps } from './routes.tsx';

/** Every field of the editor: some text. What it says is checked by codes/check.ts, which knows what would be right. */
const RuleForm = type({ '[string]': 'string <= 8000' });
const NO_BODY = type('undefined | null | object');

/** `/admin/rules/services/:slug`: the editor of one service's rules, with its preview. */
export function editorRoutes({ db, door, guard }: RuleDeps, sources: RuleSources) {
  const shown = async (request: Request, user: User, slug: string, typed: Typed, status = 200) => {
    const view = editorView(sources, user.id, slug, typed);
    await reveal(user, view.preview);
    return page(<EditorPage page={pageContext(db, request, user)} view={view} />, { status });
  };
  const reveal = (user: User, { recent }: PreviewView) =>
    auditReveal(door, { userId: user.id, messageIds: recent.map(({ id }) => id), where: 'in the editor of rules' });
  return (
    new Elysia({ prefix: '/services', detail: { hide: true } })
      .use(guard)
      .get(
        '/:slug',
        async ({ request, user, params: { slug }, query }) => {
          const message = query['message'] === undefined ? null : findPast(db, query['message']);
          if (message !== null) await auditReveal(door, { userId: user.id, messageIds: [message.id], where: 'in the editor of rules' });
          const pasted = message === null ? {} : { try_text: message.text, try_sender: message.sender };
          return shown(request, user, slug, { values: { ...valuesOf(editedOf(sources, user.id, slug).rule), ...pasted }, check: false });
        },
        { operator: true },
      )
      // What was posted is answered at its own address, which is then reloaded.
      .get('/:slug/:verb', ({ request, params }) => seeOther(request, rulePath(params.slug)), { operator: true })
      .post(
        '/:slug',
        async ({ request, user, params: { slug }, body }) => {
          const typed: Typed = { values: body, check: true };
          const { rule, problems } = editedOf(sources, user.id, slug, body);
          if (problems.length > 0) return shown(request, user, slug, typed, 422);
          const change = changeOf(rule);
          await door.write((tx) => saveDraft(tx, user.id, slug, Object.keys(change).length === 0 ? null : change));
          return seeOther(request, withQuery(rulePath(slug), { notice: 'rule-kept' }));
        },
        { operator: true, body: RuleForm },
      )
      .post(
        '/:slug/preview',
        async ({ request, user, params: { slug }, body }) => {
          const typed: Typed = { values: body, check: true };
          if (!request.headers.has('hx-request')) return shown(request, user, slug, typed);
          const { preview } = editorView(sources, user.id, slug, typed);
          await reveal(user, preview);
          return page(<Preview view={preview} />);
        },
        { operator: true, body: RuleForm },
      )
      .post(
        '/:slug/with',
        ({ request, user, params: { slug }, body }) => {
          const { try_text = '', try_sender = '' } = body;
          return shown(request, user, slug, {
            values: { ...valuesOf(editedOf(sources, user.id, slug).rule), try_text, try_sender },
            check: false,
          });
        },
        { operator: true, body: RuleForm },
      )
      .post(
        '/:slug/drop',
        async ({ request, user, params: { slug } }) => {
          await door.write((tx) => dropService(tx, user.id, slug));
          return seeOther(request, withQuery(paths.rulesDraft, { notice: 'rule-dropped' }));
        },
        { operator: true, body: NO_BODY },
      )
      .post(
        '/:slug/reset',
        async ({ request, user, params: { slug } }) => {
          editedOf(sources, user.id, slug);
          await door.write((tx) => saveDraft(tx, user.id, slug, null));
          return seeOther(request, withQuery(BUILT_IN.rules.has(slug) ? rulePath(slug) : paths.rulesDraft, { notice: 'rule-reset' }));
        },
        { operator: true, body: NO_BODY },
      )
  );
}
