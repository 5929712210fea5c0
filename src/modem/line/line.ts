/** What a line reports to its owner. */
export interface LineHandlers {
  /** Octets as they came, at least one; the array is the owner's to keep. */
  bytes(octets: Uint8Array): void;
  /** The other side is gone or the device failed; called once, never after `close()`. `reason` in plain words. */
  closed(reason: string): void;
}

/** An open way to one modem, a serial device or a TCP connection: octets in both directions and nothing else. */
export interface SerialLine {
  /** Starts reading. Nothing that arrived since the line was opened is lost. Called once. */
  start(handlers: LineHandlers): void;
  /** Sends the octets in order, never blocks, never drops any while the line is open; on a closed line it does nothing. */
  write(octets: Uint8Array): void;
  /** Closes the line without calling `closed`; a second call does nothing. */
  close(): void;
  /**
   * Speaks at another rate from now on (one of `BAUD_RATES`; a line is opened at 115200) and throws away what lies unread. False where the
   * rate is not known or the device refuses it. Only serial devices have it: behind a terminal server the rate is set there.
   */
  setBaud?(baud: number): boolean;
}

/** `busy`: another program holds it · `missing`: no such device or host · `denied`: no permission · `failed`: anything else. */
export type OpenRefusal = 'busy' | 'missing' | 'denied' | 'failed';

export type OpenResult = { ok: true; line: SerialLine } | { ok: false; code: OpenRefusal; detail: string };

/** Opens a port by its name: a device path or `tcp://host:port`. */
export type OpenLine = (port: string) => Promise<OpenResult>;
