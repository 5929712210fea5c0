import { sameCard } from '../../lib/iccid.ts';

/** Tells, from before this process, the ICCID whose messages were last read whole in the modem with this IMEI; null when none was. */
export type FormerIccid = (imei: string) => string | null | Promise<string | null>;

/**
 * Which SIM was last read whole in which modem. What lies in a modem's own storage when another SIM is found in it came for that one, until
 * the new SIM has been read whole and nothing of the former is left. Lives as long as the bank, over replugs and restarts of modems.
 */
export class FormerSims {
  private readonly served = new Map<string, string>();
  private readonly lookUp: FormerIccid;
  private readonly isCloned: (imei: string) => boolean;

  /** `isCloned`: whether two modems told this IMEI at once, so that it tells nothing (Claims). */
  constructor(lookUp: FormerIccid = () => null, isCloned: (imei: string) => boolean = () => false) {
    this.lookUp = lookUp;
    this.isCloned = isCloned;
  }

  /**
   * The ICCID last served by this modem if it is another than `iccid`, else null. `imei` is null where it tells nothing; then, and
   * where another modem tells the same, only what this process saw of it in the slot counts. Rejects when the lookup does.
   */
  async before(imei: string | null, slot: string, iccid: string): Promise<string | null> {
    const telling = imei === null || this.isCloned(imei) ? null : imei;
    const former = this.served.get(telling === null ? inSlot(imei, slot) : inModem(telling)) ?? (telling && (await this.lookUp(telling)));
    return former === null || sameCard(former, iccid) ? null : former;
  }

  /** The SIM was read whole, and nothing of another is left in this modem. */
  note(imei: string | null, slot: string, iccid: string): void {
    this.served.set(inSlot(imei, slot), iccid);
    if (imei !== null) this.served.set(inModem(imei), iccid);
  }
}

/** The modem wherever it is. */
function inModem(imei: string): string {
  return `imei ${imei}`;
}

/** The modem in this place; with its IMEI, however little it tells, so that it is not taken for another that was here. */
function inSlot(imei: string | null, slot: string): string {
  return `slot ${slot} ${imei ?? ''}`;
}
