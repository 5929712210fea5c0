import { expect, test } from 'bun:test';
import { HistoryPage } from '../../views/history.tsx';
import * as sample from './sample.ts';

const shown = (changes: Parameters<typeof sample.historyView>[0]): string =>
  String(HistoryPage({ page: sample.pageContext(), view: sample.historyView(changes) }));

test('a search that has not looked at everything says so and leads on with all that was asked', () => {
  const page = shown({
    orders: [],
    filter: { status: 'expired', query: 'gift' },
    nextCursor: 'ord_1',
    searchedToMs: Date.UTC(2026, 4, 3, 10),
  });
  expect(page).toContain('No order matches so far.');
  expect(page).toContain('2026-05-03 10:00:00 UTC');
  expect(page).toContain('Search older orders');
  expect(page).toContain('/dashboard/history?status=expired&amp;q=gift&amp;cursor=ord_1');
});

test('a search that is over says that nothing matches, and a full page leads to older ones', () => {
  const over = shown({ orders: [], filter: { status: null, query: 'gift' } });
  expect(over).toContain('No order matches.');
  expect(over).not.toContain('rel="next"');
  expect(shown({ nextCursor: 'ord_1' })).toMatch(/rel="next"[^>]*>\s*Older\s*</);
});
