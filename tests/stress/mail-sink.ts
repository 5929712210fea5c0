import type { Random } from '../../src/modem/virtual/random.ts';
import { expectOk } from '../support/client.ts';
import { type Refusal, startSmtp, type TestSmtp } from '../support/smtp.ts';
import type { Fact, Sink, SinkVerdict } from './sink.ts';

const PASSWORD = 'a password for mails';
/** What an SMTP server that will take the mail later says (RFC 5321 4.2.1). */
const FAILURES: readonly Refusal[] = [
  { code: 421, text: '4.3.2 Service shutting down' },
  { code: 450, text: '4.2.1 Mailbox busy' },
  { code: 451, text: '4.7.1 Greylisted' },
  { code: 452, text: '4.2.2 Out of space' },
];

/** A mail server that refuses for now as often as `failing` says: at the sender, the receiver, or after all data came. */
export async function startMailSink({ random, failing }: { random: Random; failing: number }): Promise<Sink> {
  let refused = 0;
  const refuse = (share: number) => (): Refusal | null => {
    if (random.next() >= share) return null;
    refused++;
    return random.pick(FAILURES);
  };
  // Three places to fail, so that together as many fail as asked for.
  const third = 1 - (1 - failing) ** (1 / 3);
  const smtp = await startSmtp({ mailFrom: refuse(third), rcpt: refuse(third), data: refuse(third) });
  return {
    name: 'mail',
    config: `[smtp]\nurl = "${smtp.url}"\nfrom = "SMSPin <pin@example.org>"\ntimeout_seconds = 5\nretry_seconds = [${Array.from({ length: 30 }, (_, n) => Math.min(0.2 * (n + 1), 2).toFixed(1)).join(', ')}]\n`,
    async subscribe(_customer, server) {
      await expectOk(server.run(['user', 'password', 'anna@example.org', '--password-stdin'], `${PASSWORD}\n`));
      const post = (path: string, form: Record<string, string>, cookie: string) =>
        fetch(server.url + path, {
          method: 'POST',
          redirect: 'manual',
          headers: { cookie, origin: server.url, 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
          body: new URLSearchParams(form).toString(),
        });
      const signedIn = await post('/sign-in', { email: 'anna@example.org', password: PASSWORD }, '');
      const cookie = signedIn.headers
        .getSetCookie()
        .map((one) => one.split(';')[0])
        .join('; ');
      const kept = await post('/settings/notifications', { code_received: 'yes', code_in_mail: 'yes' }, cookie);
      if (kept.status !== 303) throw new Error(`the mails could not be turned on: ${kept.status}`);
    },
    heal: () => smtp.set({ mailFrom: () => null, rcpt: () => null, data: () => null }),
    check: (facts) => verdictOf(facts, smtp, refused),
    stop: smtp.stop,
  };
}

function verdictOf(facts: readonly Fact[], smtp: TestSmtp, refused: number): SinkVerdict {
  const codes = facts.filter(({ type }) => type === 'order.received');
  const mails = smtp.mails.filter(({ subject }) => / is your .* code$/.test(subject));
  const byEvent = Map.groupBy(mails, ({ eventId }) => eventId);
  const problems: string[] = [];
  for (const { id, data } of codes) {
    const { code } = JSON.parse(data) as { code: string };
    const own = byEvent.get(id) ?? [];
    if (own.length === 0) problems.push(`the mail of ${id} never arrived`);
    if (own.some(({ subject }) => !subject.startsWith(`${code} `))) problems.push(`${id}: another code`);
    if (new Set(own.map(({ messageId }) => messageId)).size > 1) problems.push(`${id}: more than one Message-ID`);
  }
  for (const id of byEvent.keys()) if (!codes.some((fact) => fact.id === id)) problems.push(`${id} is no code's event`);
  return {
    name: 'mail',
    expected: codes.length,
    arrived: codes.filter(({ id }) => byEvent.has(id)).length,
    duplicates: mails.length - byEvent.size,
    problems,
    figures: [`refused for now ${refused} times; data came ${smtp.attempts} times, connections ${smtp.connections}`],
  };
}
