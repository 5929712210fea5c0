import type { Shadow } from './normalise.ts';
import type { Span } from './phrases.ts';
import templateRules from './rules/templates.json' with { type: 'json' };
import { fitTemplate, type Template, templateOf } from './templates.ts';

/** So much of a wording beside the brand is looked up at once. */
const EDGE = 2;
/** Wordings that every service uses, by what they begin with at the brand: of more than a hundred only a few need a closer look at one place. */
const FRAMES: ReadonlyMap<string, readonly Template[]> = Map.groupBy(Object.values(templateRules.frames).flat().map(frameOf), edgeOf);

/** Whether a name and a code stand in a wording that any service uses. Looks no further than the wording is long. */
export function isFramed(shadow: Shadow, brand: Span): boolean {
  const { search } = shadow;
  const fits = (frame: Template) => fitTemplate(shadow, brand, frame, null) !== null;
  for (let length = 0; length <= EDGE; length++) {
    if (FRAMES.get(after(search.slice(brand.end, brand.end + length)))?.some(fits)) return true;
    if (length > 0 && FRAMES.get(before(search.slice(Math.max(0, brand.start - length), brand.start)))?.some(fits)) return true;
  }
  return false;
}

function frameOf(written: string): Template {
  const frame = templateOf(written);
  if (!frame.brand) throw new Error(`The frame "${written}" must have {brand} once.`);
  return frame;
}

/** The literal that touches the brand, at most two characters of it: the one behind it, else the one before it, else none. */
function edgeOf(frame: Template): string {
  const [behind] = frame.after;
  if (typeof behind === 'string') return after(behind.slice(0, EDGE));
  const [ahead] = frame.before;
  return frame.after.length === 0 && typeof ahead === 'string' ? before(ahead.slice(-EDGE)) : after('');
}

function after(literal: string): string {
  return `{brand}${literal}`;
}

function before(literal: string): string {
  return `${literal}{brand}`;
}
