import { whole } from './kinds.ts';

/** Keys of `[exports]`. */
export const EXPORT_KEYS = { keep_hours: whole(1, 8760, 72), account_megabytes: whole(1, 1_000_000, 4096), at_once: whole(1, 16, 2) };
