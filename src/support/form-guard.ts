import { base32, type RandomBytes } from '../lib/ids.ts';
import { signClaim, verifyClaim } from '../lib/signed.ts';

/** A person reads the form before sending it. */
const FASTEST_MS = 2000;
const VALID_MS = 24 * 3_600_000;
const KEY_OCTETS = 10;

/** What a form carries to say when it was handed out, and which one it is: signed, so that nobody makes their own. */
export function newFormToken(secret: Uint8Array, random: RandomBytes, nowMs: number): string {
  return signClaim(secret, { purpose: 'contact', subject: `${nowMs} ${base32(random(KEY_OCTETS))}`, expiresAtMs: nowMs + VALID_MS });
}

export type FormCheck = { ok: true; key: string } | { ok: false; problem: string };

/** Whether a person may have filled the form: not within two seconds, not a day later, and without the field that people do not see. */
export function checkForm(secret: Uint8Array, form: { token: string; trap: string }, nowMs: number): FormCheck {
  if (form.trap !== '') return { ok: false, problem: 'Leave the field “Website” empty: it is there for programs. Then send it again.' };
  const verified = verifyClaim(secret, 'contact', form.token, nowMs);
  if (!verified.ok) {
    const why = verified.why === 'expired' ? 'The form was open for more than a day.' : 'The form came without its mark.';
    return { ok: false, problem: `${why} Your text is still here: send it again.` };
  }
  const [madeAt = '', key = ''] = verified.subject.split(' ');
  if (nowMs - Number(madeAt) < FASTEST_MS)
    return { ok: false, problem: 'That was faster than people write. Your text is still here: wait a moment and send it again.' };
  return { ok: true, key };
}
