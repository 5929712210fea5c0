import type { AtChannel, AtResult } from '../at/channel.ts';
import { setStorages } from '../at/commands.ts';
import { fieldsOf, numberOf } from '../at/fields.ts';

export interface Fill {
  name: string;
  used: number;
  total: number;
}

/** SM first: there a message stays with its SIM when the card moves. MT is both of them and only used where it is all there is. */
const CANDIDATES = ['SM', 'ME'];
const LAST_RESORT = 'MT';

/** Which storages a modem has, and which one reads and deletes now go to (AT+CPMS, TS 27.005 3.2.2). */
export class Storages {
  readonly names: string[] = [];
  private readonly channel: AtChannel;
  private receive = '';
  /** How many storages this modem wants named at once. */
  private places = 3;
  private selected: string | null = null;
  private readonly fills = new Map<string, Fill>();

  constructor(channel: AtChannel) {
    this.channel = channel;
  }

  /** Finds the storages this modem accepts. False when it accepts none. */
  async negotiate(): Promise<boolean> {
    for (const name of [...CANDIDATES, LAST_RESORT]) {
      if (name === LAST_RESORT && this.names.length > 0) break;
      if (await this.accepts(name)) this.names.push(name);
    }
    const [first] = this.names;
    return first !== undefined && (await this.select(first)) === null;
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
    let result = await this.channel.send(setStorages(this.arguments(name, this.places)));
    if (!result.ok && result.kind === 'error' && this.places > 1) result = await this.channel.send(setStorages([name]));
    if (!result.ok) return result;
    this.selected = name;
    this.learn(name, result);
    return null;
  }

  /** What is selected is unknown now: the modem restarted or an exchange went wrong. */
  forget(): void {
    this.selected = null;
  }

  fill(name: string): Fill | null {
    return this.fills.get(name) ?? null;
  }

  /** The fill of the storage new messages come to. */
  receiveFill(): Fill | null {
    return this.fill(this.receive);
  }

  /** Notes `used` and `total` of the answer to AT+CPMS? (`"SM",3,20,…`). For the gauge only: some modems count late or never. */
  noteFills(lines: readonly { text: string }[]): void {
    for (const line of lines) {
      const fields = fieldsOf(line.text);
      for (let i = 0; i + 2 < fields.length; i += 3) this.note(fields[i] ?? '', fields[i + 1], fields[i + 2]);
    }
  }

  private async accepts(name: string): Promise<boolean> {
    const receive = this.receive === '' ? name : this.receive;
    for (const places of this.receive === '' ? [3, 2, 1] : [this.places, 1]) {
      const result = await this.channel.send(setStorages(this.arguments(name, places, receive)));
      if (!result.ok) continue;
      if (this.receive === '') {
        this.receive = name;
        this.places = places;
      }
      this.selected = name;
      this.learn(name, result);
      return true;
    }
    return false;
  }

  private arguments(name: string, places: number, receive = this.receive): string[] {
    return [name, receive, receive].slice(0, places);
  }

  /** The answer to setting is `+CPMS: used,total,…`, the first pair for the storage just selected; some say only OK. */
  private learn(name: string, result: AtResult): void {
    const [line] = result.ok ? result.lines : [];
    if (line === undefined) return;
    const [used, total] = fieldsOf(line.text);
    this.note(name, used, total);
  }

  private note(name: string, used: string | undefined, total: string | undefined): void {
    const counts = { used: numberOf(used), total: numberOf(total) };
    if (counts.used !== null && counts.total !== null) this.fills.set(name, { name, used: counts.used, total: counts.total });
  }
}
