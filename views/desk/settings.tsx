/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { SettingView } from '../../src/settings/present.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { liveSettingPath } from '../paths.ts';
import { DeskStyle, mayAct } from './parts.tsx';

export interface SettingsView {
  nowMs: number;
  settings: readonly SettingView[];
  /** What was refused: of which setting, what was typed, and why. */
  refused: { key: string; typed: string; problem: string } | null;
}

/** What can be changed while the server runs, what each change does, and who made it. */
export function SettingsPage({ page, view }: { page: PageContext; view: SettingsView }): JSX.Element {
  return (
    <Layout page={page} title="Settings of the house" head={DeskStyle} nowMs={view.nowMs}>
      <h1>Settings of the house</h1>
      <p class="muted">
        These change while the server runs, from the moment you keep them, and stay over a restart. Where you set something, it wins over
        smspin.toml and the environment, and stands here so; everything else is in the file alone.
      </p>
      {view.settings.map((setting) => (
        <One setting={setting} view={view} canChange={mayAct(page)} />
      ))}
    </Layout>
  );
}

function One({ setting, view, canChange }: { setting: SettingView; view: SettingsView; canChange: boolean }): JSX.Element {
  const titleId = `${setting.key.replace('.', '-')}-title`;
  const refused = view.refused?.key === setting.key ? view.refused : null;
  return (
    <section class="panel" id={attr(setting.key.replace('.', '-'))} aria-labelledby={titleId} data-setting={attr(setting.key)}>
      <h2 id={titleId} safe>
        {setting.label}
      </h2>
      <p class="setting-now">
        <b class="mono" safe>
          {words(setting.now, setting.unit)}
        </b>
        <code class="plain" safe>
          {setting.key}
        </code>
        {setting.set === null ? (
          <span class="muted">as the file says</span>
        ) : (
          <span class="badge" data-level="busy">
            set here, wins over the file
          </span>
        )}
      </p>
      {setting.set === null ? null : (
        <p class="muted">
          The file says <span safe>{words(setting.file, setting.unit)}</span>. Set by <Foreign text={setting.set.email} />,{' '}
          <Time atMs={setting.set.atMs} nowMs={view.nowMs} />.
        </p>
      )}
      <p safe>{setting.effect}</p>
      {canChange ? <Change setting={setting} refused={refused} /> : null}
      {setting.history.length === 0 ? null : <History setting={setting} nowMs={view.nowMs} />}
    </section>
  );
}

function Change({ setting, refused }: { setting: SettingView; refused: SettingsView['refused'] }): JSX.Element {
  const id = setting.key.replace('.', '-');
  const value = refused?.typed ?? setting.now;
  const described = refused === null ? `${id}-allowed` : `${id}-error`;
  return (
    <>
      <form method="post" action={attr(liveSettingPath(setting.key))} class="setting-form">
        <input type="hidden" name="seen" value={attr(setting.now)} />
        <div class="field">
          <label for={`${id}-value`} safe>
            {setting.unit === '' ? 'New value' : `New value, ${setting.unit}`}
          </label>
          {setting.choices === null ? (
            <input
              id={`${id}-value`}
              name="value"
              value={attr(value)}
              maxlength={200}
              autocomplete="off"
              aria-invalid={refused === null ? undefined : 'true'}
              aria-describedby={described}
            />
          ) : (
            <select id={`${id}-value`} name="value" aria-describedby={described}>
              {setting.choices.map((choice) => (
                <option value={choice} selected={choice === value} safe>
                  {choice}
                </option>
              ))}
            </select>
          )}
        </div>
        <button type="submit" class="small" aria-label={attr(`Keep: ${setting.label}`)}>
          Keep
        </button>
        {refused === null ? (
          <small id={`${id}-allowed`} safe>{`Must be ${setting.allowed}.`}</small>
        ) : (
          <small id={`${id}-error`} class="field-error" role="alert" safe>
            {refused.problem}
          </small>
        )}
      </form>
      {setting.set === null ? null : (
        <form method="post" action={attr(liveSettingPath(setting.key, 'undo'))}>
          <input type="hidden" name="seen" value={attr(setting.now)} />
          <button type="submit" class="small secondary outline" safe>{`Back to the file: ${words(setting.file, setting.unit)}`}</button>
        </form>
      )}
    </>
  );
}

function History({ setting, nowMs }: { setting: SettingView; nowMs: number }): JSX.Element {
  return (
    <details>
      <summary safe>{`Changes: ${setting.history.length}`}</summary>
      <ul>
        {setting.history.map((change) => (
          <li>
            <Time atMs={change.atMs} nowMs={nowMs} /> <Foreign text={change.email} />:{' '}
            <span safe>{`from ${words(change.before, setting.unit)} to ${words(change.after, setting.unit)}`}</span>
            {change.isFile ? <small> (as the file says)</small> : null}
          </li>
        ))}
      </ul>
    </details>
  );
}

function words(value: string, unit: string): string {
  if (value === '') return 'none';
  return unit === '' ? value : `${value} ${value === '1' ? unit.replace(/s$/, '') : unit}`;
}
