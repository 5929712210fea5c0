import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { makeRaw } from '../../src/modem/line/termios.ts';
import { until } from './bench.ts';

/** A person at the port of a modem: what comes is kept, what is written goes out as it is. */
export class Terminal {
  /** Everything that came, as Latin-1. */
  text = '';
  hungUp = false;
  private readonly fd: number;
  private readonly reader: { read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>; cancel(): Promise<void> };

  constructor(port: string, baud = 115_200) {
    this.fd = openSync(port, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    makeRaw(this.fd, baud);
    this.reader = Bun.file(this.fd).stream().getReader();
    void this.read();
  }

  write(text: string): void {
    writeSync(this.fd, Buffer.from(text, 'latin1'));
  }

  /** Says a command and waits until what came since holds `answer`; gives all that came since. */
  async ask(command: string, answer: string | RegExp = /\r\n(OK|ERROR)\r\n/, limitMs = 4_500): Promise<string> {
    const from = this.text.length;
    this.write(`${command}\r`);
    const since = () => this.text.slice(from);
    await until(`${command}: ${answer}`, () => (typeof answer === 'string' ? since().includes(answer) : answer.test(since())), limitMs);
    return since();
  }

  async close(): Promise<void> {
    await this.reader.cancel();
    closeSync(this.fd);
  }

  private async read(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.reader.read();
        if (done) break;
        this.text += Buffer.from(value ?? []).toString('latin1');
      }
    } catch {
      // A terminal whose other side is gone ends with an error on some kernels.
    }
    this.hungUp = true;
  }
}
