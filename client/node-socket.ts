import type { Socket } from './stream.ts';

/**
 * A WebSocket (RFC 6455) on node:http, for Node 20, which has none of its own: text both ways, ping, close; no extensions. Frames of the server come unmasked
 * (5.1), whole messages may come in pieces (5.4).
 */
export function nodeSocket(url: string): Socket {
  const socket: Socket = { onopen: null, onmessage: null, onclose: null, onerror: null, close: () => {} };
  let closed = false;
  const closeOnce = (code: number, reason: string): void => {
    if (closed) return;
    closed = true;
    socket.onclose?.({ code, reason });
  };
  let wantsClose: { code: number } | null = null;
  socket.close = (code = 1000) => {
    wantsClose = { code };
  };
  void open().catch((thrown: unknown) => closeOnce(1006, String(thrown)));
  return socket;

  async function open(): Promise<void> {
    // Only Node has them; a bundler for the browser leaves the branch alone.
    const name = url.startsWith('wss:') ? 'node:https' : 'node:http';
    const { request } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as NodeHttp;
    const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
    const asked = request(url.replace(/^ws/, 'http'), {
      headers: { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': key },
    });
    asked.on('error', (thrown) => closeOnce(1006, String(thrown)));
    asked.on('response', (response) => {
      response.resume();
      closeOnce(1006, `the server answered ${response.statusCode}`);
    });
    asked.on('upgrade', (_, wire, head) => attach(wire, head));
    asked.end();
  }

  function attach(wire: Wire, head: Uint8Array): void {
    let held = new Uint8Array(0);
    let pieces: Uint8Array[] = [];
    const send = (opcode: number, payload: Uint8Array): void => wire.write(frame(opcode, payload));
    socket.close = (code = 1000) => {
      send(0x8, Uint8Array.of(code >> 8, code & 255));
      wire.end();
      closeOnce(code, '');
    };
    const take = (data: Uint8Array): void => {
      held = concat([held, data]);
      for (let read = readFrame(held); read; read = readFrame(held)) {
        held = held.slice(read.octets);
        const { opcode, payload } = read;
        if (opcode === 0x9) send(0xa, payload);
        else if (opcode === 0x8) {
          const code = payload.length >= 2 ? ((payload[0] ?? 0) << 8) | (payload[1] ?? 0) : 1005;
          send(0x8, payload.slice(0, 2));
          wire.end();
          closeOnce(code, new TextDecoder().decode(payload.slice(2)));
        } else if (opcode <= 0x2) {
          pieces.push(payload);
          if (!read.final) continue;
          const text = new TextDecoder().decode(concat(pieces));
          pieces = [];
          socket.onmessage?.({ data: text });
        }
      }
    };
    wire.on('data', take);
    wire.on('close', () => closeOnce(1006, 'the connection was lost'));
    wire.on('error', () => closeOnce(1006, 'the connection was lost'));
    socket.onopen?.(undefined as never);
    if (head.length > 0) take(head);
    if (wantsClose) socket.close(wantsClose.code);
  }
}

/** The few things of node:http that are used, so that the client needs no types of Node. */
interface Wire {
  write(data: Uint8Array): void;
  end(): void;
  on(event: 'data', listener: (data: Uint8Array) => void): void;
  on(event: 'close' | 'error', listener: () => void): void;
}
interface NodeRequest {
  on(event: 'error', listener: (thrown: unknown) => void): void;
  on(event: 'response', listener: (response: { statusCode: number; resume(): void }) => void): void;
  on(event: 'upgrade', listener: (response: unknown, wire: Wire, head: Uint8Array) => void): void;
  end(): void;
}
interface NodeHttp {
  request(url: string, options: { headers: Record<string, string> }): NodeRequest;
}

/** One frame from the start of `held`, or null while it is not whole. */
function readFrame(held: Uint8Array): { opcode: number; final: boolean; payload: Uint8Array; octets: number } | null {
  const view = new DataView(held.buffer, held.byteOffset, held.byteLength);
  if (held.length < 2) return null;
  const short = view.getUint8(1) & 0x7f;
  const from = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (held.length < from) return null;
  const length = short === 126 ? view.getUint16(2) : short === 127 ? Number(view.getBigUint64(2)) : short;
  if (held.length < from + length) return null;
  const first = view.getUint8(0);
  return { opcode: first & 0x0f, final: (first & 0x80) !== 0, payload: held.slice(from, from + length), octets: from + length };
}

/** A frame of ours: whole, and masked as a client must (RFC 6455 5.3). Ours are never longer than 125 octets. */
function frame(opcode: number, payload: Uint8Array): Uint8Array {
  const mask = crypto.getRandomValues(new Uint8Array(4));
  const masked = payload.slice(0, 125).map((octet, index) => octet ^ (mask[index % 4] ?? 0));
  return concat([Uint8Array.of(0x80 | opcode, 0x80 | masked.length), mask, masked]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
