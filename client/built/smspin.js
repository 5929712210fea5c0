// Made from the API document by `bun run client:types`. Do not edit.
// client/http.ts
class ApiError extends Error {
  type;
  status;
  title;
  detail;
  requestId;
  retryAfterSeconds;
  problem;
  constructor(status, problem, headers) {
    const text = (name) => typeof problem[name] === "string" ? problem[name] : "";
    super(text("detail") || `The server answered ${status}.`);
    this.name = "ApiError";
    this.status = status;
    this.type = text("type") || "unknown";
    this.title = text("title");
    this.detail = text("detail");
    this.requestId = text("request_id") || headers.get("x-request-id");
    const seconds = Number(headers.get("retry-after") ?? Number.NaN);
    this.retryAfterSeconds = Number.isFinite(seconds) ? seconds : null;
    this.problem = problem;
  }
}

class ConnectionError extends Error {
  constructor(what, cause) {
    super(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = "ConnectionError";
  }
}
var RETRIES = 4;
var TIMEOUT_MS = 30000;
var BACKOFF_MS = 250;
var BACKOFF_MAX_MS = 8000;
var RETRY_AFTER_SECONDS_MAX = 60;
function makeHttp(options) {
  const send = options.fetch ?? globalThis.fetch.bind(globalThis);
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  const retries = options.retries ?? RETRIES;
  async function attempt(method, url, call) {
    const timeout = AbortSignal.timeout((options.timeoutMs ?? TIMEOUT_MS) + (call.waitMs ?? 0));
    const response = await send(url, {
      method,
      headers: {
        authorization: `Bearer ${options.apiKey}`,
        ...call.body === undefined ? {} : { "content-type": "application/json" },
        ...call.idempotencyKey === undefined ? {} : { "idempotency-key": call.idempotencyKey }
      },
      credentials: "omit",
      signal: call.signal ? AbortSignal.any([call.signal, timeout]) : timeout,
      ...call.body === undefined ? {} : { body: JSON.stringify(call.body) }
    });
    const text = await response.text();
    if (!response.ok)
      throw new ApiError(response.status, parsedObject(text), response.headers);
    return text === "" ? undefined : JSON.parse(text);
  }
  return {
    baseUrl,
    async call(method, path, call = {}) {
      const url = `${baseUrl}/api/v1${path}${queryOf(call.query)}`;
      for (let tries = 0;; tries++) {
        try {
          return await attempt(method, url, call);
        } catch (thrown) {
          call.signal?.throwIfAborted();
          const waitMs = tries < retries ? retryInMs(thrown, tries) : null;
          if (waitMs === null)
            throw thrown instanceof ApiError ? thrown : new ConnectionError(`${method} ${path} got no answer`, thrown);
          await sleep(waitMs, call.signal);
        }
      }
    }
  };
}
function retryInMs(thrown, tries) {
  const backoffMs = Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** tries) * (0.5 + Math.random() / 2);
  if (!(thrown instanceof ApiError))
    return backoffMs;
  const { status, retryAfterSeconds } = thrown;
  if (status === 429 && retryAfterSeconds === null)
    return null;
  if (status !== 429 && status !== 502 && status !== 503 && status !== 504)
    return null;
  if ((retryAfterSeconds ?? 0) > RETRY_AFTER_SECONDS_MAX)
    return null;
  return Math.max(backoffMs, (retryAfterSeconds ?? 0) * 1000);
}
function sleep(ms, signal) {
  return new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", leave);
      resolve();
    }, ms);
    if (signal?.aborted)
      leave();
    else
      signal?.addEventListener("abort", leave, { once: true });
  });
}
function queryOf(query = {}) {
  const given = new URLSearchParams;
  for (const [name, value] of Object.entries(query))
    if (value !== undefined)
      given.set(name, String(value));
  const text = given.toString();
  return text === "" ? "" : `?${text}`;
}
function parsedObject(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

// client/pages.ts
async function* pages(http, path, query, signal) {
  let cursor;
  do {
    const page = await http.call("GET", path, { query: { ...query, cursor }, signal });
    yield* page.data;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}

// client/orders.ts
class OrderEndedError extends Error {
  order;
  constructor(order) {
    super(`The order ${order.id} is ${order.status} (${order.reason}): no code will come.`);
    this.name = "OrderEndedError";
    this.order = order;
  }
}

class CodeTimeoutError extends Error {
  order;
  constructor(order, timeoutMs) {
    super(`No code came for ${order.number} within ${timeoutMs} ms.`);
    this.name = "CodeTimeoutError";
    this.order = order;
  }
}
var WAIT_SECONDS = 25;

class Orders {
  #http;
  constructor(http) {
    this.#http = http;
  }
  async create(order, options = {}) {
    const idempotencyKey = options.idempotencyKey ?? crypto.randomUUID();
    return await this.#http.call("POST", "/orders", { body: order, idempotencyKey, signal: options.signal });
  }
  async createMany(order, options = {}) {
    const idempotencyKey = options.idempotencyKey ?? crypto.randomUUID();
    return await this.#http.call("POST", "/orders", { body: order, idempotencyKey, signal: options.signal });
  }
  quoteReuse(id, options = {}) {
    return this.#http.call("GET", `${path(id)}/reuse`, { signal: options.signal });
  }
  async reuse(id, options = {}) {
    const idempotencyKey = options.idempotencyKey ?? crypto.randomUUID();
    const body = options.maxPrice === undefined ? {} : { max_price: options.maxPrice };
    return await this.#http.call("POST", `${path(id)}/reuse`, { body, idempotencyKey, signal: options.signal });
  }
  label(id, labels, options = {}) {
    return this.#http.call("PATCH", path(id), { body: labels, signal: options.signal });
  }
  extend(id, options = {}) {
    return this.#http.call("POST", `${path(id)}/extend`, { signal: options.signal });
  }
  another(id, options = {}) {
    return this.#http.call("POST", `${path(id)}/another`, { signal: options.signal });
  }
  async get(id, options = {}) {
    return await this.#http.call("GET", path(id), { signal: options.signal });
  }
  list(filter = {}) {
    const { signal, ...query } = filter;
    return pages(this.#http, "/orders", query, signal);
  }
  cancel(id, options = {}) {
    return this.#act(id, "cancel", "canceled", options);
  }
  finish(id, options = {}) {
    return this.#act(id, "finish", "finished", options);
  }
  report(id, options = {}) {
    const { signal, ...body } = options;
    return this.#act(id, "report", "reported", { signal }, body);
  }
  async waitForCode(id, options = {}) {
    const { timeout = Number.POSITIVE_INFINITY, signal } = options;
    const deadlineMs = Date.now() + timeout;
    let { after } = options;
    for (;; ) {
      signal?.throwIfAborted();
      const leftMs = Math.max(0, deadlineMs - Date.now());
      const wait = Math.min(WAIT_SECONDS, Math.ceil(leftMs / 1000));
      const asked = { query: { wait, after }, waitMs: wait * 1000, signal };
      const order = await this.#http.call("GET", path(id), asked);
      if (order.code !== null)
        return { code: order.code, message: order.messages.find((one) => one.code === order.code) ?? null, order };
      if (order.status !== "pending" && order.status !== "received")
        throw new OrderEndedError(order);
      if (Date.now() >= deadlineMs)
        throw new CodeTimeoutError(order, timeout);
      if (after !== undefined || order.status === "received")
        after = order.last_event;
    }
  }
  async#act(id, verb, becomes, { signal }, body) {
    try {
      return await this.#http.call("POST", `${path(id)}/${verb}`, { signal, ...body && { body } });
    } catch (thrown) {
      if (thrown instanceof ApiError && thrown.status === 409 && thrown.problem["order_status"] === becomes)
        return this.get(id);
      throw thrown;
    }
  }
}
function path(id) {
  return `/orders/${encodeURIComponent(id)}`;
}

// client/node-socket.ts
function nodeSocket(url) {
  const socket = { onopen: null, onmessage: null, onclose: null, onerror: null, close: () => {} };
  let closed = false;
  const closeOnce = (code, reason) => {
    if (closed)
      return;
    closed = true;
    socket.onclose?.({ code, reason });
  };
  let wantsClose = null;
  socket.close = (code = 1000) => {
    wantsClose = { code };
  };
  open().catch((thrown) => closeOnce(1006, String(thrown)));
  return socket;
  async function open() {
    const name = url.startsWith("wss:") ? "node:https" : "node:http";
    const { request } = await import(name);
    const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
    const asked = request(url.replace(/^ws/, "http"), {
      headers: { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13", "sec-websocket-key": key }
    });
    asked.on("error", (thrown) => closeOnce(1006, String(thrown)));
    asked.on("response", (response) => {
      response.resume();
      closeOnce(1006, `the server answered ${response.statusCode}`);
    });
    asked.on("upgrade", (_, wire, head) => attach(wire, head));
    asked.end();
  }
  function attach(wire, head) {
    let held = new Uint8Array(0);
    let pieces = [];
    const send = (opcode, payload) => wire.write(frame(opcode, payload));
    socket.close = (code = 1000) => {
      send(8, Uint8Array.of(code >> 8, code & 255));
      wire.end();
      closeOnce(code, "");
    };
    const take = (data) => {
      held = concat([held, data]);
      for (let read = readFrame(held);read; read = readFrame(held)) {
        held = held.slice(read.octets);
        const { opcode, payload } = read;
        if (opcode === 9)
          send(10, payload);
        else if (opcode === 8) {
          const code = payload.length >= 2 ? (payload[0] ?? 0) << 8 | (payload[1] ?? 0) : 1005;
          send(8, payload.slice(0, 2));
          wire.end();
          closeOnce(code, new TextDecoder().decode(payload.slice(2)));
        } else if (opcode <= 2) {
          pieces.push(payload);
          if (!read.final)
            continue;
          const text = new TextDecoder().decode(concat(pieces));
          pieces = [];
          socket.onmessage?.({ data: text });
        }
      }
    };
    wire.on("data", take);
    wire.on("close", () => closeOnce(1006, "the connection was lost"));
    wire.on("error", () => closeOnce(1006, "the connection was lost"));
    socket.onopen?.(undefined);
    if (head.length > 0)
      take(head);
    if (wantsClose)
      socket.close(wantsClose.code);
  }
}
function readFrame(held) {
  const view = new DataView(held.buffer, held.byteOffset, held.byteLength);
  if (held.length < 2)
    return null;
  const short = view.getUint8(1) & 127;
  const from = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (held.length < from)
    return null;
  const length = short === 126 ? view.getUint16(2) : short === 127 ? Number(view.getBigUint64(2)) : short;
  if (held.length < from + length)
    return null;
  const first = view.getUint8(0);
  return { opcode: first & 15, final: (first & 128) !== 0, payload: held.slice(from, from + length), octets: from + length };
}
function frame(opcode, payload) {
  const mask = crypto.getRandomValues(new Uint8Array(4));
  const masked = payload.slice(0, 125).map((octet, index) => octet ^ (mask[index % 4] ?? 0));
  return concat([Uint8Array.of(128 | opcode, 128 | masked.length), mask, masked]);
}
function concat(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// client/stream.ts
class StreamGapError extends Error {
  after;
  constructor(after, reason) {
    super(reason || "The server can no longer tell what came after that event.");
    this.name = "StreamGapError";
    this.after = after;
  }
}
var START = "start";
var CLOSE_UNAUTHORIZED = 4401;
var CLOSE_GAP = 4410;
var CLOSE_TOO_MANY = 4429;
var BACKOFF_MS2 = 500;
var BACKOFF_MAX_MS2 = 30000;
var SILENCE_MS = 45000;

class StreamClosedError extends Error {
  code;
  constructor(code, reason) {
    super(reason || `The server closed the stream with ${code}.`);
    this.name = "StreamClosedError";
    this.code = code;
  }
}

class EventStream {
  #http;
  #make;
  #options;
  #ended = new AbortController;
  #queue = [];
  #wake = null;
  #failure = null;
  lastEventId;
  opened;
  #isOpen = () => {};
  closed;
  constructor(http, make, options) {
    this.#http = http;
    this.#make = make ?? defaultSocket;
    this.#options = options;
    this.lastEventId = options.after;
    options.signal?.addEventListener("abort", () => this.close(), { once: true });
    if (options.signal?.aborted)
      this.#ended.abort();
    this.opened = new Promise((resolve) => this.#isOpen = resolve);
    this.closed = this.#run().finally(() => {
      this.#ended.abort();
      this.#isOpen();
      this.#wake?.();
    });
    this.closed.catch((thrown) => {
      this.#failure = thrown;
    });
  }
  close() {
    this.#ended.abort();
  }
  async* [Symbol.asyncIterator]() {
    try {
      for (;; ) {
        const next = this.#queue.shift();
        if (next)
          yield next;
        else if (this.#ended.signal.aborted)
          break;
        else
          await new Promise((resolve) => this.#wake = resolve);
      }
      await Promise.resolve();
      if (this.#failure !== null)
        throw this.#failure;
    } finally {
      this.close();
    }
  }
  async#run() {
    let failures = 0;
    while (!this.#ended.signal.aborted) {
      const { opened, code, reason } = await this.#connection();
      if (this.#ended.signal.aborted)
        return;
      if (code === CLOSE_GAP)
        throw new StreamGapError(this.lastEventId, reason);
      if (code === CLOSE_UNAUTHORIZED || code === CLOSE_TOO_MANY)
        throw new StreamClosedError(code, reason);
      failures = opened ? 0 : failures + 1;
      const inMs = Math.min(BACKOFF_MAX_MS2, BACKOFF_MS2 * 2 ** failures) * (0.5 + Math.random() / 2);
      this.#options.onReconnect?.({ code, reason, inMs });
      await sleep(inMs, this.#ended.signal).catch(() => {});
    }
  }
  async#connection() {
    let ticket;
    try {
      const answer = await this.#http.call("POST", "/stream/tickets", { signal: this.#ended.signal });
      ticket = answer.ticket;
      if (answer.last_event !== undefined)
        this.lastEventId ??= answer.last_event ?? START;
    } catch (thrown) {
      if (this.#ended.signal.aborted)
        return { opened: false, code: 1000, reason: "" };
      if (thrown instanceof ApiError && thrown.status < 500 && thrown.status !== 429)
        throw thrown;
      return { opened: false, code: 1006, reason: String(thrown) };
    }
    const query = new URLSearchParams({ ticket, heartbeat: "1", ...this.lastEventId === undefined ? {} : { after: this.lastEventId } });
    const socket = this.#make(`${this.#http.baseUrl.replace(/^http/, "ws")}/api/v1/stream?${query}`);
    return new Promise((resolve) => {
      let opened = false;
      let silence;
      const end = (code, reason) => {
        clearTimeout(silence);
        this.#ended.signal.removeEventListener("abort", leave);
        resolve({ opened, code, reason });
      };
      const leave = () => socket.close(1000);
      const heard = () => {
        clearTimeout(silence);
        silence = setTimeout(() => {
          socket.close(4000, "silence");
          end(4000, "silence");
        }, SILENCE_MS);
      };
      this.#ended.signal.addEventListener("abort", leave, { once: true });
      heard();
      socket.onopen = () => {
        opened = true;
        this.#isOpen();
        heard();
      };
      socket.onmessage = ({ data }) => {
        heard();
        if (typeof data === "string")
          this.#take(data);
      };
      socket.onerror = () => {};
      socket.onclose = ({ code, reason }) => end(code, reason);
      if (this.#ended.signal.aborted)
        leave();
    });
  }
  #take(text) {
    const event = JSON.parse(text);
    if (typeof event.id !== "string" || typeof event.type !== "string" || event.id === this.lastEventId)
      return;
    this.lastEventId = event.id;
    if (this.#options.onEvent)
      this.#options.onEvent(event);
    else
      this.#queue.push(event);
    this.#wake?.();
  }
}
function defaultSocket(url) {
  return typeof WebSocket === "function" ? new WebSocket(url) : nodeSocket(url);
}

// client/webhooks.ts
class WebhookVerificationError extends Error {
  constructor(message) {
    super(message);
    this.name = "WebhookVerificationError";
  }
}
async function verify(payload, headers, secret, options = {}) {
  const id = header(headers, "webhook-id");
  const timestamp = header(headers, "webhook-timestamp");
  const signatures = header(headers, "webhook-signature");
  if (!/^\d{1,12}$/.test(timestamp))
    throw new WebhookVerificationError("webhook-timestamp is not a time in seconds.");
  const apartSeconds = Math.abs((options.nowMs ?? Date.now()) / 1000 - Number(timestamp));
  if (apartSeconds > (options.toleranceSeconds ?? 300))
    throw new WebhookVerificationError(`The request is ${Math.round(apartSeconds)} seconds away from now.`);
  const body = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  const signed = joined(new TextEncoder().encode(`${id}.${timestamp}.`), body);
  const secrets = typeof secret === "string" ? [secret] : secret;
  const keys = await Promise.all(secrets.map(keyOf));
  for (const signature of signatures.split(" ").filter((one) => one.startsWith("v1,"))) {
    const mac = fromBase64(signature.slice("v1,".length));
    if (mac === null)
      continue;
    for (const key of keys)
      if (await crypto.subtle.verify("HMAC", key, mac, signed))
        return parsed(body);
  }
  throw new WebhookVerificationError("No signature of the request fits the secret.");
}
function header(headers, name) {
  const own = headers instanceof Headers ? headers.get(name) : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  const value = Array.isArray(own) ? own[0] : own;
  if (!value)
    throw new WebhookVerificationError(`The header ${name} is missing.`);
  return value;
}
function keyOf(secret) {
  const octets = fromBase64(secret.replace(/^whsec_/, ""));
  if (octets === null || octets.length === 0)
    throw new TypeError("The secret must be whsec_ and base 64, as it was shown when the webhook was made.");
  return crypto.subtle.importKey("raw", octets, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
}
function fromBase64(text) {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
function joined(first, second) {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
function parsed(body) {
  return JSON.parse(new TextDecoder().decode(body));
}

// client/smspin.ts
class SmsPin {
  orders;
  #http;
  #socket;
  constructor(options) {
    if (!/^https?:\/\//.test(options.baseUrl))
      throw new TypeError("baseUrl must begin with http:// or https://");
    if (!options.apiKey)
      throw new TypeError("apiKey is missing");
    this.#http = makeHttp(options);
    this.#socket = options.socket;
    this.orders = new Orders(this.#http);
  }
  offers = {
    list: async (filter = {}) => {
      const { signal, ...query } = filter;
      return (await this.#http.call("GET", "/offers", { query, signal })).data;
    }
  };
  messages = {
    list: (filter = {}) => {
      const { signal, ...query } = filter;
      return pages(this.#http, "/messages", query, signal);
    }
  };
  balance = {
    get: (options = {}) => this.#http.call("GET", "/balance", { signal: options.signal }),
    ledger: (filter = {}) => {
      const { signal, ...query } = filter;
      return pages(this.#http, "/ledger", query, signal);
    }
  };
  stream(options = {}) {
    return new EventStream(this.#http, this.#socket, options);
  }
}
var webhooks = { verify };
export {
  ApiError,
  CodeTimeoutError,
  ConnectionError,
  EventStream,
  OrderEndedError,
  SmsPin,
  StreamClosedError,
  StreamGapError,
  WebhookVerificationError,
  webhooks
};
