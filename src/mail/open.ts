import type { Database } from 'bun:sqlite';
import { serviceName } from '../codes/judge.ts';
import type { Config } from '../config.ts';
import { houseSecret } from '../db/secret.ts';
import type { Door } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { parseMailbox } from '../lib/mailbox.ts';
import { parseSmtpUrl } from '../lib/smtp-url.ts';
import type { OrderTerms } from '../orders/orders.ts';
import type { Courier } from '../outbox/outbox.ts';
import { mailCourier } from './courier.ts';
import { setMailOn } from './queue.ts';
import { smtpTransport } from './transport.ts';
import { endTrouble } from './trouble.ts';

/** The courier of the configured mail server, for the outbox; none without one. From here on mails are queued, or not, accordingly. */
export async function openMail(deps: {
  config: Config;
  db: Database;
  door: Door;
  clock: Clock;
  log: Log;
  terms: Pick<OrderTerms, 'random' | 'rules'>;
}): Promise<Courier[]> {
  const { config, db, door, clock, log, terms } = deps;
  const target = parseSmtpUrl(config.smtp.url);
  const from = parseMailbox(config.smtp.from);
  const isOn = target !== null && from !== null;
  await door.write((tx) => {
    setMailOn(tx, isOn);
    // Another configuration, perhaps: what was wrong shows again by itself, and what waited for it need not wait longer.
    endTrouble(tx);
  });
  if (!isOn) return [];
  const { publicUrl } = config.server;
  if (/^(localhost|127\.|\[::1\])/.test(new URL(publicUrl).hostname))
    log.warn('mail_links_local', { public_url: publicUrl, detail: 'links in mails lead to this machine alone; set server.public_url' });
  const secret = houseSecret(db, 'links', terms.random, clock.nowMs());
  const links = { publicUrl, secret };
  const nameOf = (service: string) => serviceName(service, terms.rules());
  const { retrySeconds, timeoutSeconds } = config.smtp;
  return [mailCourier({ db, clock, log, links, nameOf, from, retrySeconds, send: smtpTransport(target, timeoutSeconds) })];
}
