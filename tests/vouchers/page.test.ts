import { describe, expect, test } from 'bun:test';
import { listBatches } from '../../src/vouchers/batches.ts';
import { adminHouse } from '../support/admin-house.ts';

const FORM = { count: '3', amount: '2.50', expires: '2027-01-31', note: 'market <b>', form_key: 'form-1' };
const codesOf = (html: string) => [...html.matchAll(/data-voucher-code[^>]*>\s*([0-9A-Z-]{19})\s*</g)].map(([, code]) => code ?? '');

describe('/admin/vouchers', () => {
  test('shows the codes once, on the sheet, and later their ends', async () => {
    const s = adminHouse();
    expect(await (await s.get('/admin/vouchers')).text()).toContain('No vouchers were made yet.');
    const answer = await s.post('/admin/vouchers', FORM);
    const sheet = await answer.text();
    const codes = codesOf(sheet);
    expect([answer.status, codes.length, answer.headers.get('cache-control')]).toEqual([200, 3, 'no-store']);
    expect(sheet).toContain('$2.50');
    expect(sheet).toContain('http://localhost:8080/dashboard/balance');
    const [batch] = listBatches(s.house.db, s.house.clock.nowMs(), { limit: 1, cursor: null });
    const pages = [await (await s.get('/admin/vouchers')).text(), await (await s.get(`/admin/vouchers/${batch?.id}`)).text()];
    for (const html of pages) {
      for (const code of codes) expect(html).not.toContain(code);
      expect(html).toContain('market &lt;b&gt;');
      expect(html).toContain('3 open');
    }
    for (const code of codes) expect(pages[1]).toContain(`…${code.slice(-4)}`);
    expect(s.audit()).toEqual([{ action: 'voucher_batch_created', target: batch?.id ?? '', detail: '3 vouchers of $2.50' }]);
  });

  test('sent twice makes one batch and says that its codes were shown', async () => {
    const s = adminHouse();
    await s.post('/admin/vouchers', FORM);
    const again = await s.post('/admin/vouchers', FORM);
    expect(again.status).toBe(409);
    expect(await again.text()).toContain('This form was sent before');
    expect(listBatches(s.house.db, 0, { limit: 9, cursor: null })).toHaveLength(1);
  });

  test.each([
    [{ count: 'many' }, 'Write how many vouchers'],
    [{ count: '501' }, 'A batch has 1 to 500'],
    [{ amount: '2.505' }, 'Write what each is worth in USD'],
    [{ amount: '0' }, 'The amount is from 1'],
    [{ expires: '2020-01-01' }, 'would have expired already'],
    [{ expires: '2027-02-30' }, 'Write the last day as'],
    [{ note: 'x'.repeat(201) }, 'The note has at most 200'],
  ])('with %j comes back filled in, and says what would be right', async (changes, says) => {
    const s = adminHouse();
    const answer = await s.post('/admin/vouchers', { ...FORM, ...changes });
    const html = await answer.text();
    expect(answer.status).toBe(422);
    expect(html).toContain(says);
    expect(html).toContain(`value="${{ ...FORM, ...changes }.expires}"`);
    expect(listBatches(s.house.db, 0, { limit: 9, cursor: null })).toEqual([]);
  });

  test('revokes one, then the rest, each into the audit', async () => {
    const s = adminHouse();
    await s.post('/admin/vouchers', FORM);
    const [batch] = listBatches(s.house.db, 0, { limit: 1, cursor: null });
    const path = `/admin/vouchers/${batch?.id}`;
    const voucher = /name="voucher" value="(vch_[^"]+)"/.exec(await (await s.get(path)).text())?.[1] ?? '';
    expect(await s.postAndFollow(`${path}/revoke`, { voucher })).toContain('Revoked: what was not redeemed');
    expect(await s.postAndFollow(`${path}/revoke`, {})).toContain('3 revoked');
    expect(await s.postAndFollow(`${path}/revoke`, {})).toContain('Nothing was left to revoke.');
    expect(s.audit().map(({ action }) => action)).toEqual([
      'voucher_batch_created',
      'vouchers_revoked',
      'vouchers_revoked',
      'vouchers_revoked',
    ]);
  });

  test('is for operators alone', async () => {
    const s = adminHouse();
    const cookie = s.signIn('customer');
    expect((await s.get('/admin/vouchers', { cookie })).status).toBe(403);
    expect((await s.post('/admin/vouchers', FORM, { cookie })).status).toBe(403);
    expect((await s.get('/admin/vouchers/vbt_none')).status).toBe(404);
  });
});
