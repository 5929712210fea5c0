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

  constructor(lookUp: FormerIccid = () => null) {
    this.lookUp = lookUp;
  }

  /**
   * The ICCID last served by this modem if it is another than `iccid`, else null. `imei` is null where it tells nothing: then only what this
   * process saw in the slot counts. Rejects when the lookup does.
   */
  async before(imei: string | null, slot: string, iccid: string): Promise<string | null> {
    const former = this.served.get(keyOf(imei, slot)) ?? (imei === null ? null : await this.lookUp(imei));
    return former === null || sameCard(former, iccid) ? null : former;
  }

  /** The SIM was read whole, and nothing of another is left in this modem. */
  note(imei: string | null, slot: string, iccid: string): void {
    this.served.set(keyOf(imei, slot), iccid);
  }
}

function keyOf(imei: string | null, slot: string): string {
  return imei === null ? `slot ${slot}` : `imei ${imei}`;
}
