import type { IncidentView, MaintenanceView, StatusView } from '../../views/status/model.ts';
import { SURFACE_NAMES } from '../../views/status/words.ts';
import { rfc3339 } from '../lib/clock.ts';

interface Entry {
  id: string;
  title: string;
  url: string;
  publishedMs: number;
  updatedMs: number;
  content: string;
}

const ENTRIES_MAX = 50;

/** Incidents and maintenance as an Atom feed (RFC 4287). Every text may be a stranger's. */
export function statusAtom(view: StatusView, publicUrl: string): string {
  const page = `${publicUrl}/status`;
  const entries = [...view.incidents.map((one) => ofIncident(one, page)), ...view.maintenance.map((one) => ofMaintenance(one, page))]
    .toSorted((a, b) => b.updatedMs - a.updatedMs || a.id.localeCompare(b.id))
    .slice(0, ENTRIES_MAX);
  const updatedMs = entries[0]?.updatedMs ?? view.sinceMs ?? view.madeAtMs;
  const host = new URL(publicUrl).hostname;
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    `<id>tag:${xml(host)},2026:status</id>`,
    '<title>Status of SMSPin</title>',
    `<updated>${rfc3339(updatedMs)}</updated>`,
    '<author><name>SMSPin</name></author>',
    `<link rel="self" type="application/atom+xml" href="${xml(`${publicUrl}/status.atom`)}"/>`,
    `<link rel="alternate" type="text/html" href="${xml(page)}"/>`,
    ...entries.map(
      ({ id, title, url, publishedMs, updatedMs: atMs, content }) =>
        `<entry><id>tag:${xml(host)},2026:${xml(id)}</id><title>${xml(title)}</title><published>${rfc3339(publishedMs)}</published>` +
        `<updated>${rfc3339(atMs)}</updated><link rel="alternate" type="text/html" href="${xml(url)}"/><content type="text">${xml(content)}</content></entry>`,
    ),
    '</feed>',
    '',
  ].join('\n');
}

function ofIncident(incident: IncidentView, page: string): Entry {
  const { id, title, surface, startedAtMs, endedAtMs, changedAtMs, updates } = incident;
  const span = endedAtMs === null ? `Since ${rfc3339(startedAtMs)}.` : `From ${rfc3339(startedAtMs)} to ${rfc3339(endedAtMs)}.`;
  return {
    ...{ id, title: `${endedAtMs === null ? 'Incident' : 'Over'}: ${title}`, url: `${page}/incidents/${encodeURIComponent(id)}` },
    ...{ publishedMs: startedAtMs, updatedMs: changedAtMs },
    content: [
      `${surface === null ? 'Everything' : SURFACE_NAMES[surface]}. ${span}`,
      ...updates.map(({ atMs, text }) => `${rfc3339(atMs)}: ${text}`),
    ].join('\n'),
  };
}

function ofMaintenance(window: MaintenanceView, page: string): Entry {
  const { id, title, text, surfaces, startsAtMs, endsAtMs, announcedAtMs, changedAtMs, isCanceled, lateMinutes } = window;
  return {
    ...{ id, title: `${isCanceled ? 'Maintenance withdrawn' : 'Maintenance'}: ${title}`, url: `${page}#${id}` },
    ...{ publishedMs: announcedAtMs, updatedMs: changedAtMs },
    content: [
      `${surfaces.map((surface) => SURFACE_NAMES[surface]).join(', ')}. ${rfc3339(startsAtMs)} to ${rfc3339(endsAtMs)}.`,
      ...(lateMinutes > 0 && !isCanceled ? [`${lateMinutes} minutes were announced too late and count as downtime.`] : []),
      text,
    ].join('\n'),
  };
}

/** Text of XML 1.0: markup escaped, characters that XML does not have left out. */
function xml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
