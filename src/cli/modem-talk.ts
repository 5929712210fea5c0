import { resolve } from 'node:path';
import { systemClock } from '../lib/clock.ts';
import { silentLog } from '../lib/log.ts';
import { AtChannel, type AtEvents } from '../modem/at/channel.ts';
import { isTcp, openPort } from '../modem/line/open.ts';
import type { Direction } from '../modem/shown-dialogue.ts';
import type { SourceListener } from '../modem/source.ts';
import { ModemStatus } from '../modem/status.ts';

/** An open dialogue with the modem behind one port. */
export interface Talk {
  port: string;
  channel: AtChannel;
  status: ModemStatus;
}

export type TalkOpened = { ok: true; talk: Talk } | { ok: false; detail: string };

export interface TalkEvents {
  /** One line of the dialogue, unmasked. */
  spoke(direction: Direction, text: string): void;
  /** The modem started anew: what it was told is forgotten. */
  restarted?(): void;
  /** The line is gone, or the modem does not answer any more. */
  dead?(reason: string): void;
}

/** Opens a device path or `tcp://host:port` as the server would and brings the dialogue into step. */
export async function openTalk(path: string, events: TalkEvents): Promise<TalkOpened> {
  const port = isTcp(path) ? path : resolve(path);
  const opened = await openPort(port);
  if (!opened.ok) return { ok: false, detail: opened.detail };
  let death = 'the modem does not answer';
  const channel = new AtChannel(
    opened.line,
    systemClock,
    channelEvents(events, (reason) => {
      death = reason;
    }),
  );
  const talk = { port, channel, status: new ModemStatus(port, port, { listener: NOBODY, log: silentLog, clock: systemClock }) };
  return (await channel.handshake()) ? { ok: true, talk } : { ok: false, detail: `${port}: ${death}` };
}

function channelEvents(events: TalkEvents, died: (reason: string) => void): AtEvents {
  return {
    urc: (urc) => {
      if (urc.kind === 'restarted') events.restarted?.();
    },
    echo: () => events.restarted?.(),
    fault: (text) => events.spoke('!', text),
    dead: (reason) => {
      died(reason);
      events.dead?.(reason);
    },
    spoke: (direction, text) => events.spoke(direction, text),
  };
}

/** Nothing is stored by these commands, so nobody listens. */
const NOBODY: SourceListener = {
  identified: async () => {},
  store: () => Promise.reject(new Error('nothing is stored here')),
  ready: async () => {},
  lost: async () => {},
  changed: () => {},
  happened: () => {},
};
