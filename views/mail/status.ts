import { utc } from '../format.ts';
import type { IncidentView, MaintenanceView } from '../status/model.ts';
import { SURFACE_NAMES } from '../status/words.ts';
import type { MailContent } from './model.ts';

const REASON = 'You get this because this address subscribed to the status page.';

/** Asks an address whether it wants mails: nothing else is sent before it says so. */
export function confirmSubscription({ confirmUrl, statusUrl }: { confirmUrl: string; statusUrl: string }): MailContent {
  return {
    subject: 'Do you want mails about the status of SMSPin?',
    preheader: 'Confirm it, or do nothing: then no other mail comes.',
    title: 'Mails about maintenance and incidents',
    blocks: [
      {
        kind: 'text',
        text: `Somebody, probably you, asked at ${statusUrl} for mails to this address when maintenance is announced or something fails.`,
      },
      { kind: 'action', label: 'Yes, send them', url: confirmUrl },
      { kind: 'text', text: 'It was not you? Do nothing: the address is forgotten in three days.' },
    ],
    reason: 'This is the only mail you get unless you confirm.',
  };
}

/** Maintenance was announced, changed, withdrawn or ended early. */
export function maintenanceNotice(window: MaintenanceView, what: string, statusUrl: string): MailContent {
  const said = {
    announced: 'Maintenance announced',
    changed: 'Maintenance changed',
    canceled: 'Maintenance withdrawn',
    ended: 'Maintenance over',
  }[what];
  const when = `${utc(window.startsAtMs)} to ${utc(window.endsAtMs)}`;
  return {
    subject: `${said ?? 'Maintenance'}: ${window.title}`,
    preheader: window.isCanceled ? 'It does not take place.' : when,
    title: said ?? 'Maintenance',
    blocks: [
      {
        kind: 'facts',
        rows: [
          ['What', window.title],
          ['When', window.isCanceled ? `not any more (it was to begin at ${utc(window.startsAtMs)})` : when],
          ['Affects', window.surfaces.map((surface) => SURFACE_NAMES[surface]).join(', ')],
        ],
      },
      ...(window.text === '' ? [] : [{ kind: 'text', text: window.text } as const]),
      ...(window.lateMinutes > 0 && !window.isCanceled
        ? [
            {
              kind: 'text',
              text: `${window.lateMinutes} minutes of it were announced less than 24 hours ahead: they count as downtime.`,
            } as const,
          ]
        : []),
      { kind: 'action', label: 'Open the status page', url: statusUrl },
    ],
    reason: REASON,
  };
}

/** An incident began, went on or ended. */
export function incidentNotice(incident: IncidentView, { what, text }: { what: string; text: string }, statusUrl: string): MailContent {
  const isOver = what === 'ended';
  return {
    subject: `${isOver ? 'Over' : what === 'opened' ? 'Incident' : 'Update'}: ${incident.title}`,
    preheader: text,
    title: incident.title,
    blocks: [
      { kind: 'text', text },
      {
        kind: 'facts',
        rows: [
          ['Since', utc(incident.startedAtMs)],
          ...(incident.endedAtMs === null ? [] : [['Until', utc(incident.endedAtMs)] as const]),
          ['Affects', incident.surface === null ? 'everything' : SURFACE_NAMES[incident.surface]],
        ],
      },
      { kind: 'action', label: 'Open the status page', url: `${statusUrl}/incidents/${encodeURIComponent(incident.id)}` },
    ],
    reason: REASON,
  };
}
