import type { Clock } from '../../lib/clock.ts';
import { AtChannel } from '../at/channel.ts';
import { DEFAULT_TIMING, type ResyncTiming } from '../at/resync.ts';
import type { OpenLine, SerialLine } from '../line/line.ts';
import type { FoundPort, ProbeGroup } from './discovery.ts';

/** Shorter than for a known AT port: most ports asked here never answer. */
const ASKING: ResyncTiming = { ...DEFAULT_TIMING, probeMs: 1_000, probes: 3 };

/** What came of asking a modem's ports; `refused` says why ports could not be opened, which another try may mend. */
export interface PortFound {
  port: FoundPort | null;
  refused: string[];
}

/**
 * Asks the ports of one modem whose layout is not known, one after another, with nothing but AT, and gives the first that answers. Every port
 * is closed again. Takes up to four seconds for each silent port. A port that is in use, or cannot be opened, is passed over.
 */
export async function findAtPort(group: ProbeGroup, open: OpenLine, clock: Clock, timing: ResyncTiming = ASKING): Promise<PortFound> {
  const refused: string[] = [];
  for (const port of group.ports) {
    const opened = await open(port.port);
    if (!opened.ok) {
      refused.push(opened.detail);
      continue;
    }
    // Its rate is left alone: a port of a USB modem has none.
    const { line } = opened;
    const rateless: SerialLine = {
      start: (handlers) => line.start(handlers),
      write: (octets) => line.write(octets),
      close: () => line.close(),
    };
    const channel = new AtChannel(rateless, clock, { urc() {}, echo() {}, fault() {}, dead() {} }, timing);
    const answers = await channel.handshake();
    channel.close();
    if (answers) return { port, refused };
  }
  return { port: null, refused };
}
