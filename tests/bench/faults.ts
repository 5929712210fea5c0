import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BEFORE_SHIFT_MS, type ClockTold, clockBack, clockForward, overShift, SHIFTS } from '../faults/clock-stories.ts';
import { type Disk, diskFull, diskGivenUp, diskNearlyFull, ext4InFile, smallTmpfs, writesForbidden } from '../faults/disks.ts';
import { devicesGone, lockedByOther } from '../faults/inner-faults.ts';
import { type Told, tell } from '../faults/story.ts';
import { openOuterWorld } from '../faults/world.ts';
import { run } from '../support/tools.ts';

const FAULT_MS = 10_000;
const LOCK_MS = 30_000;
const STOP_MEGABYTES = 20;
const WINDOW_MS = 15_000;

type Row = ClockTold | Told;
let wanted = '';

/** What faults of the machine do to the house, told by real servers on real disks; each is an open order whose SMS comes while the fault lasts, and a new order meanwhile. */
export async function faults(): Promise<void> {
  console.log(
    'Faults (a server process, virtual modems in another; the fault begins with an open order, whose SMS comes while it lasts)\n',
  );
  const dir = mkdtempSync(join(tmpdir(), 'smspin-bench-faults-'));
  wanted = process.argv[3] ?? '';
  const rows: Row[] = [];
  const told = async (name: string, tellAll: () => Promise<Row[]>): Promise<void> => {
    if (!name.includes(wanted)) return;
    for (const row of await tellAll()) {
      rows.push(row);
      for (const line of describe(row)) console.log(line);
    }
  };
  if (await mayMount()) {
    await told('disk full', () => onTmpfs(join(dir, 'tmpfs')));
    await told('read-only', () => onExt4(join(dir, 'ext4'), join(dir, 'image')));
  } else console.log('NOT TOLD: full and read-only disks, since this user may not mount any (run it as root)\n');
  await told('locked, devices, clock', () => onPlainFolder(join(dir, 'plain')));
  for (const shift of SHIFTS) await told(`dst ${shift.name}`, () => onShift(join(dir, String(shift.atMs)), shift));
  const wrong = rows.flatMap((row) => row.wrong);
  console.log(`${rows.length} faults; lost, doubled or charged wrongly: ${wrong.length === 0 ? 'nothing' : wrong.join('; ')}`);
  rmSync(dir, { recursive: true, force: true });
}

async function mayMount(): Promise<boolean> {
  return process.getuid?.() === 0 && (await run(['unshare', '--mount', 'true'], { cwd: '/' })).code === 0;
}

async function onTmpfs(dir: string): Promise<Row[]> {
  mkdirSync(dir);
  return onDisk(await smallTmpfs(dir, 96), `[data]\ndisk_stop_megabytes = ${STOP_MEGABYTES}\n`, async (world) => [
    await tell(world, diskNearlyFull(world, FAULT_MS, STOP_MEGABYTES), 'gb'),
    await tell(world, diskFull(world, FAULT_MS), 'us'),
  ]);
}

async function onExt4(dir: string, image: string): Promise<Row[]> {
  mkdirSync(dir);
  const disk = await ext4InFile(image, dir, 256);
  return onDisk(disk, '[data]\ndisk_stop_megabytes = 0\n', async (world) => [
    await tell(world, writesForbidden(world, FAULT_MS), 'gb'),
    await tell(world, diskGivenUp(world, disk, FAULT_MS), 'us'),
  ]);
}

async function onDisk(
  disk: Disk,
  toml: string,
  tellAll: (world: Awaited<ReturnType<typeof openOuterWorld>>) => Promise<Row[]>,
): Promise<Row[]> {
  try {
    const world = await openOuterWorld(disk.dir, { toml });
    try {
      return await tellAll(world);
    } finally {
      await world.stop();
    }
  } finally {
    await disk.remove();
  }
}

async function onPlainFolder(dir: string): Promise<Row[]> {
  mkdirSync(dir);
  const world = await openOuterWorld(dir);
  try {
    return [
      await tell(world, lockedByOther(world, LOCK_MS), 'de'),
      await tell(world, devicesGone(world, FAULT_MS), 'fr'),
      await clockForward(world),
      await clockBack(world),
    ];
  } finally {
    await world.stop();
  }
}

async function onShift(dir: string, shift: (typeof SHIFTS)[number]): Promise<Row[]> {
  mkdirSync(dir);
  const aheadMs = shift.atMs - BEFORE_SHIFT_MS - Date.now();
  const env = { TZ: 'Europe/Berlin', SMSPIN_ORDERS_WINDOW_MINUTES: String(WINDOW_MS / 60_000) };
  const world = await openOuterWorld(dir, { aheadMs, env });
  try {
    return [await overShift(world, shift, aheadMs, WINDOW_MS)];
  } finally {
    await world.stop();
  }
}

function describe(row: Row): string[] {
  const end = `  lost or wrong   ${row.wrong.length === 0 ? 'nothing' : row.wrong.join('; ')}\n`;
  if ('customers' in row) return [row.name, `  customers see   ${row.customers}`, end];
  const { order, orderMs, retryAfter, reading, operator, onModems, recoveredMs } = row;
  return [
    row.name,
    `  a new order     ${order}, after ${orderMs.toFixed(0)} ms${retryAfter === null ? '' : `, Retry-After ${retryAfter}`}`,
    `  reading         ${reading}`,
    `  operator sees   ${operator === '' ? 'the modems as unplugged' : operator}`,
    `  on the modems   ${onModems} message${onModems === 1 ? '' : 's'}`,
    `  afterwards      the code is with its customer ${(recoveredMs / 1000).toFixed(1)} s after the end of it`,
    end,
  ];
}
