/** A command that helps one family of modems; it may be refused. */
export interface Advice {
  command: string;
  /** Why it is sent, in plain words. */
  reason: string;
  /** Where this is known from. */
  source: string;
}

/**
 * A setting that decides on which of its ports a modem announces messages. It is touched only when announcements never come: some of them
 * outlive a power cut, and another program may rely on the present one.
 */
export interface AnnouncementPort {
  /** Asks for the present setting, or null when there is nothing to ask. */
  query: string | null;
  /** The answer that needs no change; null when no answer is right by itself. */
  right: RegExp | null;
  /** The settings worth trying: the first is the best; where it is refused, the one after that in force, and after the last the first again. */
  set: readonly string[];
  reason: string;
  source: string;
}

/** How the family tells that the SIM part really works, for modems that say `READY` too early. */
export interface SimSettled {
  query: string;
  /** The answer of a SIM whose messages can be read. */
  settled: RegExp;
  source: string;
}

/** One thing known of a family, in plain words. */
export interface Note {
  text: string;
  source: string;
}

/** `cmgl`: AT+CMGL lists a storage. `each`: it does not, or not truly, so that each index is read by itself. */
export type ListingWay = 'cmgl' | 'each';

/** What is known of one family of modems before it is asked anything. */
export interface Profile {
  /** As in the data: `quectel`, `simcom-sim800` … */
  name: string;
  maker: string;
  /** <mode>,<mt>,<bm>,<ds>,<bfr> of AT+CNMI to try before the general ones. */
  notifications: readonly string[];
  init: readonly Advice[];
  /** Storages in the order of preference; the first one accepted receives. */
  storages: readonly string[];
  /** AT+CPMS is refused unless all three storages are named. */
  cpmsNeedsAll: boolean;
  /** A listing is stale unless the storage was selected anew before it, from another one where there are two. */
  reselectsStorages: boolean;
  announcementPorts: readonly AnnouncementPort[];
  /** Restarts the modem, or null when the family has no command for it. */
  reset: string | null;
  /** Makes the modem tell when its card comes or goes, or null. */
  simEvents: Advice | null;
  simSettled: SimSettled | null;
  /** Switches the radio on when it is off, or null for a modem that cannot be told to. */
  radioOn: string | null;
  /** AT+CPIN? is answered and never ended, so that waiting longer for its OK brings nothing. */
  answersPinWithoutOk: boolean;
  listing: ListingWay;
  /** Deleting one part of a long message deletes all of it: nothing is deleted before every part listed is stored. */
  deletesWholeMessage: boolean;
  /** The least time between an answer and the next command. */
  commandGapMs: number;
  /** How long the SIM may stay busy after its PIN. */
  busyAfterPinMs: number;
  notes: readonly Note[];
}
