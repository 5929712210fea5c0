/** What a card remembers of its lock without power (TS 11.11 clause 11.2). */
export interface CardLock {
  /** The PIN it asks for at every power-on, or null when it asks for none. */
  pin: string | null;
  /** Tries left for the PIN; at 0 the PUK is asked for. */
  tries: number;
  /** Tries left for the PUK; at 0 the card is dead. */
  pukTries: number;
}

export const PIN_TRIES = 3;
export const PUK_TRIES = 10;
const PUK = '12345678';

/** The lock of a SIM: opened by its PIN until the power goes. */
export class SimCard {
  private lock: CardLock;
  private opened = false;

  constructor(lock: CardLock = { pin: null, tries: PIN_TRIES, pukTries: PUK_TRIES }) {
    this.lock = { ...lock };
  }

  /** In the words of AT+CPIN? (TS 27.007 8.3). */
  get state(): 'READY' | 'SIM PIN' | 'SIM PUK' {
    if (this.lock.tries === 0) return 'SIM PUK';
    return this.lock.pin === null || this.opened ? 'READY' : 'SIM PIN';
  }

  get tries(): number {
    return this.lock.tries;
  }

  get pukTries(): number {
    return this.lock.pukTries;
  }

  get asksForPin(): boolean {
    return this.lock.pin !== null;
  }

  /** True when it was right; a wrong one costs a try. Once the tries are used up nothing but the PUK helps. */
  enter(pin: string): boolean {
    if (this.lock.tries === 0) return false;
    const isRight = pin === this.lock.pin;
    this.lock.tries = isRight ? PIN_TRIES : this.lock.tries - 1;
    this.opened = isRight;
    return isRight;
  }

  /** PUK and new PIN; true when the card is usable again. */
  unblock(puk: string, pin: string): boolean {
    if (this.lock.pukTries === 0) return false;
    if (puk !== PUK) {
      this.lock.pukTries -= 1;
      return false;
    }
    this.lock = { pin, tries: PIN_TRIES, pukTries: PUK_TRIES };
    this.opened = true;
    return true;
  }

  powerOff(): void {
    this.opened = false;
  }

  /** Makes it ask for a PIN from now on, with all tries; null: for none. */
  setPin(pin: string | null): void {
    this.lock = { pin, tries: PIN_TRIES, pukTries: PUK_TRIES };
    this.opened = false;
  }

  memory(): CardLock {
    return { ...this.lock };
  }
}
