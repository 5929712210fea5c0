/** Mails somebody turns on and off; each is a column of `mail_settings`. */
export const SWITCHED_KINDS = [
  'code_received',
  'order_expired',
  'low_balance',
  'rental_ending',
  'waiting_list',
  'webhook_disabled',
  'alarms',
  'ticket_opened',
  'sim_due',
] as const;
export type SwitchedKind = (typeof SWITCHED_KINDS)[number];

/** Security notices: they cannot be turned off, and are tried even at an address that refused mail before. */
export const SECURITY_KINDS = ['new_browser', 'password_changed', 'key_created', 'key_revoked'] as const;

/** Answers to what their receiver asked for a moment ago; and one invitation that another customer sends, of which an address gets few. */
export const ASKED_KINDS = ['password_reset', 'test', 'ticket_received', 'ticket_answered', 'rental_shared'] as const;

/** To addresses that subscribed to the status page and need no account; the first asks whether they did. */
export const STATUS_KINDS = ['status_confirm', 'status_maintenance', 'status_incident'] as const;
export type StatusKind = (typeof STATUS_KINDS)[number];

export const MAIL_KINDS = [...SWITCHED_KINDS, ...SECURITY_KINDS, ...ASKED_KINDS, ...STATUS_KINDS] as const;
/** The topic of a delivery by mail. */
export type MailKind = (typeof MAIL_KINDS)[number];

export function isSwitched(kind: string): kind is SwitchedKind {
  return SWITCHED_KINDS.some((one) => one === kind);
}

export function isStatusKind(kind: string): kind is StatusKind {
  return STATUS_KINDS.some((one) => one === kind);
}

export function isMailKind(topic: string): topic is MailKind {
  return MAIL_KINDS.some((kind) => kind === topic);
}

/** True for what goes before all other mails: somebody's safety hangs on it, or somebody waits for it in front of a page. */
export function isUrgent(kind: MailKind): boolean {
  return SECURITY_KINDS.some((one) => one === kind) || kind === 'password_reset' || kind === 'status_confirm';
}

/** True for what is tried whatever the address answered before: what is urgent, and where its receiver wants to know whether mail arrives. */
export function isTriedAnyway(kind: MailKind): boolean {
  return isUrgent(kind) || kind === 'test';
}
