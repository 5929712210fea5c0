/**
 * The one table of alarms: what each means, how bad it is, what to do about it, what it is held against and how long that must last. Pages, mails, webhooks,
 * docs/alarms.md and the incidents of the status page all read it here. A new kind is a row here and a detector in src/alarms/detect/.
 */

export type Severity = 'critical' | 'warning' | 'notice';
export type AlarmAbout = 'slot' | 'sim' | 'offer' | 'endpoint' | 'work' | 'house';
export type AlarmUnit = 'minutes' | 'seconds' | 'percent' | 'days' | 'hours' | 'refusals' | 'megabytes' | 'minor units';

export interface AlarmKind {
  severity: Severity;
  title: string;
  means: string;
  todo: string;
  about: AlarmAbout;
  /** Keys of `[alarms]`, or of another section where it says so, that set it; none: it is so or it is not. */
  keys: readonly string[];
  /** Of the figure it shows, null for none. */
  unit: AlarmUnit | null;
  /** It must be so for this long without a break, and must be over for this long. */
  raiseAfterSeconds: number;
  clearAfterSeconds: number;
  incident: AlarmIncident | null;
}

/** The incident that the status page shows while alarms of the kind stand: one for all of them, public, so without names of slots. */
export interface AlarmIncident {
  surface: 'ordering' | 'dashboard' | 'delivery';
  severity: 'minor' | 'major';
  title: string;
  text: string;
  /** Only where somebody's open order or rental is touched: a spare modem that dies is nobody's business. */
  onlyWithCustomers: boolean;
}

type Row = Omit<AlarmKind, 'keys' | 'unit' | 'raiseAfterSeconds' | 'clearAfterSeconds' | 'incident'> & Partial<AlarmKind>;
const kind = (row: Row): AlarmKind => ({ keys: [], unit: null, raiseAfterSeconds: 0, clearAfterSeconds: 0, incident: null, ...row });
const MINUTE = 60;

export const KINDS = {
  // ---- Modems and SIMs
  modem_down: kind({
    ...{ severity: 'warning', about: 'slot', title: 'Modem is down', keys: ['modem_down_minutes'], unit: 'minutes', clearAfterSeconds: 30 },
    means:
      'It is unplugged, does not answer, or does not get through its start. Its number cannot be sold, and messages wait in the network or on the SIM.',
    todo: 'Look at power, cable and hub; unplug it for ten seconds. Take it out of service on its page if it is to stay away.',
    incident: {
      ...{ surface: 'delivery', severity: 'minor', title: 'Some numbers cannot be read', onlyWithCustomers: true },
      text: 'The modems of some rented numbers do not answer. Their orders wait: the time that is lost is added to the window, or the money goes back by itself. Other numbers work.',
    },
  }),
  sim_missing: kind({
    ...{ severity: 'notice', about: 'slot', title: 'No SIM in the modem', raiseAfterSeconds: 2 * MINUTE, clearAfterSeconds: 30 },
    means: 'The modem answers, and says that there is no SIM in it.',
    todo: 'Put one in, or push it in again. Take the modem out of service on its page if it is to stay empty.',
  }),
  storage_filling: kind({
    ...{
      severity: 'warning',
      about: 'slot',
      title: 'Storage is filling',
      keys: ['sim_full_percent'],
      unit: 'percent',
      clearAfterSeconds: MINUTE,
    },
    means: 'So much of the place for messages on the SIM is taken that soon none can arrive.',
    todo: 'It empties itself as soon as what lies there can be read. If it does not, look whether an alarm tells of a damaged message.',
  }),
  storage_full: kind({
    ...{ severity: 'critical', about: 'slot', title: 'Storage full' },
    means: 'Every place for messages on the SIM is taken: no SMS can arrive, and its number is not sold.',
    todo: 'No SMS can arrive. Reconnect the modem; if it stays full, read the history for what cannot be read.',
  }),
  damaged_message: kind({
    ...{ severity: 'notice', about: 'slot', title: 'Damaged message' },
    means: 'A message lies on the SIM that cannot be read whole.',
    todo: 'What can be read of it is kept. It is left where it lies for a day, or until the storage is crowded, in case it can be read better. Download the dialogue for a bug report.',
  }),
  unlistable: kind({
    ...{ severity: 'warning', about: 'slot', title: 'Messages cannot be listed' },
    means: 'The messages of the SIM cannot be listed, so none can be read.',
    todo: 'The SIM is not sold meanwhile, and the listing is tried again by itself. Restart the modem; if that does not help, clean or replace the SIM.',
  }),
  silent_announcements: kind({
    ...{ severity: 'notice', about: 'slot', title: 'Announces nothing' },
    means: 'The modem does not tell when a message comes.',
    todo: 'Messages are found by the sweep only, which is slower. Reconnect it; often a second port of the same modem is the one that speaks.',
  }),
  denied: kind({
    ...{ severity: 'warning', about: 'slot', title: 'Network refuses the SIM' },
    means: 'The SIM may not register, so nothing reaches it.',
    todo: 'Is the SIM active, paid for and allowed in this country? Ask its carrier, or try another SIM.',
  }),
  pin: kind({
    ...{ severity: 'warning', about: 'slot', title: 'SIM asks for its PIN' },
    means: 'The SIM is locked, and no PIN for it is known.',
    todo: 'Open the page of the slot anew and type it there, once and right, or set it in the configuration under [[modems.sim]].',
  }),
  puk: kind({
    ...{ severity: 'warning', about: 'slot', title: 'SIM asks for its PUK' },
    means: 'Its PIN was typed wrong three times.',
    todo: 'Put the SIM into a phone and type the PUK there; it is never typed here.',
  }),
  unplugging: kind({
    ...{ severity: 'warning', about: 'slot', title: 'Keeps vanishing' },
    means: 'The modem comes and goes.',
    todo: 'Look at power, cable and hub: a powered hub and a short cable mend most of these.',
  }),
  unresponsive: kind({
    ...{ severity: 'notice', about: 'slot', title: 'Had to be restarted' },
    means: 'The modem did not answer and was restarted by the watchdog.',
    todo: 'Seldom it means nothing. If it comes again, unplug the modem for ten seconds.',
  }),
  cloned_imei: kind({
    ...{ severity: 'notice', about: 'slot', title: 'IMEI of another modem' },
    means: 'Two modems tell the same IMEI.',
    todo: 'Two modems tell the same IMEI; a network may refuse both. Replace one of them.',
  }),
  deaf: kind({
    ...{ severity: 'warning', about: 'sim', title: 'Hears nothing', keys: ['modems.deaf_hours'] },
    means: 'The SIM is registered, but no message came for longer than it usually takes.',
    todo: 'On the page of its slot, switch its radio off and on, then send the number an SMS from a phone.',
  }),
  same_number: kind({
    ...{ severity: 'warning', about: 'sim', title: 'Two SIMs with one number' },
    means: 'Two SIMs that can be read have the same number. Neither is sold.',
    todo: 'On its page, pause the one that is not in use any more, or correct its number; or take it out. Then the other is sold again.',
  }),
  sim_expiring: kind({
    ...{ severity: 'warning', about: 'sim', title: 'SIM is about to expire', keys: ['sim_expiry_days'], unit: 'days' },
    means: 'The day on which the SIM stops working, as it was noted on its page, is near or over.',
    todo: 'Top it up or renew it with its carrier, then set the new day on the page of the SIM. Pause it if it is to end.',
  }),
  // ---- What customers notice
  stock_out: kind({
    ...{
      severity: 'warning',
      about: 'offer',
      title: 'No stock for a busy offer',
      keys: ['busy_refusals', 'busy_orders'],
      unit: 'refusals',
    },
    ...{ raiseAfterSeconds: 5 * MINUTE, clearAfterSeconds: 5 * MINUTE },
    means: 'An offer that customers want has no free number. They are declined; nothing is charged.',
    todo: 'Look whether modems of that country are down. Else add SIMs, shorten orders.quarantine_minutes, or raise the price.',
  }),
  delivery_slow: kind({
    ...{ severity: 'warning', about: 'house', title: 'Delivery is slower than promised', unit: 'seconds' },
    ...{ keys: ['delivery_median_seconds', 'delivery_p95_seconds'], raiseAfterSeconds: 5 * MINUTE, clearAfterSeconds: 10 * MINUTE },
    means: 'Of the last hour, messages took longer from the network to the customer than the target.',
    todo: 'On the modem bank, look for modems that announce nothing (they are only swept) and for weak signal. A whole carrier that is slow is theirs to mend.',
    incident: {
      ...{ surface: 'delivery', severity: 'minor', title: 'Delivery is slower than usual', onlyWithCustomers: false },
      text: 'Messages take longer from the network to you than we promise. None is lost; windows that end without a code are refunded as always.',
    },
  }),
  review_old: kind({
    ...{
      severity: 'warning',
      about: 'house',
      title: 'A message waits for a decision',
      keys: ['review_minutes'],
      unit: 'minutes',
      clearAfterSeconds: 0,
    },
    means: 'A message that may be an open order’s has waited for longer than it should; its customer sees that one waits.',
    todo: 'Open the reviews and decide about the oldest. If many of a kind come, write a rule for them.',
  }),
  webhook_disabled: kind({
    ...{ severity: 'notice', about: 'endpoint', title: 'A webhook was switched off' },
    means: 'Nothing reached a customer’s endpoint for three days, or it said that it is gone. Its customer was told by mail.',
    todo: 'Nothing must be done here. If it is your own, mend it and switch it on in the settings; if it is of a customer whom you know, write to them. It leaves this list after a week.',
  }),
  // ---- The house itself
  disk_low: kind({
    ...{ severity: 'critical', about: 'house', title: 'The disk is filling', unit: 'megabytes', clearAfterSeconds: MINUTE },
    keys: ['disk_free_megabytes', 'disk_free_percent'],
    means:
      'Little is free where the data folder lies. When nothing is, no message and no order can be stored; messages stay on the modems.',
    todo: 'Make room: old backups and exports are what mostly can go. Or move the data folder to a larger disk.',
  }),
  clock_off: kind({
    ...{
      severity: 'critical',
      about: 'house',
      title: 'The clock is off',
      keys: ['clock_off_seconds'],
      unit: 'seconds',
      clearAfterSeconds: 10 * MINUTE,
    },
    means:
      'The clock of the box was set by a large step, or differs from what the networks say. Windows and late messages are judged by it.',
    todo: 'Look at timedatectl: is NTP on and in step? On a board without a battery, let the service start after time-sync.target.',
  }),
  backup_old: kind({
    ...{ severity: 'critical', about: 'house', title: 'The last backup is old', keys: ['backup_hours'], unit: 'hours' },
    means: 'No good backup was made for longer than it should take.',
    todo: 'Look at the log for why backups fail (disk full, folder away, no permission), then make one: smspin backup.',
  }),
  ledger_unequal: kind({
    ...{ severity: 'critical', about: 'house', title: 'The ledger does not sum to zero', unit: 'minor units', clearAfterSeconds: 0 },
    means: 'The entries of the ledger do not sum to zero: the database was changed by something else than SMSPin, or is damaged.',
    todo: 'Stop selling. Run smspin doctor, which names the transactions, and compare with the last backup before you change anything.',
  }),
  mail_stuck: kind({
    ...{ severity: 'warning', about: 'house', title: 'Mail does not leave', raiseAfterSeconds: 10 * MINUTE },
    means: 'The mail server cannot be reached, or takes nothing from here. What waits is kept.',
    todo: 'Look at smtp.url and at the mail server; under Settings, Notifications a test mail tells what it says.',
  }),
  history: kind({
    ...{ severity: 'warning', about: 'work', title: 'The history cannot be written', raiseAfterSeconds: MINUTE },
    means: 'What happens to modems is not written down.',
    todo: 'Orders and messages are written apart from it. Look at the disk: is there room, may SMSPin write to its data folder?',
  }),
  history_thinning: kind({
    ...{ severity: 'notice', about: 'work', title: 'The history cannot be thinned', raiseAfterSeconds: MINUTE },
    means: 'Old entries of the history of modems stay.',
    todo: 'It is tried again every hour; until then old entries stay. Look at the disk and at the log.',
  }),
  alarm_watch: kind({
    ...{ severity: 'warning', about: 'work', title: 'A watch for alarms fails', raiseAfterSeconds: MINUTE },
    means: 'Something that raises alarms could not look, or could not write what it saw.',
    todo: 'What it watches is not watched meanwhile. It is tried again by itself; the log has the reason.',
  }),
  status_record: kind({
    ...{ severity: 'warning', about: 'work', title: 'The record of the status page cannot be written', raiseAfterSeconds: MINUTE },
    means: 'What the checks of the status page found is not written down.',
    todo: 'What was measured is kept in memory and written when the disk takes it again. Look at the disk: is there room?',
  }),
  virtual_bank: kind({
    ...{ severity: 'notice', about: 'work', title: 'The virtual bank died', raiseAfterSeconds: MINUTE },
    means: 'The program that plays the virtual modems ended.',
    todo: 'It is started again by itself, and its messages are kept. If it dies again and again, the log has what it said.',
  }),
  disk: kind({
    ...{ severity: 'critical', about: 'work', title: 'Nothing new is sold: the disk is nearly full', keys: ['data.disk_stop_megabytes'] },
    means: 'So little is free that what is left is kept for messages. New orders and rentals are refused.',
    todo: 'Make room: old backups and exports are what mostly can go. It goes on by itself.',
  }),
  writes: kind({
    ...{ severity: 'critical', about: 'work', title: 'Nothing can be stored' },
    means:
      'Commits fail: the disk is full, read-only or broken, or another program holds the database. Orders are refused; messages stay on the modems.',
    todo: 'The text says which. It is tried again by itself, and goes on where it stopped.',
  }),
  backup: kind({
    ...{ severity: 'warning', about: 'work', title: 'A backup failed' },
    means: 'The last backup that was due could not be made.',
    todo: 'It is tried again within the hour. Look at the folder of the backups: is it there, is there room, may SMSPin write to it?',
  }),
  house_minutes: kind({
    ...{ severity: 'notice', about: 'work', title: 'The charts are not written down', raiseAfterSeconds: MINUTE },
    means: 'What the charts of the overview draw is not written.',
    todo: 'Orders and messages are not touched by it. Look at the disk: is there room, may SMSPin write to its data folder?',
  }),
  sim_reminders: kind({
    ...{ severity: 'warning', about: 'work', title: 'Reminders of SIMs fail', raiseAfterSeconds: MINUTE },
    means: 'Nobody is reminded by mail of SIMs that expire or are to be topped up.',
    todo: 'Nobody is reminded by mail of SIMs that expire or are to be topped up; their page shows them. It is tried again every hour.',
  }),
  waiting_list: kind({
    ...{ severity: 'warning', about: 'work', title: 'The waiting list is not served', raiseAfterSeconds: MINUTE },
    means: 'Customers who wait for a number of an offer without stock are not told of it.',
    todo: 'It is tried again by itself; the log has the reason.',
  }),
  price_schedule: kind({
    ...{ severity: 'warning', about: 'work', title: 'A planned change of prices failed', raiseAfterSeconds: 0 },
    means: 'Prices that were to change by now did not.',
    todo: 'Open the changes of prices in the catalogue: it says why, and the change can be made anew.',
  }),
  work_failing: kind({
    ...{ severity: 'warning', about: 'work', title: 'Work in the background fails', raiseAfterSeconds: MINUTE },
    means: 'Something that nobody waits for fails, again and again; its name stands beside it.',
    todo: 'It is tried again by itself; the log has the reason.',
  }),
} as const satisfies Record<string, AlarmKind>;
