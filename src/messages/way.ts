/** When a batch of parts reached each point of its way, on the monotonic clock, in milliseconds. */
export interface WayTimes {
  /** Of each part: the last octet of its announcement, or of its line of a listing, was read. */
  arrivedMs: readonly number[];
  /** Read from the modem and handed to the house. */
  handedMs: number;
  decodedMs: number;
  /** Its transaction began. */
  begunMs: number;
  /** Its parts are written and joined. */
  storedMs: number;
  /** Its messages are judged and given to their orders. */
  judgedMs: number;
  /** On the disk. */
  committedMs: number;
  /** The events that tell customers of its messages. */
  told: readonly { eventId: string; arrivedMs: number }[];
}

/** Who measures the way of messages. */
export interface WayWatch {
  monotonicMs(): number;
  committed(times: WayTimes): void;
}

export const noWatch: WayWatch = { monotonicMs: () => 0, committed() {} };
