/** So many sweeps in a row that find messages nobody announced: announcements go elsewhere, or nowhere. */
const SWEEPS_MOST = 2;

/** Notices when messages are found by sweeps only, though they should be announced: everything else looks well then, and each comes late. */
export class SilenceWatch {
  private silentSweeps = 0;
  private announcements: number;

  /** `announcements` that came before the watch began. */
  constructor(announcements = 0) {
    this.announcements = announcements;
  }

  /**
   * A regular sweep ended that found `unannounced` messages; `announcements` were seen so far. `silent` when that is so again and again,
   * `heard` when an announcement came since the last sweep, else `unknown`.
   */
  swept(unannounced: number, announcements: number): 'silent' | 'heard' | 'unknown' {
    const heard = announcements > this.announcements;
    this.announcements = announcements;
    if (heard) {
      this.silentSweeps = 0;
      return 'heard';
    }
    if (unannounced === 0) return 'unknown';
    this.silentSweeps++;
    return this.silentSweeps >= SWEEPS_MOST ? 'silent' : 'unknown';
  }
}
