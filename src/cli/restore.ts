import { resolve } from 'node:path';
import { type Restored, restoreBackup } from '../backup/restore.ts';
import type { Config } from '../config.ts';
import { MIGRATIONS } from '../db/migrate.ts';
import { readIdentities } from './backup.ts';
import { type Io, RESTORE_USAGE, readArgs } from './usage.ts';

/** `smspin restore`: puts a backup in the place of the data folder, and says how to undo that. Returns the exit code: 1 too when the books do not prove. */
export async function restoreCommand(args: string[], config: Config, io: Io): Promise<number> {
  const options = {
    data: { type: 'string' },
    identity: { type: 'string' },
    force: { type: 'boolean' },
    json: { type: 'boolean' },
  } as const;
  const { values, words } = readArgs(args, { usage: RESTORE_USAGE, positionals: ['FILE'], options });
  const dataDir = values.data === undefined ? config.data.dir : resolve(values.data);
  const restored = await restoreBackup({
    ...{ file: resolve(words[0]), dataDir, identities: readIdentities(values.identity), force: values.force ?? false },
    ...{ latestSchema: MIGRATIONS.length, nowMs: Date.now() },
  });
  const { aside, manifest, proof } = restored;
  const { wrong, unchecked, facts } = proof;
  if (values.json) io.out(JSON.stringify({ data: dataDir, aside, wrong, unchecked, facts, manifest }));
  else for (const line of describe(restored, dataDir)) io.out(line);
  return wrong.length === 0 ? 0 : 1;
}

function describe({ manifest, proof, aside, hasSigningKey }: Restored, dataDir: string): string[] {
  const { facts, wrong, unchecked } = proof;
  const undo =
    aside === null ? [] : [`  What was there lies in ${aside}. To undo: smspin restore ${aside}/smspin.db --data ${dataDir} --force`];
  return [
    `${dataDir} is as it was${manifest === null ? '' : ` at ${manifest.made_at}`}: schema ${facts.schema_version}, ${facts.rows['orders'] ?? 0} orders, ${facts.rows['messages'] ?? 0} messages, ledger sum ${facts.ledger.sum_minor}.`,
    wrong.length === 0 ? '  Proved in its place: pages and indexes, references, books, audit log.' : `  NOT SOUND: ${wrong.join('; ')}`,
    ...unchecked.map((what) => `  Not looked at: ${what}. The next start brings it up to date.`),
    ...(hasSigningKey
      ? []
      : [
          '  It held no signing key: exports and evidence are signed with the one that is in the folder, or a new one where there is none.',
        ]),
    ...undo,
    '  What happened after it was made is not in it: messages, orders and payments of that time are only in what was put aside.',
  ];
}
