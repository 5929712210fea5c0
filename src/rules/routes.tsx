/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { FormView } from '../../views/model.ts';
import { paths, rulePath } from '../../views/paths.ts';
import { NewRulePage, RuleListPage } from '../../views/rules/list.tsx';
import type { TryView } from '../../views/rules/model.ts';
import { TryPage } from '../../views/rules/try.tsx';
import type { Guard } from '../accounts/guard.ts';
import { auditReveal } from '../admin/reveals.ts';
import { knownService } from '../codes/book.ts';
import { checkRule } from '../codes/check.ts';
import { serviceName, serviceSlug } from '../codes/judge.ts';
import type { Door } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { draftRoutes } from './draft-routes.tsx';
import { draftOf, saveDraft } from './drafts.ts';
import { editorRoutes } from './editor-routes.tsx';
import { changeOf, errorsOf, newRule } from './form.ts';
import { findPast, triedFor } from './history.ts';
import { denyOf, draftBook, explanationView, headView, listView, type RuleSources } from './present.ts';
import type { PublishedRules } from './published.ts';
import { versionRoutes } from './version-routes.tsx';

export interface RuleDeps {
  db: Database;
  door: Door;
  clock: Clock;
  log: Log;
  guard: Guard;
  terms: OrderTerms;
  rules: PublishedRules;
}

type Database = RuleSources['db'];

const TryForm = type({ 'text?': 'string <= 4000', 'sender?': 'string <= 100', 'service?': 'string <= 100', 'alone?': 'string <= 5' });
const NewForm = type({ 'name?': 'string <= 200', 'slug?': 'string <= 100', 'category?': 'string <= 100' });

/** `/admin/rules`: the rules of services, tried on messages, written in drafts, published in versions. */
export function ruleRoutes(deps: RuleDeps) {
  const { db, door, clock, guard, terms, rules } = deps;
  const sources: RuleSources = { db, terms, rules, nowMs: clock.nowMs };
  return new Elysia({ prefix: paths.rules, detail: { hide: true } })
    .use(guard)
    .get(
      '',
      ({ request, user, query }) => {
        const filter = { q: (query['q'] ?? '').slice(0, 60), category: query['category'] ?? '', changed: query['changed'] === '1' };
        const asked = Number(query['page'] ?? '1');
        const view = listView(sources, user.id, filter, Number.isInteger(asked) ? asked : 1);
        return page(<RuleListPage page={pageContext(db, request, user)} view={view} />);
      },
      { operator: true },
    )
    .get(
      '/try',
      async ({ request, user, query }) => {
        const view =
          query['message'] === undefined ? tryView(sources, user.id, {}) : tryStored(sources, user.id, query['message'], query['service']);
        const messageIds = view.messageId === null ? [] : [view.messageId];
        await auditReveal(door, { userId: user.id, messageIds, where: 'explained by the rules' });
        return page(<TryPage page={pageContext(db, request, user)} view={view} />);
      },
      { operator: true },
    )
    .post(
      '/try',
      ({ request, user, body }) => {
        const view = tryView(sources, user.id, body);
        return page(<TryPage page={pageContext(db, request, user)} view={view} />, { status: view.explanation === null ? 422 : 200 });
      },
      { operator: true, body: TryForm },
    )
    .get('/new', ({ request, user }) => newPage(request, user, { values: {}, errors: {} }), { operator: true })
    .post(
      '/new',
      async ({ request, user, body }) => {
        const { name = '', slug: typed = '', category = '' } = body;
        const slug = typed.trim() === '' ? serviceSlug(name) : typed.trim();
        const draft = draftOf(db, user.id);
        const errors: Record<string, string> = {};
        const book = draftBook(draft.changes);
        if (book.bySlug.has(slug)) errors['name'] = `There are rules for ${slug} already: find it in the list.`;
        else {
          const found = errorsOf(checkRule(newRule(slug, name.trim(), category.trim() || 'own'), book));
          // Chosen in the editor, where the kinds stand to choose.
          const denied = found['name']?.includes('Denied as') === true;
          if (found['name'] !== undefined && !denied) errors['name'] = found['name'];
        }
        if (category.length > 30) errors['category'] = 'At most 30 characters.';
        if (Object.keys(errors).length > 0) return newPage(request, user, { values: { name, slug: typed, category }, errors }, 422);
        await door.write((tx) => saveDraft(tx, user.id, slug, changeOf(newRule(slug, name.trim(), category.trim() || 'own'))));
        return seeOther(request, rulePath(slug));
      },
      { operator: true, body: NewForm },
    )
    .use(editorRoutes(deps, sources))
    .use(draftRoutes(deps, sources))
    .use(versionRoutes(deps, sources));

  function newPage(request: Request, user: Parameters<typeof pageContext>[2] & { id: string }, form: FormView, status = 200) {
    const view = { ...headView(sources, draftOf(db, user.id)), form };
    return page(<NewRulePage page={pageContext(db, request, user)} view={view} />, { status });
  }
}

/** A typed SMS, judged by the rules in force; without a text only the form, and with an empty one what is missing. */
function tryView(sources: RuleSources, userId: string, body: typeof TryForm.infer): TryView {
  const { text, sender = '', service = '', alone } = body;
  const values = { text: (text ?? '').replaceAll('\r\n', '\n'), sender, service, alone: text === undefined || alone === '1' ? '1' : '' };
  const empty = text !== undefined && values.text.trim() === '';
  return tried(sources, userId, { values, errors: empty ? { text: 'Paste the text of an SMS.' } : {} }, null);
}

/** A stored message, judged for the order it was for or the first that was open when it came, or for the service that is asked for. */
function tryStored(sources: RuleSources, userId: string, messageId: string, asked: string | undefined): TryView {
  const message = findPast(sources.db, messageId);
  if (message === null) throw new Refusal('not_found', 'There is no message with this id.');
  const { services, service: first, onlyOrder } = triedFor(sources.db, sources.terms, message);
  const service = asked === undefined ? first : serviceSlug(asked);
  const values = { text: message.text, sender: message.sender, service, alone: onlyOrder && services.includes(service) ? '1' : '' };
  const book = sources.rules.current();
  const orders = services.map((slug) => ({ slug, name: serviceName(slug, book), shown: slug === service }));
  return { ...tried(sources, userId, { values, errors: {} }, messageId), orders };
}

function tried(sources: RuleSources, userId: string, form: FormView, messageId: string | null): TryView {
  const { db, rules, terms } = sources;
  const book = rules.current();
  const service = serviceSlug(form.values['service'] ?? '') || 'any';
  const text = form.values['text'] ?? '';
  const input = { text, sender: form.values['sender'] ?? '', service, onlyOrder: form.values['alone'] === '1', deny: denyOf(terms), book };
  const explanation = text.trim() === '' ? null : explanationView(input);
  const draft = draftBook(draftOf(db, userId).changes);
  const ordered = knownService(service, draft);
  const recognised = [...draft.services].find(({ name }) => name === explanation?.recognised);
  const next = ordered ?? recognised ?? null;
  return {
    ...headView(sources, draftOf(db, userId)),
    ...{ form, explanation, messageId, orders: [], services: [...draft.orderable] },
    next: next && { slug: next.slug, name: next.name },
  };
}
