import type { Database } from 'bun:sqlite';
import type { ModemView } from '../../views/model.ts';
import { alarmsOfSims } from '../alarms/of-sims.ts';
import type { ModemSnapshot } from '../modem/source.ts';
import { listSims } from '../sims/sims.ts';

/** The modems as the operator sees them: what the bank says now, beside what is known of their SIMs. */
export function modemViews(db: Database, snapshots: readonly ModemSnapshot[]): ModemView[] {
  const known = listSims(db);
  const sims = new Map(known.map((sim) => [sim.iccid, sim]));
  const bySlot = new Map(known.filter((sim) => sim.slot !== null).map((sim) => [sim.slot, sim]));
  const houseAlarms = alarmsOfSims(db);
  return snapshots.map((modem) => {
    // A modem that is gone cannot say which SIM it held; the place it was in remembers.
    const sim = modem.iccid === null ? bySlot.get(modem.slot) : sims.get(modem.iccid);
    return {
      slot: modem.slot,
      port: modem.port,
      state: modem.state,
      detail: modem.detail,
      virtual: modem.virtual,
      imei: modem.imei,
      lockedCard: modem.lockedCard,
      manufacturer: modem.manufacturer,
      model: modem.model,
      iccid: modem.iccid ?? sim?.iccid ?? null,
      number: sim?.number ?? modem.number,
      country: sim?.country ?? null,
      simState: sim?.state ?? null,
      homeCarrier: sim?.carrier ?? null,
      carrier: modem.carrier,
      registration: modem.registration,
      signalDbm: modem.signalDbm,
      storage: modem.storage,
      partsByUrc: modem.partsByUrc,
      partsBySweep: modem.partsBySweep,
      errors: modem.errors,
      lastError: modem.lastError,
      lastMessageAtMs: sim?.lastMessageAtMs ?? null,
      openOrders: sim?.openOrders ?? 0,
      rented: sim?.rented ?? false,
      firmware: modem.firmware,
      radio: modem.radio,
      profile: modem.profile,
      baud: modem.baud,
      roundTripMs: modem.roundTripMs,
      disconnects: modem.disconnects,
      resets: modem.resets,
      lastSweepAtMs: modem.lastSweepAtMs,
      alarms: [
        ...modem.alarms.map(({ code, text, sinceMs }) => ({ code, text, sinceMs })),
        ...houseAlarms.filter(({ iccid }) => iccid === modem.iccid).map(({ code, text, sinceMs }) => ({ code, text, sinceMs })),
      ],
    };
  });
}
