/** Disks that can be broken, for who may mount: a tmpfs of a few megabytes, and ext4 in a file. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../src/db/open.ts';
import { spaceOf } from '../../src/disk/space.ts';
import { until } from '../support/client.ts';
import { run } from '../support/tools.ts';
import type { Fault } from './story.ts';
import type { openOuterWorld, World } from './world.ts';

type Outer = Awaited<ReturnType<typeof openOuterWorld>>;

const MEGABYTE = 1024 * 1024;

/** Runs a tool that must succeed. */
async function tool(...command: string[]): Promise<void> {
  const { code, stderr } = await run(command, { cwd: '/' });
  if (code !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
}

export interface Disk {
  dir: string;
  remove(): Promise<void>;
}

export async function smallTmpfs(dir: string, megabytes: number): Promise<Disk> {
  await tool('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'smspin-faults', dir);
  return { dir, remove: () => tool('umount', dir) };
}

/** `image` becomes the file that holds the disk. */
export async function ext4InFile(image: string, dir: string, megabytes: number): Promise<Disk & { repair(): Promise<void> }> {
  await tool('fallocate', '-l', `${megabytes}M`, image);
  await tool('mkfs.ext4', '-q', image);
  const mount = () => tool('mount', '-o', 'loop', image, dir);
  await mount();
  return {
    dir,
    async repair() {
      await tool('umount', dir);
      // Exit code 1: errors were found and corrected.
      await run(['fsck.ext4', '-p', image], { cwd: '/' });
      await mount();
    },
    remove: () => tool('umount', dir),
  };
}

/** Fills the disk of the database until so many megabytes are left. */
function fill({ databasePath, data }: World, ballast: string, leaveMegabytes: number): void {
  // What the log has taken already would be written over, and a commit would need nothing more for a while.
  const db = openDatabase(databasePath);
  db.run('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  const fd = openSync(ballast, 'w');
  try {
    for (const octets of [Buffer.alloc(MEGABYTE), Buffer.alloc(4096)])
      while (spaceOf(data).freeOctets > leaveMegabytes * MEGABYTE && writeSync(fd, octets) === octets.length);
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC')) throw thrown;
  } finally {
    closeSync(fd);
  }
}

export function diskFull(world: World, forMs: number): Fault {
  const ballast = join(world.data, 'ballast');
  return {
    ...{
      name: 'disk full (a small tmpfs, to the last octet)',
      forMs,
      operatorSees: /The disk of \S+ is full: nothing can be stored/,
      waiting: 1,
    },
    on: () => fill(world, ballast, 0),
    off: () => rmSync(ballast),
  };
}

/** Of the disk is left less than `stopMegabytes`, the configured limit. */
export function diskNearlyFull(world: World, forMs: number, stopMegabytes: number): Fault {
  const ballast = join(world.data, 'ballast');
  const operatorSees = /Only \d+ MB are free[^.]*\. New orders and rentals are refused; messages are still stored/;
  return {
    ...{ name: 'disk nearly full (below disk_stop_megabytes)', forMs, operatorSees, waiting: null },
    async on() {
      fill(world, ballast, stopMegabytes / 2);
      await until(async () => operatorSees.test(await world.operatorSees()), 'the disk is looked at');
    },
    off: () => rmSync(ballast),
  };
}

/** Writing is forbidden for files that are open already, and allowed again: the server heals by itself. */
export function writesForbidden({ databasePath }: World, forMs: number): Fault {
  const chattr = (flag: string) => tool('chattr', flag, ...['', '-wal'].map((end) => databasePath + end));
  return {
    ...{ name: 'read-only files (ext4, chattr +i)', forMs, operatorSees: /The disk of \S+ takes no writes/, waiting: 1 },
    on: () => chattr('+i'),
    off: () => chattr('-i'),
  };
}

/** The kernel gives the file system up and makes it read-only, as after an error of the disk. It takes a repair, for which the server is stopped. */
export function diskGivenUp(world: Outer, disk: { dir: string; repair(): Promise<void> }, forMs: number): Fault {
  return {
    ...{ name: 'disk turned read-only by the kernel (ext4, abort)', forMs, operatorSees: /The disk of \S+ takes no writes/, waiting: 1 },
    // It answers that it is aborted; that is what was asked for.
    on: () => run(['mount', '-o', 'remount,abort', disk.dir], { cwd: '/' }),
    async off() {
      await world.stopServer();
      await disk.repair();
      await world.startServer();
    },
  };
}
