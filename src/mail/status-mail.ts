import type { Database } from 'bun:sqlite';
import { confirmSubscription, incidentNotice, maintenanceNotice } from '../../views/mail/status.ts';
import { paths } from '../../views/paths.ts';
import type { Delivery } from '../outbox/deliveries.ts';
import { findIncident } from '../status/incidents.ts';
import { findMaintenance } from '../status/maintenance.ts';
import { findSubscriber } from '../status/subscribers.ts';
import type { Composed } from './compose.ts';
import type { StatusKind } from './kinds.ts';
import { type MailLinks, statusUrl } from './links.ts';

/** Writes a mail to a subscriber of the status page; moot when the address is none any more. */
export function composeStatus(db: Database, links: MailLinks, kind: StatusKind, delivery: Delivery): Composed {
  const id = subscriberOf(delivery);
  const subscriber = findSubscriber(db, id);
  const page = `${links.publicUrl}${paths.status}`;
  if (subscriber === null) return { moot: 'the address was taken off the list' };
  if (kind === 'status_confirm') {
    if (subscriber.isConfirmed) return { moot: 'the address is on the list already' };
    return { content: confirmSubscription({ confirmUrl: statusUrl(links, 'confirm', id, delivery.createdAtMs), statusUrl: page }) };
  }
  const said = JSON.parse(delivery.payload ?? '{}') as Record<string, unknown>;
  const about = String(said['id']);
  if (kind === 'status_maintenance') {
    const window = findMaintenance(db, about);
    return window === null ? { moot: 'there is no such maintenance' } : { content: maintenanceNotice(window, String(said['what']), page) };
  }
  const incident = findIncident(db, about);
  if (incident === null) return { moot: 'there is no such incident' };
  return { content: incidentNotice(incident, { what: String(said['what']), text: String(said['text']) }, page) };
}

/** Whose mail it is. */
export function subscriberOf({ payload }: Delivery): string {
  const { subscriber } = JSON.parse(payload ?? '{}') as { subscriber?: unknown };
  return typeof subscriber === 'string' ? subscriber : '';
}
