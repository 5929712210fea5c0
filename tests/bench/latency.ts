import { startTestBank, type TestBank } from '../support/bank.ts';
import { type ApiOrder, customer, expectOk, until } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';
import { describeMs, percentile } from './figures.ts';

/** The wall clock with fractions, the same in every process of this machine. */
const nowMs = () => performance.timeOrigin + performance.now();
const PASSWORD = 'a password for the bench';

interface Scene {
  title: string;
  modems: number;
  replyDelayMs: number;
  messages: number;
  /** Time between two messages; 0 sends the next when the frame of the last has come. */
  everyMs: number;
  /** What goes on beside it on the first three modems, which get no messages; ends when `isOver`. */
  disturb?(bank: TestBank, isOver: () => boolean): Promise<void>;
}

const BUSY = { modems: 64, replyDelayMs: 5, messages: 640, everyMs: 10 };
const DISTURBED = 3;

/**
 * From the last octet of `+CMTI` on the serial line to the WebSocket frame with the code in the browser's place, through real PTYs, the real
 * server in its own process, a durable commit, and the dashboard's socket. The modem's own reply to CMGR is inside.
 */
export async function latency(): Promise<void> {
  console.log('SMS on the line (last octet of +CMTI) → WebSocket frame of the dashboard');
  await measure({ title: '1 modem, one message after the other', modems: 1, replyDelayMs: 0, messages: 200, everyMs: 0 });
  const quiet = await measureBusy();
  const title = 'the same, while one more is frozen, one noisy, and one comes and goes';
  const disturbed = await measure({ ...BUSY, modems: BUSY.modems + DISTURBED, title, disturb });
  console.log(`  ratio to the undisturbed: ${ratios(disturbed, quiet)}`);
}

/** 64 modems that all receive; the times in milliseconds. */
export function measureBusy(): Promise<number[]> {
  return measure({ ...BUSY, title: '64 busy modems, replies take 5 ms, 100 messages/s' });
}

/** p50 and p99 of `times` as multiples of those of `reference`. */
export function ratios(times: readonly number[], reference: readonly number[]): string {
  const ratio = (share: number) => (percentile(times, share) / percentile(reference, share)).toFixed(2);
  return `p50 ${ratio(0.5)}, p99 ${ratio(0.99)}`;
}

/** The first modem hangs, the second's line is noisy, the third is pulled out and put back again and again. */
async function disturb(bank: TestBank, isOver: () => boolean): Promise<void> {
  const [frozen = '', noisy = '', loose = ''] = bank.ports;
  await bank.freeze(frozen);
  await bank.fault(noisy, 'noise', true);
  while (!isOver()) {
    await bank.unplug(loose);
    await Bun.sleep(300);
    await bank.plug(loose);
    await Bun.sleep(700);
  }
}

async function measure(scene: Scene): Promise<number[]> {
  const bank = await startTestBank(scene.modems, { replyDelayMs: scene.replyDelayMs });
  const config = `[modems]\nports = ["${bank.pattern}"]\ndiscover = false\n[log]\nlevel = "error"\n`;
  const server = await startServer({ config });
  let isOver = false;
  try {
    const orders = await rentAll(server, bank);
    const disturbed = bank.sims.slice(0, scene.disturb === undefined ? 0 : DISTURBED).map(({ number }) => number);
    const served = orders.filter(({ number }) => !disturbed.includes(number));
    const dashboard = await openDashboard(server);
    const disturbing = scene.disturb?.(bank, () => isOver);
    const times: number[] = [];
    const sending: Promise<unknown>[] = [];
    for (let n = 0; n < scene.messages; n++) {
      const order = served[n % served.length];
      const arrived = sendOne(bank, dashboard, order?.number ?? '', 100_000 + n).then((ms) => times.push(ms));
      if (scene.everyMs === 0) await arrived;
      else sending.push(arrived, Bun.sleep(scene.everyMs));
      if (scene.everyMs > 0) await sending.at(-1);
    }
    await Promise.all(sending);
    isOver = true;
    await disturbing;
    console.log(`  ${scene.title}: ${describeMs(times)}`);
    return times;
  } finally {
    isOver = true;
    await server.stop();
    await bank.stop();
  }
}

/** One order of `any` on every modem, all of one customer, so that every message is pushed to one socket. */
async function rentAll(server: Server, bank: TestBank): Promise<ApiOrder[]> {
  const anna = await customer(server, 'anna@example.org', 1_000_000);
  await expectOk(server.run(['user', 'password', 'anna@example.org', '--password-stdin'], `${PASSWORD}\n`));
  const countries = [...new Set(bank.sims.map((sim) => sim.country))];
  for (const country of countries) await expectOk(server.run(['offer', 'set', country, 'any', '--price', '10', '--window-minutes', '60']));
  await until(
    async () => {
      const { body } = await anna.call<{ data: { stock: number }[] }>('GET', '/offers?service=any');
      return body.data.reduce((sum, offer) => sum + offer.stock, 0) === bank.sims.length;
    },
    'every modem is ready',
    60_000,
  );
  return Promise.all(bank.sims.map(async (sim) => (await anna.order(sim.country, 'any')).body));
}

interface Dashboard {
  /** Resolves with the time of the first frame that shows the code. */
  shows(code: string): Promise<number>;
}

async function openDashboard(server: Server): Promise<Dashboard> {
  const signedIn = await fetch(`${server.url}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ email: 'anna@example.org', password: PASSWORD }),
    redirect: 'manual',
  });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const waiting = new Map<string, (atMs: number) => void>();
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/dashboard/live`, { headers: { cookie } });
  socket.addEventListener('message', (event) => {
    const atMs = nowMs();
    const html = String(event.data);
    for (const [code, resolve] of waiting) {
      if (!html.includes(`data-code="${code}"`)) continue;
      waiting.delete(code);
      resolve(atMs);
    }
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  return { shows: (code) => new Promise((resolve) => waiting.set(code, resolve)) };
}

async function sendOne(bank: TestBank, dashboard: Dashboard, number: string, code: number): Promise<number> {
  const shown = dashboard.shows(String(code));
  const sent = await bank.sendSms({ number, sender: 'Example', text: `Your Example verification code is ${code}.` });
  if (!sent.ok || sent.writtenAtMs === null) throw new Error(`not announced: ${JSON.stringify(sent)}`);
  return (await shown) - sent.writtenAtMs;
}
