// Countdowns, copy buttons and the dashboard's connection. Listens on the document, so whatever is swapped in works at once.
(() => {
  const POLL_MS = 3000;
  const CONNECT_MS = 2500;
  const SILENCE_MS = 45_000;
  const SUBMIT_AGAIN_MS = 10_000;
  /** The server's code for more tabs than it keeps up to date (docs/stream.md); the socket is not tried again. */
  const TOO_MANY = 4429;
  const RECONNECTING = 'reconnecting, checking every 3 s';
  const announcer = document.getElementById('announce');

  // ---- The server's clock -------------------------------------------------------------------------------------------------------------
  let offsetMs = 0;

  function setClock(serverNowMs, localNowMs) {
    if (Number.isFinite(serverNowMs) && serverNowMs > 0) offsetMs = serverNowMs - localNowMs;
  }

  /** The page was rendered just before its first byte came, not when this script runs. */
  function setClockFromPage() {
    const navigation = performance.getEntriesByType('navigation')[0];
    const firstByteMs = navigation ? performance.timeOrigin + navigation.responseStart : Date.now();
    setClock(Number(document.getElementById('main')?.dataset.nowMs), firstByteMs);
  }

  // ---- Countdowns: the same form as timeLeft in views/format.ts -----------------------------------------------------------------------
  function timeLeft(leftMs) {
    const total = Math.max(0, Math.ceil(leftMs / 1000));
    const two = (value) => String(value).padStart(2, '0');
    const [days, hours, minutes, seconds] = [
      Math.floor(total / 86_400),
      Math.floor(total / 3600) % 24,
      Math.floor(total / 60) % 60,
      total % 60,
    ];
    if (days > 0) return `${days} d ${two(hours)}:${two(minutes)}:${two(seconds)}`;
    return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
  }

  function tick() {
    const nowMs = Date.now() + offsetMs;
    for (const countdown of document.querySelectorAll('[data-expires-at-ms]'))
      showLeft(countdown, Number(countdown.dataset.expiresAtMs) - nowMs);
    for (const button of document.querySelectorAll('[data-enable-at-ms]')) {
      if (Number(button.dataset.enableAtMs) <= nowMs) button.disabled = false;
    }
    for (const elapsed of document.querySelectorAll('[data-elapsed-since-ms]'))
      elapsed.textContent = `${Math.max(0, Math.floor((nowMs - Number(elapsed.dataset.elapsedSinceMs)) / 1000))} s`;
    for (const note of document.querySelectorAll('[data-gone-at-ms]')) {
      const leftMs = Number(note.dataset.goneAtMs) - nowMs;
      note.hidden = leftMs <= 0;
      note.textContent = `possible in ${timeLeft(leftMs)}`;
    }
  }

  function showLeft(countdown, leftMs) {
    const windowMs = Number(countdown.dataset.windowMs);
    const text = countdown.querySelector('[data-countdown-text]');
    const bar = countdown.querySelector('progress');
    // At zero the modem's storage is read once more before the order may expire, so the end is the server's to tell.
    const words = leftMs > 0 ? timeLeft(leftMs) : 'last check';
    if (text && text.textContent !== words) text.textContent = words;
    if (bar) bar.value = Math.round(Math.min(1, Math.max(0, leftMs / windowMs)) * 1000);
    countdown.toggleAttribute('data-soon', leftMs < 60_000 && leftMs < windowMs / 4);
  }

  // ---- Copying, filling in examples, submitting once ----------------------------------------------------------------------------------
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Without HTTPS, or without permission, only the old way is open.
      const field = document.createElement('textarea');
      field.value = text;
      field.className = 'sr-only';
      document.body.append(field);
      field.select();
      const done = document.execCommand('copy');
      field.remove();
      return done;
    }
  }

  async function copyFrom(button) {
    const done = await copy(button.dataset.copy);
    button.focus({ preventScroll: true });
    button.dataset.copied = done ? 'Copied' : 'Press Ctrl+C';
    say(done ? 'Copied' : 'Copying was refused by the browser');
    clearTimeout(button.copiedTimer);
    button.copiedTimer = setTimeout(() => delete button.dataset.copied, 1800);
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-copy], [data-fill-text]');
    if (!button) return;
    if (button.dataset.copy !== undefined) return void copyFrom(button);
    const form = button.closest('form');
    form.elements.sender.value = button.dataset.fillSender;
    form.elements.text.value = button.dataset.fillText;
    form.elements.text.focus();
  });

  document.addEventListener('submit', (event) => {
    if (event.defaultPrevented || event.target.method !== 'post') return;
    if (event.target.dataset.sent !== undefined) return event.preventDefault();
    const { target, submitter } = event;
    target.dataset.sent = '';
    submitter?.setAttribute('aria-busy', 'true');
    setTimeout(() => {
      delete target.dataset.sent;
      submitter?.removeAttribute('aria-busy');
    }, SUBMIT_AGAIN_MS);
  });

  // A form whose answer takes long says how long it has been waited for: the indicator it names counts from now.
  document.addEventListener('htmx:before:request', (event) => {
    const indicator = event.target.closest?.('[hx-indicator]')?.getAttribute('hx-indicator');
    const elapsed = indicator && document.querySelector(indicator)?.querySelector('[data-elapsed]');
    if (!elapsed) return;
    elapsed.dataset.elapsedSinceMs = Date.now() + offsetMs;
    tick();
  });

  // A page the browser brings back from its memory shows old orders and dead forms.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });

  // ---- Announcing codes ---------------------------------------------------------------------------------------------------------------
  const title = document.title;
  let known = codesOnPage();

  function say(words) {
    if (!announcer) return;
    announcer.textContent = '';
    setTimeout(() => (announcer.textContent = words), 50);
  }

  function codesOnPage() {
    const cards = [...document.querySelectorAll('.order[data-order-id]')];
    return new Map(
      cards.map((card) => [card.dataset.orderId, { code: card.dataset.code, status: card.dataset.status, name: card.dataset.serviceName }]),
    );
  }

  function announceChanges() {
    const now = codesOnPage();
    for (const [orderId, { code, status, name }] of now) {
      const before = known.get(orderId);
      if (code && before?.code !== code) {
        say(`${name} code: ${[...code].join(' ')}`);
        if (document.hidden) document.title = `${code} · ${name}`;
      } else if (before && before.status !== status) {
        say(document.getElementById(`order-${orderId}`)?.querySelector('.end p')?.textContent ?? `${name}: ${status}`);
      }
    }
    known = now;
  }

  // ---- Saying which codes stood on a visible page: part of the evidence of their delivery -----------------------------------------------
  const told = new Set();

  function tellSeen() {
    if (document.hidden) return;
    const events = [...document.querySelectorAll('.order[data-event][data-code]')].map((card) => card.dataset.event);
    const fresh = events.filter((event) => !told.has(event)).slice(0, 50);
    if (fresh.length === 0) return;
    for (const event of fresh) told.add(event);
    // Without an answer it is said again with the next change of the page.
    fetch('/dashboard/seen', { method: 'POST', body: new URLSearchParams({ event: fresh.join(',') }), keepalive: true }).catch(() => {
      for (const event of fresh) told.delete(event);
    });
  }

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    document.title = title;
    tellSeen();
  });

  document.addEventListener('htmx:after:swap', () => {
    tick();
    announceChanges();
    tellSeen();
  });

  // ---- The dashboard's connection: the socket, or a poll every 3 s while it is down ---------------------------------------------------
  function follow(live) {
    const label = document.getElementById('connection');
    let polling = null;
    let heartbeats = false;
    let silence = null;
    let current = null;
    let waiting = RECONNECTING;

    function show(connection, words) {
      if (label.dataset.connection !== connection) label.dataset.connection = connection;
      if (label.textContent !== words) label.textContent = words;
    }

    function socketIsUp() {
      clearTimeout(polling);
      polling = null;
      show('socket', 'live');
    }

    function socketIsDown() {
      clearTimeout(silence);
      if (polling !== null) return;
      show('polling', waiting);
      polling = setTimeout(poll, 0);
    }

    async function poll() {
      const round = polling;
      const reached = await fetchOnce();
      if (polling !== round) return;
      show('polling', reached ? waiting : 'no connection, trying every 3 s');
      polling = setTimeout(poll, POLL_MS);
    }

    async function fetchOnce() {
      try {
        const response = await fetch(live.dataset.poll, { headers: { 'HX-Request': 'true' }, signal: AbortSignal.timeout(10_000) });
        // The session ended: the page itself knows where to sign in and comes back to itself, which the poll's address could not.
        if (response.headers.has('HX-Redirect') || response.redirected || response.status === 401)
          return void location.assign(live.dataset.page);
        if (!response.ok) return false;
        const text = await response.text();
        // A message of the socket may have come meanwhile; it is newer than this answer.
        if (label.dataset.connection !== 'socket') await htmx.swap({ sourceElement: live, target: live, swap: 'none', text });
        return true;
      } catch {
        return false;
      }
    }

    /** A cable pulled out closes no socket: only silence tells, provided the server promised signs of life. */
    function heard(connection) {
      if (polling !== null) socketIsUp();
      clearTimeout(silence);
      if (!heartbeats) return;
      silence = setTimeout(() => {
        socketIsDown();
        connection?.socket?.close();
      }, SILENCE_MS);
    }

    document.addEventListener('htmx:ws:after:connection', (event) => {
      current = event.detail.connection;
      socketIsUp();
    });
    document.addEventListener('htmx:ws:close', (event) => {
      waiting = event.detail.code === TOO_MANY ? 'many tabs are open, checking every 3 s' : RECONNECTING;
      socketIsDown();
    });
    window.addEventListener('offline', socketIsDown);
    window.addEventListener('online', () => {
      if (current?.socket?.readyState === WebSocket.OPEN) socketIsUp();
    });
    document.addEventListener('htmx:ws:before:message:incoming', (event) => {
      const { connection, message } = event.detail;
      const nowMs = /^\{"nowMs":(\d+)\}$/.exec(message.data)?.[1] ?? /data-now-ms="(\d+)"/.exec(message.data)?.[1];
      if (nowMs) setClock(Number(nowMs), Date.now());
      heartbeats ||= message.data.startsWith('{"nowMs":');
      heard(connection);
    });
    // Whatever keeps the socket from opening, the page must not wait for it.
    setTimeout(() => {
      if (label.dataset.connection === 'connecting') socketIsDown();
    }, CONNECT_MS);
  }

  setClockFromPage();
  tick();
  tellSeen();
  setInterval(tick, 1000);
  const live = document.querySelector('[data-poll]');
  if (live) follow(live);
})();
