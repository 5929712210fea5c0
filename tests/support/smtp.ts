/** A real SMTP server for tests: takes mails, or fails as it is told to. What it took it hands out parsed. */
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  to: string;
  /** Header fields by their names in lower case, unfolded; of several the last. */
  headers: Map<string, string>;
  subject: string;
  /** Of the fact it tells of: X-SMSPin-Event. */
  eventId: string;
  messageId: string;
  text: string;
  html: string;
  raw: string;
  /** It came by TLS, after a sign-in. */
  secure: boolean;
  user: string | null;
}

export interface Refusal {
  code: number;
  text: string;
}

export interface SmtpOptions {
  port?: number;
  /** Offers STARTTLS with a certificate that nobody trusts (`tls.rejectUnauthorized=false`). */
  starttls?: boolean;
  /** Asks for this sign-in. */
  auth?: { user: string; pass: string };
  /** What is said to a receiver (null: welcome), or of the whole message after its data. */
  rcpt?(to: string): Refusal | null;
  data?(mail: ReceivedMail): Refusal | null;
  mailFrom?(from: string): Refusal | null;
  /** How long the answer to data takes, after the mail was taken: who stops waiting sends it again. */
  delayMs?: number;
  /** Takes connections and says nothing, not even a greeting. */
  silent?: boolean;
}

export interface TestSmtp {
  port: number;
  /** For `smtp.url`, with what the options need. */
  url: string;
  /** Everything that was taken, oldest first. */
  mails: ReceivedMail[];
  /** Every message whose data came, also those that were refused then. */
  attempts: number;
  connections: number;
  /** Changes what it says from now on. */
  set(changes: Pick<SmtpOptions, 'rcpt' | 'data' | 'mailFrom' | 'delayMs' | 'silent'>): void;
  stop(): Promise<void>;
}

/** Starts a server on loopback; the caller stops it. A mail counts as taken before its sender hears so: as with any server, that answer may get lost. */
export async function startSmtp(options: SmtpOptions = {}): Promise<TestSmtp> {
  const now: SmtpOptions = { ...options };
  const { auth, starttls = false } = options;
  const server = new SMTPServer({
    logger: false,
    authOptional: auth === undefined,
    disabledCommands: [...(starttls ? [] : ['STARTTLS']), ...(auth ? [] : ['AUTH'])],
    allowInsecureAuth: true,
    // The tests say them where they matter.
    hideENHANCEDSTATUSCODES: true,
    disableReverseLookup: true,
    closeTimeout: 200,
    ...handlers(now, auth, () => smtp),
  });
  // A connection that breaks is the client's affair.
  server.on('error', () => {});
  const smtp: TestSmtp = {
    ...{ port: 0, url: '', mails: [], attempts: 0, connections: 0 },
    set: (changes) => void Object.assign(now, changes),
    stop: () =>
      new Promise((resolve) => {
        for (const connection of server.connections) connection.close();
        server.close(() => resolve());
      }),
  };
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', () => resolve()));
  const address = server.server.address();
  smtp.port = typeof address === 'object' && address !== null ? address.port : 0;
  const who = auth ? `${encodeURIComponent(auth.user)}:${encodeURIComponent(auth.pass)}@` : '';
  smtp.url = `smtp://${who}127.0.0.1:${smtp.port}${starttls ? '?requireTLS=true&tls.rejectUnauthorized=false' : ''}`;
  return smtp;
}

function handlers(now: SmtpOptions, auth: SmtpOptions['auth'], smtp: () => TestSmtp): SMTPServerOptions {
  return {
    onConnect(_session, done) {
      smtp().connections++;
      if (!now.silent) done();
    },
    onAuth(given, _session, done) {
      const right = given.username === auth?.user && given.password === auth?.pass;
      if (right) done(null, { user: given.username });
      else done(errorOf({ code: 535, text: '5.7.8 Authentication credentials invalid' }));
    },
    onMailFrom({ address }, _session, done) {
      answer(now.mailFrom?.(address), done);
    },
    onRcptTo({ address }, _session, done) {
      answer(now.rcpt?.(address), done);
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const { mailFrom, rcptTo } = session.envelope;
        const mail = parseMail(Buffer.concat(chunks).toString('latin1'), {
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address).join(','),
          secure: session.secure,
          user: typeof session.user === 'string' ? session.user : null,
        });
        smtp().attempts++;
        const refusal = now.data?.(mail) ?? null;
        if (refusal === null) smtp().mails.push(mail);
        if (now.delayMs !== undefined) await Bun.sleep(now.delayMs);
        answer(refusal, done);
      });
    },
  };
}

function answer(refusal: Refusal | null | undefined, done: (error?: Error | null) => void): void {
  if (refusal) done(errorOf(refusal));
  else done();
}

function errorOf({ code, text }: Refusal): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

type Envelope = Pick<ReceivedMail, 'from' | 'to' | 'secure' | 'user'>;

/** Reads the mails this project makes: a header and, as multipart/alternative, a text and an HTML part. `raw` is one character an octet. */
export function parseMail(raw: string, envelope: Envelope): ReceivedMail {
  const { headers, body } = split(raw);
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get('content-type') ?? '')?.[1];
  const parts = boundary === undefined ? [raw] : body.split(`--${boundary}`).slice(1, -1);
  const part = (type: string): string => {
    const found = parts
      .map((one) => split(one.replace(/^\r\n/, '')))
      .find((one) => (one.headers.get('content-type') ?? '').startsWith(type));
    return found ? decodeBody(found) : '';
  };
  return {
    ...envelope,
    ...{ headers, raw, text: part('text/plain'), html: part('text/html'), subject: decodeWords(headers.get('subject') ?? '') },
    eventId: headers.get('x-smspin-event') ?? '',
    messageId: headers.get('message-id') ?? '',
  };
}

function split(raw: string): { headers: Map<string, string>; body: string } {
  const at = raw.indexOf('\r\n\r\n');
  const head = (at < 0 ? raw : raw.slice(0, at)).replace(/\r\n[ \t]+/g, ' ');
  const headers = new Map(
    head.split('\r\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { headers, body: at < 0 ? '' : raw.slice(at + 4) };
}

function decodeBody({ headers, body }: { headers: Map<string, string>; body: string }): string {
  const encoding = headers.get('content-transfer-encoding') ?? '7bit';
  const octets =
    encoding === 'base64'
      ? Buffer.from(body, 'base64')
      : Buffer.from(encoding === 'quoted-printable' ? unquoted(body.replace(/=\r\n/g, '')) : body, 'latin1');
  return octets.toString('utf8').replace(/\r\n/g, '\n');
}

function unquoted(text: string): string {
  return text.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** RFC 2047. Words that follow each other are one text, also in the middle of a character. */
function decodeWords(text: string): string {
  return text.replace(/=\?utf-8\?[qb]\?[^?]*\?=(?:\s+=\?utf-8\?[qb]\?[^?]*\?=)*/gi, (run) => {
    const octets = [...run.matchAll(/=\?utf-8\?([qb])\?([^?]*)\?=/gi)].map(([, how = '', word = '']) =>
      how.toLowerCase() === 'b' ? Buffer.from(word, 'base64') : Buffer.from(unquoted(word.replaceAll('_', ' ')), 'latin1'),
    );
    return Buffer.concat(octets).toString('utf8');
  });
}
