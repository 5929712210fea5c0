/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { AuditEntry } from '../../src/admin/audit.ts';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { customerPath, deskOrderPath, paths, reviewPath, withQuery } from '../paths.ts';
import { Rows } from './parts.tsx';

/** Entries of the audit log. */
export function AuditRows({ entries, nowMs }: { entries: readonly AuditEntry[]; nowMs: number }): JSX.Element {
  return (
    <Rows label="Audit log" heads={['When', 'Who', 'What', 'About']}>
      {entries.map((entry) => (
        <tr data-audit-id={attr(entry.id)}>
          <th scope="row">
            <Time atMs={entry.atMs} nowMs={nowMs} />
          </th>
          <td data-head="Who">
            <Foreign text={entry.email} />
          </td>
          <td data-head="What">
            <span class="tag mono" safe>
              {entry.action}
            </span>
            <Foreign text={entry.detail} />
          </td>
          <td data-head="About" class="mono">
            <a href={attr(pageOf(entry.target))}>
              <Foreign text={entry.target} />
            </a>
          </td>
        </tr>
      ))}
    </Rows>
  );
}

/** The page of what an entry is about; without one of its own, everything else the log says of it. */
function pageOf(target: string): string {
  if (target.startsWith('usr_')) return customerPath(target);
  if (target.startsWith('ord_')) return deskOrderPath(target);
  if (target.startsWith('msg_')) return reviewPath(target);
  return withQuery(paths.audit, { target });
}
