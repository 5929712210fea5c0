import type { AtChannel } from '../at/channel.ts';
import { queryFormat } from '../at/commands.ts';
import type { Storages } from './storages.ts';

const PDU_MODE = /^\+CMGF: ?0/;

/**
 * Proves before a delete that question and answer are in step. The answers to AT+CMGR and AT+CPMS do not name the place and the storage they are
 * about: if a modem once said a final result too many, each answer since belongs to the question before, and a delete would hit a message that
 * was never read. AT+CMGF? has an answer of its own.
 */
export class Proof {
  private readonly channel: AtChannel;
  private readonly storages: Storages;
  /** Whether this modem answers AT+CMGF?; null before it was asked. */
  private answers: boolean | null = null;
  private refusals = 0;

  constructor(channel: AtChannel, storages: Storages) {
    this.channel = channel;
    this.storages = storages;
  }

  /** True when what was read may be relied on; false when it may not, and the channel has begun to bring itself into step. Runs inside a job. */
  async holds(): Promise<boolean> {
    const { channel, storages } = this;
    if (!storages.isUnproven || this.answers === false) return true;
    const result = await channel.send(queryFormat);
    const isProven = result.ok && result.lines.length === 1 && PDU_MODE.test(result.lines[0]?.text ?? '');
    if (isProven) {
      this.answers = true;
      storages.isUnproven = false;
      return true;
    }
    // The first refusal may be another command's; once the dialogue is in step again, the next is this one's own: then the modem does not know
    // the command, and what it says has to be believed.
    if (this.answers === null && !result.ok && result.kind === 'error' && ++this.refusals > 1) {
      this.answers = false;
      return true;
    }
    storages.forget();
    channel.doubt('questions and answers are out of step');
    return false;
  }
}
