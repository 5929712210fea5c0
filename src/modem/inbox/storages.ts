import type { AtChannel, AtResult } from '../at/channel.ts';
import { queryStorages, setStorages } from '../at/commands.ts';
import { fieldsOf, numberOf } from '../at/fields.ts';
import { readStorages } from '../setup/capabilities.ts';
import { GENERIC_PROFILE, type ListingWay, type Profile } from '../setup/profiles.ts';

export interface Fill {
  name: string;
  used: number;
  total: number;
}

/** MT is SM and ME together: used only where it is all there is, never beside them, or each message would be found twice. */
const LAST_RESORT = 'MT';
const PLACES = 3;
const STORAGE_NAME = /^[A-Z]{2}$/;

/** Which storages a modem has, and which one reads and deletes now go to (AT+CPMS, TS 27.005 3.2.2). */
export class Storages {
  readonly names: string[] = [];
  readonly profile: Profile;
  private readonly channel: AtChannel;
  private receive = '';
  /** How many storages this modem wants named at once. */
  private places = PLACES;
  private selected: string | null = null;
  /** An answer was trusted that does not name what it is about: see `Proof`. */
  isUnproven = false;
  private readonly fills = new Map<string, Fill>();
  private readonly ways = new Map<string, ListingWay>();

  constructor(channel: AtChannel, profile: Profile = GENERIC_PROFILE) {
    this.channel = channel;
    this.profile = profile;
  }

  /** Finds the storages this modem accepts. False when it accepts none. */
  async negotiate(): Promise<boolean> {
    this.names.length = 0;
    this.receive = '';
    const told = (await readStorages(this.channel)).values;
    const receivers = told?.[2] ?? null;
    // The storage that receives comes first: it must be one that may.
    const wanted = this.profile.storages.toSorted((a, b) => Number(isLeftOut(a, receivers)) - Number(isLeftOut(b, receivers)));
    for (const name of [...wanted, LAST_RESORT]) {
      if (name === LAST_RESORT && this.names.length > 0) break;
      const accepted = await this.accepts(name);
      if (accepted === null) return false;
      if (accepted) this.names.push(name);
    }
    const [first] = this.names;
    if (first === undefined || (await this.select(first)) !== null) return false;
    await this.refreshFills();
    return this.selected === first;
  }

  /** The storage new messages come to; empty before `negotiate`. */
  get receives(): string {
    return this.receive;
  }

  /** True when `name` is the storage that reads and deletes go to now. */
  isSelected(name: string): boolean {
    return this.selected === name;
  }

  /** Sends reads and deletes to `name`. Null when done, else the modem's refusal. */
  async select(name: string): Promise<AtResult | null> {
    if (this.selected === name) return null;
    this.selected = null;
    this.isUnproven = true;
    let result = await this.channel.send(setStorages(this.arguments(name, this.places)));
    const isFewerTried = !result.ok && result.kind === 'error' && this.places > 1 && !this.profile.cpmsNeedsAll;
    if (isFewerTried) result = await this.channel.send(setStorages([name]));
    if (!result.ok) return result;
    this.selected = name;
    this.learn(name, result);
    return null;
  }

  /** Selects `name` for a listing; anew, by way of another storage, for a modem that lists what it remembers. Null when done. */
  async selectForListing(name: string): Promise<AtResult | null> {
    if (!this.profile.reselectsStorages) return this.select(name);
    const other = this.names.find((candidate) => candidate !== name);
    if (other !== undefined && this.selected === name) await this.select(other);
    this.selected = null;
    return this.select(name);
  }

  /** What is selected is unknown now: the modem restarted or an exchange went wrong. */
  forget(): void {
    this.selected = null;
  }

  /** How `name` is listed. */
  listing(name: string): ListingWay {
    return this.ways.get(name) ?? this.profile.listing;
  }

  /** From now on `name` is listed in this way, as it was found to be right. */
  noteListing(name: string, way: ListingWay): void {
    this.ways.set(name, way);
  }

  /** True when it was found out already which way of listing `name` is right. */
  isListingKnown(name: string): boolean {
    return this.ways.has(name);
  }

  fill(name: string): Fill | null {
    return this.fills.get(name) ?? null;
  }

  /** The fill of the storage new messages come to. */
  receiveFill(): Fill | null {
    return this.fill(this.receive);
  }

  /** Asks anew how full the selected storages are; a refusal leaves the old figures. */
  async refreshFills(): Promise<void> {
    const result = await this.channel.send(queryStorages);
    if (result.ok) this.noteFills(result.lines);
  }

  /** Notes `used` and `total` of the answer to AT+CPMS? (`"SM",3,20,…`). For the gauge only: some modems count late or never. */
  noteFills(lines: readonly { text: string }[]): void {
    for (const line of lines) {
      const fields = fieldsOf(line.text);
      for (let i = 0; i + 2 < fields.length; i += 3) this.note(fields[i] ?? '', fields[i + 1], fields[i + 2]);
      // The first one is where reads and deletes go: if that is not what we believe, an answer was lost.
      if (this.selected !== null && STORAGE_NAME.test(fields[0] ?? '') && fields[0] !== this.selected) this.selected = null;
    }
  }

  /** Null when the modem did not answer. */
  private async accepts(name: string): Promise<boolean | null> {
    const isFirst = this.receive === '';
    const receive = isFirst ? name : this.receive;
    for (const places of this.placesToTry(isFirst)) {
      this.selected = null;
      const result = await this.channel.send(setStorages(this.arguments(name, places, receive)));
      // No answer is no refusal: what is selected is not known, and the whole is begun anew.
      if (!result.ok && result.kind !== 'error') return null;
      if (!result.ok) continue;
      if (isFirst) {
        this.receive = name;
        this.places = places;
      }
      this.selected = name;
      this.learn(name, result);
      return true;
    }
    return false;
  }

  private placesToTry(isFirst: boolean): number[] {
    if (this.profile.cpmsNeedsAll) return [PLACES];
    return isFirst ? [PLACES, 2, 1] : [...new Set([this.places, 1])];
  }

  private arguments(name: string, places: number, receive = this.receive): string[] {
    return [name, receive, receive].slice(0, places);
  }

  /** The answer to setting is `+CPMS: used,total,…`, the first pair for the storage just selected; some name it as AT+CPMS? does, some say only OK. */
  private learn(name: string, result: AtResult): void {
    const lines = result.ok ? result.lines : [];
    const [used, total] = fieldsOf(lines[0]?.text ?? '');
    if (numberOf(used) === null) this.noteFills(lines);
    else this.note(name, used, total);
  }

  private note(name: string, used: string | undefined, total: string | undefined): void {
    const counts = { used: numberOf(used), total: numberOf(total) };
    if (counts.used !== null && counts.total !== null) this.fills.set(name, { name, used: counts.used, total: counts.total });
  }
}

/** True when the modem told which storages may receive and this is none of them. */
function isLeftOut(name: string, receivers: readonly string[] | null): boolean {
  return receivers !== null && !receivers.includes(name);
}
