/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { SettingsPage, type SettingsView } from '../../views/desk/settings.tsx';
import { paths } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import type { User } from '../accounts/users.ts';
import { LIVE_SETTINGS, type LiveSetting } from '../config/live.ts';
import type { Door } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { changeSetting } from './changes.ts';
import type { LiveConfig } from './live.ts';
import { settingViews } from './present.ts';

const ChangeForm = type({ 'value?': 'string <= 1000', 'seen?': 'string <= 1000' }).or('undefined | null');

/** `/admin/settings`: what is changed while the server runs. */
export function settingRoutes(deps: { db: Database; door: Door; clock: Clock; log: Log; guard: Guard; settings: LiveConfig }) {
  const { db, door, clock, log, guard, settings } = deps;
  const show = (request: Request, user: User, refused: SettingsView['refused'], status = 200) => {
    const context = { ...pageContext(db, request, user), path: paths.liveSettings };
    return page(<SettingsPage page={context} view={{ nowMs: clock.nowMs(), settings: settingViews(db, settings), refused }} />, { status });
  };
  const change = async (request: Request, user: User, setting: LiveSetting, value: string | null, typed: string, seen: string) => {
    const outcome = await door.write((tx) => changeSetting(tx, settings, { userId: user.id, setting, value, seen }));
    if (outcome === 'stale') {
      const problem = 'Somebody else changed it meanwhile: look at what holds now, and send it again if you still want it.';
      return show(request, user, { key: setting.key, typed, problem }, 409);
    }
    if (outcome === 'changed') log.info('setting_changed', { key: setting.key, by: user.id });
    return seeOther(request, `${paths.liveSettings}?notice=setting-${outcome}#${setting.key.replace('.', '-')}`);
  };
  return new Elysia({ prefix: paths.liveSettings, detail: { hide: true } })
    .use(guard)
    .get('', ({ request, user }) => show(request, user, null), { operator: true })
    .get('/:key', ({ request }) => seeOther(request, paths.liveSettings), { operator: true })
    .get('/:key/undo', ({ request }) => seeOther(request, paths.liveSettings), { operator: true })
    .post(
      '/:key',
      ({ request, user, params, body }) => {
        const setting = requireSetting(params.key);
        const typed = body?.value ?? '';
        const value = setting.parse(typed);
        if (value === null) return show(request, user, { key: setting.key, typed, problem: `It must be ${setting.allowed}.` }, 422);
        return change(request, user, setting, value, typed, body?.seen ?? '');
      },
      { operator: true, body: ChangeForm },
    )
    .post(
      '/:key/undo',
      ({ request, user, params, body }) => {
        const setting = requireSetting(params.key);
        return change(request, user, setting, null, setting.typed(settings.file), body?.seen ?? '');
      },
      { operator: true, body: ChangeForm },
    );
}

function requireSetting(key: string): LiveSetting {
  const setting = LIVE_SETTINGS.find((one) => one.key === key);
  if (!setting)
    throw new Refusal('not_found', 'There is no setting of this name that changes while the server runs; see smspin.example.toml for all.');
  return setting;
}
