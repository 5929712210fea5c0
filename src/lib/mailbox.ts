/** One mailbox as a header of a mail names it. */
export interface Mailbox {
  /** Without quotation marks; empty when only the address is given. */
  name: string;
  address: string;
}

const ADDRESS = /^[^\s@<>"',;()[\]\\]{1,64}@(?:localhost|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)$/;

/** Reads `Name <local@domain>` or `local@domain` (RFC 5322 3.4, one mailbox, no comments); null for anything else, control characters above all. */
export function parseMailbox(text: string): Mailbox | null {
  if (text.length > 400 || /[\p{Cc}\u2028\u2029]/u.test(text)) return null;
  const named = /^\s*(?:"([^"\\]{0,100})"|([^"<>@,;:\\]{0,100}?))\s*<([^<>\s]+)>\s*$/.exec(text);
  const address = named?.[3] ?? text.trim();
  if (!ADDRESS.test(address) || address.length > 254) return null;
  return { name: (named?.[1] ?? named?.[2] ?? '').trim(), address };
}
