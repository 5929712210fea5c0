/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { attr, Foreign } from '../parts/text.tsx';
import type { ServiceDiffView } from './model.ts';

const KINDS = { new: 'new service', changed: 'changed', gone: 'removed' } as const;

/** What of each service's rules differs, line by line. */
export function Diffs({ diffs, link }: { diffs: readonly ServiceDiffView[]; link: (slug: string) => string }): JSX.Element {
  return (
    <ul class="diffs">
      {diffs.map(({ slug, name, kind, fields }) => (
        <li class="panel" data-slug={attr(slug)}>
          <p>
            <a href={attr(link(slug))}>
              <Foreign text={name} />
            </a>{' '}
            <span class="badge" safe>
              {KINDS[kind]}
            </span>
          </p>
          <dl>
            {fields.map(({ field, removed, added }) => (
              <div>
                <dt safe>{field}</dt>
                <dd>
                  {removed.map((line) => (
                    <del>
                      <span class="sr-only">Before: </span>
                      <Foreign text={line} />
                    </del>
                  ))}
                  {added.map((line) => (
                    <ins>
                      <span class="sr-only">Now: </span>
                      <Foreign text={line} />
                    </ins>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}
