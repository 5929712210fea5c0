import type { PriceChange } from '../../src/catalogue/changes.ts';
import type { BadLine } from '../../src/catalogue/price-file.ts';
import type { CatalogueService } from '../../src/catalogue/services.ts';
import type { Counts, Price, Step, StepKind } from '../../src/catalogue/steps.ts';
import type { FormView } from '../model.ts';

export interface Choice {
  slug: string;
  name: string;
}

/** One page of a long list. */
export interface Paged {
  number: number;
  count: number;
}

/** Common to the pages of the catalogue. */
export interface CatalogueHead {
  currency: string;
  /** What was just done, in words, or null. */
  done: string | null;
  /** The change that can be taken back now, or null. */
  undoable: PriceChange | null;
  /** How many changes are to come. */
  scheduled: number;
}

export interface ServicesView extends CatalogueHead {
  services: (CatalogueService & { categoryName: string })[];
  found: number;
  total: number;
  page: Paged;
  filter: { q: string; category: string; show: '' | 'priced' | 'hidden' | 'own' };
  categories: readonly Choice[];
  form: FormView;
  /** Nothing has a price yet. */
  empty: boolean;
}

export interface PriceRowView extends Price {
  serviceName: string;
  hidden: boolean;
  denied: boolean;
}

export interface PricesView extends CatalogueHead {
  rows: PriceRowView[];
  found: number;
  page: Paged;
  filter: { country: string; service: string; serviceName: string };
  countries: readonly string[];
  services: readonly Choice[];
  categories: readonly Choice[];
  windowMinutes: number;
  /** The row that was refused, by country, service and carrier with slashes, with what was typed and what is wrong. */
  refused: { key: string; form: FormView } | null;
  form: FormView;
  many: FormView;
  /** Countries of the SIMs that are here, to begin with. */
  simCountries: readonly string[];
  empty: boolean;
}

export interface FilesView extends CatalogueHead {
  prices: number;
  columns: readonly string[];
  decimals: number;
  example: string;
  octetsMax: number;
  linesMax: number;
  refused: { name: string; bad: readonly BadLine[]; badCount: number; lines: number } | null;
  form: FormView;
}

export interface EffectView {
  counts: Counts;
  /** The first of them. */
  steps: readonly Step[];
  currency: string;
  names: Readonly<Record<string, string>>;
}

export interface RulesView extends CatalogueHead {
  rules: readonly string[];
  effect: EffectView | null;
  form: FormView;
  when: FormView;
  categories: readonly Choice[];
  to: readonly PriceChange[];
  nowMs: number;
}

export interface ChangesView extends CatalogueHead {
  changes: readonly PriceChange[];
  to: readonly PriceChange[];
  nowMs: number;
}

export interface ChangeView extends CatalogueHead {
  change: PriceChange;
  /** Names of the services on this page, by slug. */
  names: Readonly<Record<string, string>>;
  kind: StepKind;
  steps: readonly Step[];
  page: Paged;
  problem: string | null;
  nowMs: number;
}
