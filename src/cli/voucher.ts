import type { Config } from '../config.ts';
import { writeNow } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { systemRandom } from '../lib/ids.ts';
import { formatMinor, parseMinor } from '../lib/money.ts';
import { printedCode } from '../vouchers/codes.ts';
import { endOfDay } from '../vouchers/expiry.ts';
import { createBatch } from '../vouchers/vouchers.ts';
import { type Io, openConfigured, readArgs, UsageError } from './usage.ts';

export const VOUCHER_USAGE = 'smspin voucher create --count N --amount N [--expires DATE] [--note TEXT]';

/** `smspin voucher create`: prints the codes alone on standard output, one a line, once. Returns the exit code. */
export async function voucherCommand(args: string[], config: Config, io: Io): Promise<number> {
  const [verb, ...rest] = args;
  if (verb !== 'create') throw new UsageError(`the verb must be create\nusage: ${VOUCHER_USAGE}`);
  const text = { type: 'string' } as const;
  const { values } = readArgs(rest, {
    usage: VOUCHER_USAGE,
    positionals: [],
    options: { count: text, amount: text, expires: text, note: { type: 'string', default: '' } },
  });
  if (values.count === undefined || values.amount === undefined)
    throw new UsageError(`--${values.count === undefined ? 'count' : 'amount'} is missing\nusage: ${VOUCHER_USAGE}`);
  if (!/^\d{1,6}$/.test(values.count))
    throw new Refusal('validation', `--count must be a whole number; got ${JSON.stringify(values.count)}.`);
  const amountMinor = parseMinor(values.amount, '--amount');
  const expiresAtMs = values.expires === undefined ? null : endOfDay(values.expires);
  if (values.expires !== undefined && expiresAtMs === null)
    throw new Refusal(
      'validation',
      `--expires must be the last day they are taken (UTC), such as 2027-01-31; got ${JSON.stringify(values.expires)}.`,
    );
  const db = openConfigured(config, io);
  const terms = { currency: config.money.currency, random: systemRandom };
  const batch = { count: Number(values.count), amountMinor, expiresAtMs, note: values.note, createdBy: null, formKey: null };
  const { id, codes } = writeNow(db, Date.now(), (tx) => createBatch(tx, terms, batch));
  for (const code of codes) io.out(printedCode(code));
  const price = formatMinor(amountMinor, terms.currency);
  io.err(
    codes.length === 1
      ? `Batch ${id}: 1 voucher of ${price}. The code is shown this once.`
      : `Batch ${id}: ${codes.length} vouchers of ${price}. The codes are shown this once.`,
  );
  return 0;
}
