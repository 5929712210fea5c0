/** The house behind its pages, with what the tests of the rules share. */

import { startSession } from '../../src/accounts/sessions.ts';
import { addUser } from '../../src/accounts/users.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { adminHouse } from '../support/admin-house.ts';
import { seededRandom } from '../support/house.ts';

/** An operator's house with a SIM and an offer for a service nobody wrote rules for. */
export function rulesHouse() {
  const admin = adminHouse();
  const { house } = admin;
  const iccid = house.sim(1);
  house.offer('acme-taxi', 40);
  const anna = house.customer('anna@example.org');
  const order = () =>
    house.write((tx) => placeOrder(tx, house.terms, { userId: anna, country: 'gb', service: 'acme-taxi', maxPriceMinor: null }));
  const text = async (path: string, headers = {}) => (await admin.get(path, headers)).text();
  const secondOperator = () => {
    const user = {
      email: 'second@example.org',
      passwordHash: null,
      role: 'operator' as const,
      state: 'active' as const,
      purpose: null,
      acceptedTerms: true,
    };
    const { id } = house.write((tx) => addUser(tx, seededRandom(11), user));
    return { cookie: `smspin_session=${house.write((tx) => startSession(tx, seededRandom(12), id, 'test'))}`, id };
  };
  const newest = () =>
    house.db
      .query<{ id: string; verdict: string; code: string | null; rule: string; rule_version: string; order_id: string | null }, []>(
        'SELECT id, verdict, code, rule, rule_version, order_id FROM messages ORDER BY arrived_at_ms DESC, id DESC LIMIT 1',
      )
      .get();
  return { ...admin, iccid, anna, order, text, newest, secondOperator };
}

/** The hidden field by which the draft page says what it showed. */
export function seenOn(page: string): string {
  return /name="seen" value="([0-9a-f]{8})"/.exec(page)?.[1] ?? '';
}

/** A house whose operator has begun rules for Acme Taxi. */
export async function withAcme(fields: Record<string, string> = {}) {
  const house = rulesHouse();
  await house.postAndFollow('/admin/rules/new', { name: 'Acme Taxi', slug: '', category: 'rides' });
  if (Object.keys(fields).length > 0)
    await house.postAndFollow('/admin/rules/services/acme-taxi', { name: 'Acme Taxi', category: 'rides', ...fields });
  return house;
}

/** Rules and examples that may be published. */
export const GOOD = {
  templates: 'Fahrt frei mit {code}, gute Reise{any}',
  e0_text: 'Fahrt frei mit 7731, gute Reise wünscht Ihr Team',
  e0_sender: '7123',
  e0_verdict: 'accept',
  e0_code: '7731',
  e1_text: 'Ihre Fahrt kostet 7731 Punkte',
  e1_verdict: 'reject',
};

/** Publishes the draft and gives the page that follows. */
export async function publish(house: Awaited<ReturnType<typeof withAcme>>, note = 'Acme Taxi learns its wording'): Promise<string> {
  const seen = seenOn(await house.text('/admin/rules/draft'));
  return house.postAndFollow('/admin/rules/draft/publish', { note, seen, untried: '1' });
}

/** The fields of a page's editor as a browser would send them back. */
export function formOf(page: string): Record<string, string> {
  const plain = (text: string) =>
    text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&#34;', '"')
      .replaceAll('&quot;', '"')
      .replaceAll('&#x27;', "'")
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');
  const fields: Record<string, string> = {};
  const form = page.slice(page.indexOf('class="rule-fields"'), page.indexOf('Keep in draft'));
  for (const [, name = '', value = ''] of form.matchAll(/<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)<\/textarea>/g))
    fields[name] = plain(value);
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]+)"/.exec(tag)?.[1];
    if (name) fields[name] = plain(/value="([^"]*)"/.exec(tag)?.[1] ?? '');
  }
  for (const [, name = '', options = ''] of form.matchAll(/<select[^>]* name="([^"]+)"[^>]*>(.*?)<\/select>/gs))
    fields[name] = /<option value="([^"]*)" selected/.exec(options)?.[1] ?? '';
  return fields;
}
