/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { ConsoleView } from '../../views/admin/model.ts';
import { SlotNow, SlotPage } from '../../views/admin/slot.tsx';
import { Console } from '../../views/admin/slot-console.tsx';
import { dialogueText } from '../../views/admin/slot-dialogue.tsx';
import type { SlotVerb } from '../../views/admin/slot-verbs.ts';
import { slotPath } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import type { User } from '../accounts/users.ts';
import type { Door } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page, SECURITY_HEADERS, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { Outcome } from '../modem/actions.ts';
import { maskedCommand, writeAudit } from './audit.ts';
import type { BankControl } from './control.ts';
import { outcomeText, slotNowView, slotView, unknownSlot } from './present.ts';
import { UnderWay } from './under-way.ts';

const VERBS = ['pause', 'resume', 'reconnect', 'reset', 'radio', 'number'] as const satisfies readonly SlotVerb['name'][];
const VerbForm = type({ verb: type.enumerated(...VERBS).configure({ message: `verb must be one of ${VERBS.join(', ')}` }) });
const PinForm = type({ 'pin?': 'string <= 40', 'card?': 'string <= 40', 'left?': "'' | '2' | '3'", 'sure?': "'yes'", 'again?': "'yes'" });
const ConsoleForm = type({ 'command?': 'string <= 200' });
const FaultForm = type({ name: 'string <= 40', on: "'yes' | 'no'" });

/** So long the answer to an action is waited for before a page shows that it is under way. */
const PATIENCE_MS = 1000;

/** `/admin/bank/:slot`: one slot, its history, its dialogue, and what can be done with the modem in it. Every action is written to the audit trail. */
export function slotRoutes(deps: { db: Database; door: Door; clock: Clock; guard: Guard; bank: BankControl }) {
  const { db, door, clock, guard, bank } = deps;
  const underWay = new UnderWay(clock.nowMs);
  const sources = { db, bank, underWay, nowMs: clock.nowMs };
  const pinUnderWay = new Set<string>();
  const mustBeThere = (slot: string): void => {
    if (!bank.snapshots().some((modem) => modem.slot === slot)) throw unknownSlot();
  };
  const audited = (userId: string, action: string, target: string, detail: string) =>
    door.write((tx) => writeAudit(tx, { userId, action, target, detail }));
  /** Back to the slot, where the entry's outcome is read from the audit trail: a reload does nothing again. */
  const backWith = async (request: Request, userId: string, action: string, slot: string, outcome: Outcome): Promise<Response> => {
    const id = await audited(userId, action, slot, outcomeText(outcome));
    return seeOther(request, `${slotPath(slot)}?done=${id}`);
  };
  /** Whoever asked for an action and waits for it is sent to its result; null while there is none. */
  const whenDone = (request: Request, slot: string, query: Record<string, string | undefined>): Response | null => {
    const doing = underWay.of(slot);
    if (doing?.state !== 'done' || doing.id !== query['asked']) return null;
    return seeOther(request, `${slotPath(slot)}?done=${doing.auditId}`);
  };
  const wrongPinForm = async (request: Request, user: User, slot: string, error: string): Promise<Response> => {
    const view = await slotView(sources, slot, { query: {}, form: { values: {}, errors: { pin: error } } });
    return page(<SlotPage page={pageContext(db, request, user)} view={view} />, { status: 422 });
  };
  return (
    new Elysia({ detail: { hide: true } })
      .use(guard)
      .get(
        '/bank/:slot',
        async ({ request, user, params, query }) =>
          whenDone(request, params.slot, query) ??
          page(<SlotPage page={pageContext(db, request, user)} view={await slotView(sources, params.slot, { query })} />),
        { operator: true },
      )
      .get(
        '/bank/:slot/now',
        ({ request, params, query }) =>
          whenDone(request, params.slot, query) ?? page(<SlotNow view={slotNowView(sources, params.slot, query)} />),
        { operator: true },
      )
      .get(
        '/bank/:slot/dialogue.txt',
        async ({ params, user }) => {
          const lines = bank.dialogue(params.slot);
          if (lines === null) throw unknownSlot();
          await audited(user.id, 'slot.dialogue', params.slot, `The dialogue was downloaded; lines in it: ${lines.length}.`);
          const name = `dialogue-${params.slot
            .replace(/[^A-Za-z0-9.]+/g, '-')
            .replace(/^-/, '')
            .slice(0, 60)}.txt`;
          return new Response(dialogueText(params.slot, lines), {
            headers: {
              ...SECURITY_HEADERS,
              'content-type': 'text/plain; charset=utf-8',
              'content-disposition': `attachment; filename="${name}"`,
              'cache-control': 'no-store',
            },
          });
        },
        { operator: true },
      )
      // The addresses of forms whose answer is the page itself: reloaded from the address bar they lead back to it.
      .get('/bank/:slot/console', ({ request, params }) => seeOther(request, slotPath(params.slot)), { operator: true })
      .get('/bank/:slot/pin', ({ request, params }) => seeOther(request, slotPath(params.slot)), { operator: true })
      .post(
        '/bank/:slot/act',
        async ({ request, user, params: { slot }, body: { verb } }) => {
          mustBeThere(slot);
          const work = async () => audited(user.id, `slot.${verb}`, slot, outcomeText(await act(bank, slot, verb)));
          const { id } = await underWay.begin(slot, verb, work, PATIENCE_MS);
          return whenDone(request, slot, { asked: id }) ?? seeOther(request, `${slotPath(slot)}?asked=${id}`);
        },
        { operator: true, body: VerbForm },
      )
      .post(
        '/bank/:slot/pin',
        async ({ request, user, params: { slot }, body: { pin = '', card = '', left = '', sure, again } }) => {
          mustBeThere(slot);
          if (!/^\d{4,8}$/.test(pin)) {
            return wrongPinForm(request, user, slot, 'A PIN has 4 to 8 digits. Nothing was sent to the SIM.');
          }
          if ((left === '') !== (sure === undefined)) {
            const error =
              'To state the tries left, choose how many there are and tick that you looked them up. Nothing was sent to the SIM.';
            return wrongPinForm(request, user, slot, error);
          }
          const stated = left === '' ? null : { iccid: card, atLeast: left === '3' ? (3 as const) : (2 as const) };
          // A doubled submission must not cost a second try.
          if (pinUnderWay.has(slot)) throw new Refusal('too_early', 'A PIN is being tried in this slot right now; wait for its result.');
          pinUnderWay.add(slot);
          try {
            if (stated !== null)
              await audited(user.id, 'slot.pin_tries', slot, `stated, looked up in a phone: ${card} has at least ${left} tries left`);
            const outcome = await bank.enterPin(slot, { pin, stated, again: again === 'yes' });
            return await backWith(request, user.id, 'slot.pin', slot, { ...outcome, detail: outcome.detail.replaceAll(pin, '····') });
          } finally {
            pinUnderWay.delete(slot);
          }
        },
        { operator: true, body: PinForm },
      )
      .post(
        '/bank/:slot/fault',
        async ({ request, user, params: { slot }, body: { name, on } }) => {
          mustBeThere(slot);
          const known = bank.virtualFaults.some((fault) => fault.name === name);
          if (!known)
            throw new Refusal('validation', `There is no such fault; there are ${bank.virtualFaults.map((one) => one.name).join(', ')}.`);
          return backWith(request, user.id, `slot.fault.${name}`, slot, await bank.setVirtualFault(slot, name, on === 'yes'));
        },
        { operator: true, body: FaultForm },
      )
      .post(
        '/bank/:slot/console',
        async ({ request, user, params: { slot }, body }) => {
          mustBeThere(slot);
          const command = (body.command ?? '').trim();
          const answer = await ask(bank, slot, command);
          const said = answer.lines === null ? outcomeText({ ok: false, detail: answer.final }) : 'answered';
          if (command !== '') await audited(user.id, 'slot.command', slot, `${maskedCommand(command)} → ${maskedCommand(said)}`);
          const status = answer.lines === null ? 422 : 200;
          if (request.headers.has('hx-request')) return page(<Console slot={slot} answer={answer} />, { status });
          const view = await slotView(sources, slot, { query: {}, console: answer });
          return page(<SlotPage page={pageContext(db, request, user)} view={view} />, { status });
        },
        { operator: true, body: ConsoleForm },
      )
  );
}

function act(bank: BankControl, slot: string, verb: SlotVerb['name']): Promise<Outcome> {
  switch (verb) {
    case 'pause':
      return bank.pause(slot);
    case 'resume':
      return bank.resume(slot);
    case 'reconnect':
      return bank.reconnect(slot);
    case 'reset':
      return bank.reset(slot);
    case 'radio':
      return bank.toggleRadio(slot);
    case 'number':
      return bank.askNumber(slot);
  }
}

async function ask(bank: BankControl, slot: string, command: string): Promise<ConsoleView> {
  if (command === '') return { command, lines: null, final: 'Type an AT command, for example AT+CSQ.' };
  const answer = await bank.command(slot, command);
  return answer.ok ? { command, lines: answer.lines, final: answer.final } : { command, lines: null, final: answer.detail };
}
