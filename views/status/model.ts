/** What the status page, its JSON and its feed are made from: figures already counted. */

export type SurfaceName = 'ordering' | 'dashboard' | 'delivery';
/** `unknown`: not checked yet since the start. */
export type SurfaceState = 'operational' | 'degraded' | 'down' | 'maintenance' | 'unknown';

export interface CountsView {
  up: number;
  down: number;
  missing: number;
  excused: number;
  before: number;
  future: number;
}

export interface DayView {
  day: string;
  counts: CountsView;
  percent: number | null;
}

export interface MonthView {
  month: string;
  counts: CountsView;
  percent: number | null;
  budget: { minutes: number; left: number };
}

export interface SurfaceView {
  surface: SurfaceName;
  state: SurfaceState;
  /** Why it is not operational, in plain words, or null. */
  detail: string | null;
  checkedAtMs: number | null;
  latencyMs: number | null;
  /** The newest first. */
  months: MonthView[];
  /** The oldest first, ninety of them. */
  days: DayView[];
}

export interface IncidentView {
  id: string;
  surface: SurfaceName | null;
  isAutomatic: boolean;
  severity: 'minor' | 'major';
  title: string;
  startedAtMs: number;
  endedAtMs: number | null;
  changedAtMs: number;
  /** The newest first. */
  updates: { atMs: number; text: string; isAutomatic: boolean }[];
}

export interface MaintenanceView {
  id: string;
  title: string;
  text: string;
  surfaces: readonly SurfaceName[];
  startsAtMs: number;
  endsAtMs: number;
  announcedAtMs: number;
  changedAtMs: number;
  isCanceled: boolean;
  lateMinutes: number;
}

/** Times from the network (SCTS) to the customer; null where the sample is too small to say. */
export interface DeliveryFigure {
  sample: number;
  medianMs: number | null;
  p95Ms: number | null;
}

export interface StatusView {
  madeAtMs: number;
  /** The first moment of which anything is promised; null before the first record. */
  sinceMs: number | null;
  surfaces: SurfaceView[];
  incidents: IncidentView[];
  maintenance: MaintenanceView[];
  delivery: { days: number; all: DeliveryFigure; countries: (DeliveryFigure & { country: string })[] };
  isVirtual: boolean;
  canMail: boolean;
  /** Minutes that were measured and cannot be written. */
  unwrittenMinutes: number;
}

/** Where the page stands, and whether what it shows is old. */
export interface StatusFrameView {
  /** Of the house itself, without a slash at the end. */
  publicUrl: string;
  /** Why the figures are not newer, or null. */
  stale: string | null;
  nowMs: number;
}

/** One minute by minute day of a surface, in stretches of the same. */
export interface DayDetail {
  surface: SurfaceName;
  counts: CountsView;
  percent: number | null;
  /** Null: of a day so old that only its sum is kept. */
  stretches: { fromMs: number; toMs: number; what: 'down' | 'missing' | 'excused' }[] | null;
}
