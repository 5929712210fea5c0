import { createTransport } from 'nodemailer';
import type { Mailbox } from '../lib/mailbox.ts';
import type { SmtpTarget } from '../lib/smtp-url.ts';
import type { Attempt } from '../outbox/deliveries.ts';

/** A mail, ready to leave. */
export interface MailMessage {
  from: Mailbox;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Without its angle brackets; the same in every attempt. */
  messageId: string;
  headers: Record<string, string>;
  atMs: number;
}

/** Whose matter a failed attempt is: `us` (the server cannot be reached or does not take what we send) or `receiver` (it refuses this address). */
export type Sent = Attempt & { fault: 'us' | 'receiver' | null };

/** Hands one mail to the mail server; never rejects. */
export type SendMail = (message: MailMessage, signal: AbortSignal) => Promise<Sent>;

/** An attempt as a whole may last so many times the timeout of one answer: a server that drips octets must not hold a place for ever. */
const WHOLE_FACTOR = 4;

/** A connection to the mail server for each mail: simple, and one that breaks costs only its own mail. */
export function smtpTransport(target: SmtpTarget, timeoutSeconds: number): SendMail {
  const timeoutMs = timeoutSeconds * 1000;
  const { host, port, secure, requireTls, auth, checkCertificate, servername, name } = target;
  const transport = createTransport({
    ...{ host, port, secure, requireTLS: requireTls, ...(auth ? { auth } : {}), ...(name === null ? {} : { name }) },
    tls: { rejectUnauthorized: checkCertificate, ...(servername === null ? {} : { servername }) },
    ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs, dnsTimeout: timeoutMs },
    // A mail is made of texts alone; nothing of a file or an address is ever read into it.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  return async ({ from, to, subject, text, html, messageId, headers, atMs }, signal) => {
    const whole = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs * WHOLE_FACTOR)]);
    try {
      const { response } = await transport.sendMail({
        // As objects: an address is never read out of a text that holds several.
        ...{ from, to: { name: '', address: to }, envelope: { from: from.address, to: [to] } },
        ...{ subject, text, html, messageId: `<${messageId}>`, headers, date: new Date(atMs), signal: whole },
      });
      return { outcome: 'delivered', status: statusOf(response), detail: response, fault: null };
    } catch (thrown) {
      return judgeFailure(thrown);
    }
  };
}

/** What mail servers say of the host or the domain that a mail comes from; nothing about its receiver. */
const ABOUT_US =
  /relay|client host|\b(?:helo|ehlo|ptr|r?dns|dnsbl|rbl|spf|dkim|dmarc)\b|spamhaus|block ?list|black ?list|reputation|\byour (?:ip|host|server|domain|network)|\b(?:ip|host|sender|domain)\b.{0,40}\b(?:blocked|banned|listed|rejected|not allowed)|authenticat/i;
/** What they say, without an enhanced code, of a mailbox that is not there. */
const NO_MAILBOX = /user|recipient|mailbox|address|account|unknown|no such|not exist|not found|unavailable|inactive|disabled/i;
/** So much of an answer is read for such words. */
const READ_CHARACTERS = 1000;

/**
 * What a failed attempt means. 4yz and no answer: again later. 5yz for the receiver or the message: never again (RFC 5321 4.2.1). 5yz for our name, our
 * password or our being there at all is no word about the receiver: again later, and the operator is told. Which of them a 5yz is, its enhanced code says
 * (RFC 3463, RFC 7505): 5.1.x and 5.2.1 are of the mailbox, 5.1.7, 5.1.8 and 5.7.x of the sender and of policy; without one, its words.
 */
export function judgeFailure(thrown: unknown): Sent {
  const { code, command, responseCode, response, message } = failureOf(thrown);
  const detail = response ?? message;
  const status = responseCode ?? null;
  const isForGood = status !== null && status >= 500 && status !== 503;
  const enhanced = /^\d{3}[ -]5\.(\d{1,3}\.\d{1,3})\b/.exec(detail)?.[1] ?? null;
  // 530, 534, 535 and 538 ask for a (better) sign-in (RFC 4954 6).
  const aboutUs = code === 'EAUTH' || [530, 534, 535, 538].includes(status ?? 0) || (isForGood && isAboutUs(command, enhanced, detail));
  // The address itself cannot be written on an envelope: no server was asked.
  if (code === 'EENVELOPE' && status === null && /recipient/i.test(detail)) return { outcome: 'failed', status, detail, fault: 'receiver' };
  const atReceiver = command === 'RCPT TO' || command === 'DATA';
  if (aboutUs || !atReceiver || status === null) return { outcome: 'retry', status, detail: wordsOf(code, detail), fault: 'us' };
  if (!isForGood) return { outcome: 'retry', status, detail, fault: null };
  return { outcome: 'failed', status, detail, fault: command === 'RCPT TO' && isOfMailbox(status, enhanced, detail) ? 'receiver' : null };
}

function isAboutUs(command: string | undefined, enhanced: string | null, detail: string): boolean {
  const saysSo = ABOUT_US.test(detail.slice(0, READ_CHARACTERS));
  const isPolicy = enhanced?.startsWith('7.') ?? false;
  // After the data policy may also mean the text of this one mail.
  if (command === 'DATA') return saysSo && (isPolicy || enhanced === null);
  if (enhanced === '1.7' || enhanced === '1.8' || isPolicy) return true;
  return saysSo && !isMailboxCode(enhanced);
}

function isOfMailbox(status: number, enhanced: string | null, detail: string): boolean {
  if (enhanced !== null) return isMailboxCode(enhanced);
  return [550, 551, 553].includes(status) && NO_MAILBOX.test(detail.slice(0, READ_CHARACTERS));
}

function isMailboxCode(enhanced: string | null): boolean {
  return enhanced === '2.1' || (enhanced?.startsWith('1.') ?? false);
}

/** Codes of nodemailer in words for the operator. */
const WORDS: Record<string, string> = {
  EAUTH: 'the mail server does not accept the user and password of smtp.url',
  EDNS: 'the name of the mail server cannot be resolved',
  ESOCKET: 'the mail server cannot be reached',
  ECONNECTION: 'the mail server cannot be reached, or hung up',
  ETIMEDOUT: 'the mail server does not answer in time',
  EABORT: 'the mail server does not get done in time',
  ETLS: 'no TLS with the mail server',
};

function wordsOf(code: string | undefined, detail: string): string {
  const words = Object.hasOwn(WORDS, code ?? '') ? WORDS[code ?? ''] : 'the mail server does not take what we send';
  return `${words}: ${detail}`;
}

interface Failure {
  code?: string;
  command?: string;
  responseCode?: number;
  response?: string;
  message: string;
}

function failureOf(thrown: unknown): Failure {
  if (!(thrown instanceof Error)) return { message: String(thrown) };
  const { code, command, responseCode, response, message } = thrown as Error & Failure;
  return {
    message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof command === 'string' ? { command } : {}),
    ...(typeof responseCode === 'number' ? { responseCode } : {}),
    ...(typeof response === 'string' ? { response } : {}),
  };
}

function statusOf(response: string): number | null {
  const digits = /^\d{3}/.exec(response)?.[0];
  return digits === undefined ? null : Number(digits);
}
