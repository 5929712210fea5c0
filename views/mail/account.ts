import { utc } from '../format.ts';
import { paths } from '../paths.ts';
import type { MailContent } from './model.ts';

interface Links {
  publicUrl: string;
}

const SECURITY_REASON = 'This is a security notice for your account; it cannot be turned off.';
const NOT_YOU = 'If that was not you, set a new password now: it ends all sessions. Then look through your API keys.';

/** Somebody signed in with a browser that was not seen before. */
export function newBrowser(seen: { userAgent: string; address: string; atMs: number }, { publicUrl }: Links): MailContent {
  return {
    subject: 'New sign-in to your account',
    preheader: 'With a browser that was not seen before.',
    title: 'New sign-in to your account',
    blocks: [
      {
        kind: 'text',
        text: 'Somebody signed in with your password, with a browser that was not seen before. If that was you, all is well.',
      },
      {
        kind: 'facts',
        rows: [
          ['When', utc(seen.atMs)],
          ['Address', seen.address],
          ['Browser', seen.userAgent === '' ? 'It did not say.' : seen.userAgent],
        ],
      },
      { kind: 'text', text: NOT_YOU },
      { kind: 'action', label: 'Set a new password', url: `${publicUrl}${paths.reset}` },
    ],
    reason: SECURITY_REASON,
  };
}

/** The password was changed, by a link or by the operator. */
export function passwordChanged(atMs: number, { publicUrl }: Links): MailContent {
  return {
    subject: 'Your password was changed',
    preheader: 'All sessions of before have ended.',
    title: 'Your password was changed',
    blocks: [
      { kind: 'text', text: 'All sessions of before have ended. If that was you, all is well.' },
      { kind: 'facts', rows: [['When', utc(atMs)]] },
      {
        kind: 'text',
        text: 'API keys and webhooks go on working. If somebody else may have been in your account, revoke the keys and delete the webhooks that you do not know.',
      },
      { kind: 'action', label: 'Look at your API keys and webhooks', url: `${publicUrl}${paths.keys}` },
      { kind: 'text', text: 'If it was not you, set a new password first: it ends all sessions.' },
      { kind: 'action', label: 'Set a new password', url: `${publicUrl}${paths.reset}` },
    ],
    reason: SECURITY_REASON,
  };
}

/** An API key was made or revoked. */
export function keyChanged(
  key: { name: string; prefix: string; scopes: string; atMs: number },
  did: 'created' | 'revoked',
  { publicUrl }: Links,
): MailContent {
  const word = did === 'created' ? 'made' : 'revoked';
  return {
    subject: `An API key was ${word}`,
    preheader: `${key.prefix}…, ${key.name}`,
    title: `An API key was ${word}`,
    blocks: [
      {
        kind: 'text',
        text: did === 'created' ? 'It can act for you within its scopes until it is revoked.' : 'What used it is refused from now on.',
      },
      {
        kind: 'facts',
        rows: [
          ['Name', key.name],
          ['Begins with', key.prefix],
          ['Scopes', key.scopes.replaceAll(',', ', ')],
          ['When', utc(key.atMs)],
        ],
      },
      { kind: 'text', text: 'If that was not you, revoke it and set a new password.' },
      { kind: 'action', label: 'Look at your API keys', url: `${publicUrl}${paths.keys}` },
    ],
    reason: SECURITY_REASON,
  };
}

/** The link to a new password, for whoever reads this mailbox. */
export function passwordReset(link: { url: string; untilMs: number }): MailContent {
  return {
    subject: 'Set a new password',
    preheader: 'The link works once, within the hour.',
    title: 'Set a new password',
    blocks: [
      { kind: 'text', text: 'Somebody, probably you, asked for a new password for this address. The link works once.' },
      { kind: 'action', label: 'Set a new password', url: link.url },
      { kind: 'facts', rows: [['Works until', utc(link.untilMs)]] },
      { kind: 'text', text: 'If you did not ask, do nothing: your password stays as it is.' },
    ],
    reason: 'You get this because a new password was asked for.',
  };
}

/** Shows somebody that mails arrive. */
export function testMail({ publicUrl }: Links): MailContent {
  return {
    subject: 'A test mail from SMSPin',
    preheader: 'Mails reach you.',
    title: 'Mails reach you',
    blocks: [
      { kind: 'text', text: 'You asked for this mail to see whether it arrives. It did.' },
      { kind: 'action', label: 'Back to your notifications', url: `${publicUrl}${paths.notifications}` },
    ],
    reason: 'You get this because you asked for it.',
  };
}

/** A webhook was switched off after it failed for long. */
export function webhookDisabled(
  hook: { url: string; reason: string; sinceMs: number | null; failures: number },
  { publicUrl }: Links,
): MailContent {
  const why = hook.reason === 'gone' ? 'It answered 410: it is gone for good.' : 'It failed for very long.';
  return {
    subject: 'One of your webhooks was switched off',
    preheader: why,
    title: 'One of your webhooks was switched off',
    blocks: [
      {
        kind: 'text',
        text: `${why} Nothing is sent to it any more. Events are kept: mend the receiver, switch the webhook on, and replay what it missed.`,
      },
      {
        kind: 'facts',
        rows: [
          ['Webhook', hook.url],
          ...(hook.sinceMs === null ? [] : [['Failing since', utc(hook.sinceMs)] as const]),
          ['Failures in a row', String(hook.failures)],
        ],
      },
      { kind: 'action', label: 'Look at your webhooks', url: `${publicUrl}${paths.webhooks}` },
    ],
    reason: 'You get this because a webhook of yours does not work any more.',
  };
}
