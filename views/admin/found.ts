import { type MenuGroup, OPERATOR_MENU } from '../menu.ts';
import { customerPath, deskOrderPath, simPagePath, slotPath, tryMessagePath } from '../paths.ts';

/** One thing that was found. Never a code, a text or a secret: only by what it is known. */
export type Found =
  | { kind: 'customer'; id: string; email: string; state: string }
  | { kind: 'order'; id: string; status: string; service: string; country: string; iccid: string }
  | { kind: 'sim'; iccid: string; number: string | null; country: string | null; slot: string | null; state: string }
  | { kind: 'slot'; slot: string; iccid: string }
  | { kind: 'message'; id: string; iccid: string; storedAtMs: number }
  | { kind: 'rental'; id: string; status: string; number: string; iccid: string };

export interface SearchView {
  nowMs: number;
  query: string;
  found: readonly Found[];
  /** There are more than are shown. */
  isCut: boolean;
}

/** Where each kind of thing is looked at: the one place that knows. */
export function placeOf(found: Found): string {
  switch (found.kind) {
    case 'customer':
      return customerPath(found.id);
    case 'order':
      return deskOrderPath(found.id);
    case 'rental':
    case 'sim':
      return simPagePath(found.iccid);
    case 'slot':
      return slotPath(found.slot);
    case 'message':
      return tryMessagePath(found.id);
  }
}

export const KINDS: readonly { kind: Found['kind']; label: string }[] = [
  { kind: 'sim', label: 'SIMs' },
  { kind: 'slot', label: 'Slots' },
  { kind: 'customer', label: 'Customers' },
  { kind: 'order', label: 'Orders' },
  { kind: 'rental', label: 'Rentals' },
  { kind: 'message', label: 'Messages' },
];

export interface FoundPage {
  path: string;
  label: string;
  group: string;
}

/** The pages of the console whose name or words begin with every word of the query; those whose name does come first. */
export function pagesFor(query: string, menu: readonly MenuGroup[] = OPERATOR_MENU): FoundPage[] {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [];
  const begins = (text: string) => {
    const words = text.toLowerCase().split(/[^a-z0-9]+/);
    return wanted.every((one) => words.some((word) => word.startsWith(one)));
  };
  const all = menu.flatMap(({ label: group, pages }) => pages.map((page) => ({ ...page, group })));
  const named = all.filter(({ label }) => begins(label));
  return [...named, ...all.filter((page) => !named.includes(page) && begins(`${page.label} ${page.group} ${page.words ?? ''}`))].map(
    ({ path, label, group }) => ({ path, label, group }),
  );
}
