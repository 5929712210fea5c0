import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fdatasyncSync, openSync, statSync, writeSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { Encrypter } from 'age-encryption';
import { pack as tarPack } from 'tar-stream';

/** A file of an archive: from the disk, or a text. */
export type Packed = { name: string; path: string } | { name: string; text: string };

/** Dirty pages beyond this would be written by whoever syncs next: the server's commits. */
const SYNC_EVERY_OCTETS = 1024 * 1024;
const OWNER_ONLY = 0o600;

/**
 * Writes the files, in this order, as tar compressed by zstd and, with recipients, encrypted by age (https://age-encryption.org/v1): `age -d | tar --zstd -x`
 * takes it apart without us. `out` must not be there; it is on the disk when this resolves, with its SHA-256 as it was written and its length.
 */
export async function packArchive(
  files: readonly Packed[],
  out: string,
  { recipients, atMs }: { recipients: readonly string[]; atMs: number },
): Promise<{ sha256: string; octets: number }> {
  const archive = tarPack();
  const compressed = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  const filling = fill(archive, files, new Date(atMs));
  // A fault of either ends the other, and reaches us through the stream that is read here.
  filling.catch((thrown: Error) => archive.destroy(thrown));
  const piping = pipeline(Readable.from(archive), compressed);
  piping.catch(() => {});
  const octets = recipients.length === 0 ? compressed : await encrypted(compressed, recipients);
  const written = await write(octets, out);
  await Promise.all([filling, piping]);
  return written;
}

/** SHA-256 of a file, in hexadecimal. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

async function fill(archive: ReturnType<typeof tarPack>, files: readonly Packed[], mtime: Date): Promise<void> {
  for (const file of files) {
    if ('text' in file) {
      archive.entry({ name: file.name, mode: OWNER_ONLY, mtime }, file.text);
      continue;
    }
    const entry = archive.entry({ name: file.name, size: statSync(file.path).size, mode: OWNER_ONLY, mtime });
    await pipeline(createReadStream(file.path, { highWaterMark: 1024 * 1024 }), entry);
  }
  archive.finalize();
}

async function encrypted(octets: Readable, recipients: readonly string[]): Promise<Readable> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  const stream = await encrypter.encrypt(Readable.toWeb(octets) as ReadableStream<Uint8Array>);
  return Readable.from(stream);
}

async function write(octets: Readable, out: string): Promise<{ sha256: string; octets: number }> {
  const hash = createHash('sha256');
  let total = 0;
  let unsynced = 0;
  const fd = openSync(out, 'wx', OWNER_ONLY);
  try {
    for await (const chunk of octets as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
      for (let at = 0; at < chunk.length; ) at += writeSync(fd, chunk, at);
      total += chunk.length;
      unsynced += chunk.length;
      if (unsynced < SYNC_EVERY_OCTETS) continue;
      fdatasyncSync(fd);
      unsynced = 0;
    }
    fdatasyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return { sha256: hash.digest('hex'), octets: total };
}
