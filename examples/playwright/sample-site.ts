// A site as any other that asks for a phone number at sign-up and sends a code to it. It stands for yours: what sends its SMS is given to it.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Sms {
  number: string;
  sender: string;
  text: string;
}

const page = (body: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Telegram-like sample</title><link rel="icon" href="data:,"></head>
<body><main>${body}</main></body>
</html>`;

const askNumber = page(`<h1>Sign up</h1>
<form method="post" action="/number"><label>Phone number <input name="number" type="tel" required></label> <button>Send me a code</button></form>`);
const askCode = (wrong: boolean): string =>
  page(`<h1>We have sent you a code</h1>${wrong ? '<p role="alert">That is not the code.</p>' : ''}
<form method="post" action="/code"><label>Code <input name="code" inputmode="numeric" autocomplete="one-time-code" required></label> <button>Sign up</button></form>`);

/** Starts the site on a free port; `sendSms({ number, sender, text })` is its way to the phone. Returns its address and how to stop it. */
export async function startSampleSite(sendSms: (sms: Sms) => Promise<unknown>): Promise<{ url: string; stop(): void }> {
  let code: string | null = null;
  const answer = (response: ServerResponse, html: string) => void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const form = new URLSearchParams(body);
    if (request.method === 'POST' && request.url === '/number') {
      code = String(Math.floor(10_000 + Math.random() * 90_000));
      await sendSms({ number: form.get('number') ?? '', sender: 'Telegram', text: `Telegram code: ${code}` });
      return answer(response, askCode(false));
    }
    if (request.method === 'POST' && request.url === '/code') {
      return answer(response, form.get('code') === code ? page('<h1>Welcome</h1><p>Your account is ready.</p>') : askCode(true));
    }
    return answer(response, askNumber);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => void server.close() };
}
