/** How the mail server is reached. */
export interface SmtpTarget {
  host: string;
  port: number;
  /** TLS from the first octet (RFC 8314, smtps). */
  secure: boolean;
  /** Send nothing unless STARTTLS (RFC 3207) succeeds. */
  requireTls: boolean;
  auth: { user: string; pass: string } | null;
  /** False accepts any certificate. */
  checkCertificate: boolean;
  /** The name the certificate must bear, where it is not the host's. */
  servername: string | null;
  /** What we call ourselves in EHLO; null: the name of this machine. */
  name: string | null;
}

const OPTIONS = ['requireTLS', 'tls.rejectUnauthorized', 'tls.servername', 'name'];
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Reads `smtp://` or `smtps://` with `user:pass@`, host, port (587, 465 by default) and, of nodemailer's options, `requireTLS`, `tls.rejectUnauthorized`,
 * `tls.servername` and `name`. With a password, TLS is required wherever the server is another machine, unless `requireTLS=false` says otherwise: who
 * can take STARTTLS out of the server's answer could read it. Null for anything else.
 */
export function parseSmtpUrl(text: string): SmtpTarget | null {
  const url = URL.parse(text);
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '' || !/^\/?$/.test(url.pathname) || url.hash !== '') return null;
  const option = new Map(url.searchParams);
  if ([...option.keys()].some((key) => !OPTIONS.includes(key)) || option.size !== url.searchParams.size) return null;
  const requireTls = flag(option.get('requireTLS'));
  const checkCertificate = flag(option.get('tls.rejectUnauthorized'));
  const auth = credentials(url);
  if (requireTls === undefined || checkCertificate === undefined || auth === undefined) return null;
  const secure = url.protocol === 'smtps:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTls: !secure && (requireTls ?? (auth !== null && !LOOPBACK.test(url.hostname))),
    auth,
    checkCertificate: checkCertificate ?? true,
    servername: option.get('tls.servername') || null,
    name: option.get('name') || null,
  };
}

/** Null when it is not said, undefined when it is neither true nor false. */
function flag(value: string | undefined): boolean | null | undefined {
  if (value === undefined) return null;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

/** Null for none, undefined for what cannot be decoded. */
function credentials({ username, password }: URL): SmtpTarget['auth'] | undefined {
  if (username === '') return password === '' ? null : undefined;
  try {
    return { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  } catch {
    return undefined;
  }
}
