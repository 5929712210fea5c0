import { PUSH_CHANNELS, type PushChannel, type Pushes } from '../evidence/pushes.ts';
import type { WayTimes } from '../messages/way.ts';
import type { Meters } from './meters.ts';

/** The way of an SMS, in order. Each stage begins where the one before ended. */
export const STAGES = ['read', 'decode', 'queue', 'store', 'judge', 'commit', 'push', 'page'] as const;

/** What customers were told a while ago they will not be told for the first time any more. */
const FOLLOWED_MAX = 5000;

interface Followed {
  arrivedMs: number;
  committedMs: number;
  /** By which ways it has gone out, a bit for each of PUSH_CHANNELS. */
  told: number;
}

/**
 * Measures how long an SMS takes from the modem's line to its customer, on the monotonic clock. What was committed is followed by its event until it has gone out;
 * the newest few thousand, in memory alone.
 */
export function wayMeters(meters: Meters, monotonicMs: () => number) {
  const stages = meters.histogram({
    name: 'smspin_message_stage_seconds',
    help: 'How long each stage of the way of an SMS takes: read, decode, queue, store, judge, commit, push, page.',
    labels: ['stage'],
  });
  const deliveries = meters.histogram({
    name: 'smspin_delivery_seconds',
    help: 'From the last octet on the line of a modem to its customer, by the way it was told first, second and so on.',
    labels: ['channel'],
  });
  const of = (stage: (typeof STAGES)[number]) => stages.labels({ stage });
  const stage = {
    ...{ read: of('read'), decode: of('decode'), queue: of('queue'), store: of('store'), judge: of('judge') },
    ...{ commit: of('commit'), push: of('push'), page: of('page') },
  };
  const delivery = new Map(PUSH_CHANNELS.map((channel) => [channel, deliveries.labels({ channel })]));
  for (const one of STAGES) stages.zero({ stage: one });
  for (const channel of PUSH_CHANNELS) deliveries.zero({ channel });
  const followed = new Map<string, Followed>();

  function follow(eventId: string, arrivedMs: number, committedMs: number): void {
    followed.set(eventId, { arrivedMs, committedMs, told: 0 });
    const oldest = followed.keys().next();
    if (followed.size > FOLLOWED_MAX && !oldest.done) followed.delete(oldest.value);
  }

  function told(channel: PushChannel, eventId: string): void {
    const event = followed.get(eventId);
    const bit = 1 << PUSH_CHANNELS.indexOf(channel);
    if (event === undefined || (event.told & bit) !== 0) return;
    const nowMs = monotonicMs();
    if (channel === 'seen') stage.page.observe((nowMs - event.committedMs) / 1000);
    else if (event.told === 0) stage.push.observe((nowMs - event.committedMs) / 1000);
    event.told |= bit;
    delivery.get(channel)?.observe((nowMs - event.arrivedMs) / 1000);
  }

  return {
    /** A batch of parts was committed. */
    committed(times: WayTimes): void {
      for (const arrivedMs of times.arrivedMs) stage.read.observe((times.handedMs - arrivedMs) / 1000);
      stage.decode.observe((times.decodedMs - times.handedMs) / 1000);
      stage.queue.observe((times.begunMs - times.decodedMs) / 1000);
      stage.store.observe((times.storedMs - times.begunMs) / 1000);
      stage.judge.observe((times.judgedMs - times.storedMs) / 1000);
      stage.commit.observe((times.committedMs - times.judgedMs) / 1000);
      for (const { eventId, arrivedMs } of times.told) follow(eventId, arrivedMs, times.committedMs);
    },
    /** The same evidence of pushes, and each that tells of a message measured. */
    measured: (pushes: Pushes): Pushes => ({
      ...pushes,
      note(channel, eventIds) {
        pushes.note(channel, eventIds);
        for (const eventId of eventIds) told(channel, eventId);
      },
    }),
  };
}
