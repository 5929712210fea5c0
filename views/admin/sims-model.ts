import type { InventoryRow } from '../../src/sims/inventory.ts';

export const SORTS = ['number', 'country', 'carrier', 'slot', 'message', 'earned', 'due'] as const;
export type SortName = (typeof SORTS)[number];

export interface InventoryFilter {
  /** Within number, ICCID, slot, note or tags. */
  q: string;
  country: string | null;
  carrier: string | null;
  tag: string | null;
  /** Only cards with a day that is near or past. */
  due: boolean;
  show: 'all' | 'selling' | 'paused' | 'away' | 'numberless' | 'locked';
  sort: SortName;
  /** The other way round. */
  reversed: boolean;
}

/** Verbs for many cards at once. */
export const SIM_VERBS = ['pause', 'resume', 'tag', 'untag', 'expires', 'top_up', 'topped_up'] as const;
export type SimVerb = (typeof SIM_VERBS)[number];

export const VERB_WORDS: Record<SimVerb, { label: string; value: 'tag' | 'day' | null }> = {
  pause: { label: 'Pause: take off sale', value: null },
  resume: { label: 'Resume: put on sale', value: null },
  tag: { label: 'Add a tag', value: 'tag' },
  untag: { label: 'Remove a tag', value: 'tag' },
  expires: { label: 'Set the expiry day', value: 'day' },
  top_up: { label: 'Set the next top-up', value: 'day' },
  topped_up: { label: 'Topped up today', value: null },
};

export interface InventoryView {
  nowMs: number;
  currency: string;
  filter: InventoryFilter;
  rows: InventoryRow[];
  total: number;
  page: number;
  pages: number;
  countries: string[];
  carriers: string[];
  tags: string[];
  /** Any card was ever seen. */
  isEmpty: boolean;
  /** What was wrong with the change that was asked for. */
  error: string | null;
  /** Changes of many cards that were made or begun, the newest first. */
  changes: SimChangeLine[];
}

export interface SimChangeLine {
  id: string;
  verb: SimVerb;
  value: string;
  state: 'planned' | 'running' | 'done' | 'undoing' | 'undone';
  email: string;
  createdAtMs: number;
  cards: number;
}

export type ItemOutcome = 'waiting' | 'changed' | 'same' | 'refused' | 'undone' | 'kept';

export interface SimChangeView extends SimChangeLine {
  nowMs: number;
  counts: Record<ItemOutcome, number>;
  /** Some of each outcome. */
  items: { iccid: string; number: string | null; outcome: ItemOutcome; detail: string; before: string; after: string }[];
  itemsMax: number;
}

/** The parameters a filter has in an address. */
export function inventoryQuery(filter: InventoryFilter): Record<string, string | null> {
  return {
    q: filter.q || null,
    country: filter.country,
    carrier: filter.carrier,
    tag: filter.tag,
    due: filter.due ? 'yes' : null,
    show: filter.show === 'all' ? null : filter.show,
    sort: filter.sort === 'number' ? null : filter.sort,
    way: filter.reversed ? 'back' : null,
  };
}
