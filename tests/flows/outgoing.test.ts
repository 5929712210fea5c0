import { expect, setDefaultTimeout, test } from 'bun:test';
import { Random } from '../../src/modem/virtual/random.ts';
import { startMailSink } from '../stress/mail-sink.ts';
import { runOutgoing } from '../stress/outgoing.ts';
import { startWebhookSink } from '../stress/webhook-sink.ts';

setDefaultTimeout(120_000);

test('every event reaches a webhook, and every code a mailbox, that fail a third of the time, though the server is killed again and again', async () => {
  const sink = await startWebhookSink({ random: new Random(2), failing: 0.33 });
  const mail = await startMailSink({ random: new Random(3), failing: 0.33 });
  const report = await runOutgoing({ codes: 40, modems: 4, kills: 4, seconds: 8, seed: 1 }, [sink, mail]);
  expect(report).toMatchObject({ kills: 4, lostCodes: [], verdicts: [{ problems: [] }, { problems: [] }] });
  // A number for each order, its price held and captured, each code, and the end: nothing of it may have been left out of the comparison.
  expect(report.facts).toBeGreaterThanOrEqual(4 * 2 + 40 + 4);
  expect(report.verdicts[0]?.arrived).toBe(report.facts);
  expect(report.verdicts[0]?.figures[0]).toMatch(/error|reset|hang/);
  expect(report.verdicts[1]?.arrived).toBeGreaterThanOrEqual(40);
  expect(report.verdicts[1]?.figures[0]).not.toContain('refused for now 0 times');
});
