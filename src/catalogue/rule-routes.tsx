/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { EffectView, RulesView } from '../../views/catalogue/model.ts';
import { PriceRulesPage, RulePreview } from '../../views/catalogue/rules.tsx';
import { countryName } from '../../views/format.ts';
import type { FormView } from '../../views/model.ts';
import { paths, priceChangePath, withQuery } from '../../views/paths.ts';
import type { User } from '../accounts/users.ts';
import { serviceName } from '../codes/services.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import { Refusal } from '../lib/errors.ts';
import type { CatalogueDeps } from './admin-routes.ts';
import { CATEGORIES, categoryName } from './categories.ts';
import { keepPlan, PRICES_AUDITED, scheduleChange, scheduledChanges } from './changes.ts';
import { errorsOf, headOf, namesOf, newestEntry } from './head.ts';
import { planRules } from './planning.ts';
import type { PriceRule } from './price-rules.ts';
import { readRule, ruleInWords } from './rule-form.ts';
import { addRule, moveRule, priceRules } from './rule-store.ts';

const Text = 'string <= 200';
const RuleForm = type({
  ...{ 'category?': Text, 'service?': Text, 'country?': Text, 'carrier?': Text, 'change?': Text, 'amount?': Text, 'step?': Text },
});
const MoveForm = type({ 'words?': 'string <= 500' }).or('undefined | null');
const WhenForm = type({ 'at?': 'string <= 40' }).or('undefined | null');
const FIELDS = ['category', 'service', 'country', 'carrier', 'change', 'amount', 'step'] as const;
const NO_FORM: FormView = { values: {}, errors: {} };
const STEPS_SHOWN = 30;
const AHEAD_MS_MAX = 366 * 86_400_000;
const TITLE_CHARACTERS_MAX = 300;

/** `/admin/catalogue/rules`: rules that change many prices, now or at a time. */
export function priceRuleRoutes(deps: CatalogueDeps) {
  const { db, door, clock, guard, terms, schedule } = deps;
  const { currency } = terms;
  const inWords = (rule: PriceRule): string =>
    ruleInWords(rule, currency, { service: (slug) => serviceName(slug, terms.rules()), category: categoryName, country: countryName });
  const titleOf = (rules: readonly PriceRule[]): string => rules.map(inWords).join('; ').slice(0, TITLE_CHARACTERS_MAX);
  const effectOf = async (rules: readonly PriceRule[]): Promise<EffectView> => {
    const { steps, counts } = await planRules(deps, rules);
    const first = steps.slice(0, STEPS_SHOWN);
    return { counts, steps: first, currency, names: namesOf(first, terms) };
  };
  const shown = async (
    request: Request,
    user: User,
    done: string | undefined,
    forms: Partial<Pick<RulesView, 'form' | 'when'>> = {},
    status = 200,
  ) => {
    const rules = priceRules(db);
    const view: RulesView = {
      ...headOf(db, currency, done),
      ...{ rules: rules.map(inWords), effect: rules.length === 0 ? null : await effectOf(rules) },
      ...{ form: NO_FORM, when: NO_FORM, ...forms, categories: CATEGORIES, to: scheduledChanges(db), nowMs: clock.nowMs() },
    };
    return page(<PriceRulesPage page={pageContext(db, request, user)} view={view} />, { status });
  };
  const move = async (request: Request, user: User, at: string, verb: 'up' | 'down' | 'remove', words: string) => {
    await door.write((tx) => moveRule(tx, user.id, /^\d{1,3}$/.test(at) ? Number(at) : -1, verb, words, (rule) => inWords(rule) === words));
    return seeOther(request, paths.priceRules);
  };
  const requireRules = (): PriceRule[] => {
    const rules = priceRules(db);
    if (rules.length === 0) throw new Refusal('prices_changed', 'There are no rules any more: add one first.');
    return rules;
  };

  return new Elysia({ prefix: paths.priceRules, detail: { hide: true } })
    .use(guard)
    .get('', ({ request, user, query }) => shown(request, user, query['done']), { operator: true })
    .post(
      '',
      async ({ request, user, body }) => {
        const values = Object.fromEntries(FIELDS.map((name) => [name, body[name] ?? '']));
        const read = readRule(values, currency);
        if (!read.ok) return shown(request, user, undefined, { form: { values, errors: read.errors } }, 422);
        try {
          await door.write((tx) => addRule(tx, user.id, read.rule, inWords(read.rule)));
        } catch (thrown) {
          const { status, errors } = errorsOf(thrown);
          return shown(request, user, undefined, { form: { values, errors } }, status);
        }
        return seeOther(request, paths.priceRules);
      },
      { operator: true, body: RuleForm },
    )
    .get(
      '/preview',
      async ({ query }) => {
        const values = Object.fromEntries(FIELDS.map((name) => [name, (query[name] ?? '').slice(0, 200)]));
        const read = readRule(values, currency);
        const form = { values, errors: read.ok ? {} : read.errors };
        const effect = read.ok ? await effectOf([read.rule]) : null;
        return page(<RulePreview words={read.ok ? inWords(read.rule) : null} effect={effect} form={form} />);
      },
      { operator: true },
    )
    .post('/:at/up', ({ request, user, params, body }) => move(request, user, params.at, 'up', body?.words ?? ''), {
      ...{ operator: true, body: MoveForm },
    })
    .post('/:at/down', ({ request, user, params, body }) => move(request, user, params.at, 'down', body?.words ?? ''), {
      ...{ operator: true, body: MoveForm },
    })
    .post('/:at/remove', ({ request, user, params, body }) => move(request, user, params.at, 'remove', body?.words ?? ''), {
      ...{ operator: true, body: MoveForm },
    })
    .post(
      '/plan',
      async ({ request, user }) => {
        const rules = requireRules();
        const plan = await planRules(deps, rules);
        const change = { kind: 'rules', title: titleOf(rules), userId: user.id } as const;
        const id = await door.write((tx) => keepPlan(tx, terms.random, change, plan, { rules }));
        return seeOther(request, priceChangePath(id));
      },
      { operator: true },
    )
    .post(
      '/schedule',
      async ({ request, user, body }) => {
        const rules = requireRules();
        const at = (body?.at ?? '').trim();
        const atMs = momentOf(at);
        const nowMs = clock.nowMs();
        if (atMs === null || atMs <= nowMs || atMs > nowMs + AHEAD_MS_MAX) {
          const message = 'Write a day and time in UTC that lies ahead, at most a year, such as 2027-01-31T08:00.';
          return shown(request, user, undefined, { when: { values: { at }, errors: { at: message } } }, 422);
        }
        const change = { kind: 'rules', title: titleOf(rules), userId: user.id } as const;
        await door.write((tx) => scheduleChange(tx, terms.random, change, atMs, rules));
        schedule.look();
        return seeOther(request, withQuery(paths.priceRules, { done: newestEntry(db, PRICES_AUDITED) }));
      },
      { operator: true, body: WhenForm },
    );
}

/** `2027-01-31T08:00` as a browser sends it, in UTC; null for what is none. */
function momentOf(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text)) return null;
  const atMs = Date.parse(`${text.length === 16 ? `${text}:00` : text}Z`);
  return Number.isNaN(atMs) || !new Date(atMs).toISOString().startsWith(text.slice(0, 10)) ? null : atMs;
}
