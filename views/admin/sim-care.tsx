/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { money } from '../format.ts';
import type { FormView } from '../model.ts';
import { FieldError } from '../parts/field.tsx';
import { attr, ForeignBlock } from '../parts/text.tsx';
import { simPagePath } from '../paths.ts';
import type { SimView } from './model.ts';
import { DueMark, Tags } from './sim-days.tsx';

/** What the operator keeps of a card: days, tags, notes. */
export function CarePanel({ view, form, mayChange }: { view: SimView; form: FormView; mayChange: boolean }): JSX.Element {
  const { care, iccid, nowMs } = view;
  return (
    <section id="care" class="panel" aria-labelledby="care-title">
      <h2 id="care-title">Days, tags and notes</h2>
      {care.expiresOn === null && care.topUpOn === null ? null : (
        <p class="due-line">
          <DueMark what="expires" day={care.expiresOn} nowMs={nowMs} /> <DueMark what="top-up" day={care.topUpOn} nowMs={nowMs} />
        </p>
      )}
      <Tags tags={care.tags} />
      {care.note === '' ? null : <ForeignBlock text={care.note} />}
      {mayChange ? <CareForm view={view} form={form} /> : null}
      {!mayChange || (care.topUpOn === null && care.topUpDays === null) ? null : (
        <form method="post" action={attr(simPagePath(iccid, 'topped-up'))}>
          <button type="submit" class="small secondary" safe>
            {care.topUpDays === null ? 'Topped up: no day is due then' : `Topped up today: next in ${care.topUpDays} days`}
          </button>
        </form>
      )}
    </section>
  );
}

function CareForm({ view, form }: { view: SimView; form: FormView }): JSX.Element {
  const { care, iccid } = view;
  const typed = (name: string, known: string) => attr(form.values[name] ?? known);
  return (
    <form method="post" action={attr(simPagePath(iccid, 'care'))} class="care-form">
      <Input form={form} name="expires" label="Expires on" type="date" value={typed('expires', care.expiresOn ?? '')} />
      <Input form={form} name="topup" label="Next top-up on" type="date" value={typed('topup', care.topUpOn ?? '')} />
      <Input
        form={form}
        name="topupdays"
        label="Days between top-ups"
        type="number"
        value={typed('topupdays', care.topUpDays === null ? '' : String(care.topUpDays))}
      />
      <Input
        form={form}
        name="tags"
        label="Tags"
        type="text"
        value={typed('tags', care.tags.join(' '))}
        hint="Apart by spaces: a-z, 0-9, - and _."
      />
      <div class="field wide">
        <label for="care-note">Note, for operators only</label>
        <textarea
          id="care-note"
          name="note"
          rows="3"
          maxlength={2000}
          aria-invalid={form.errors['note'] === undefined ? undefined : 'true'}
          aria-describedby={form.errors['note'] === undefined ? undefined : 'note-error'}
          safe
        >
          {form.values['note'] ?? care.note}
        </textarea>
        <FieldError form={form} name="note" />
      </div>
      <p class="hint wide">
        Operators who turned it on in their notifications get a mail 14 days before, 3 days before and on the day. Days are UTC.
      </p>
      <button type="submit" class="secondary">
        Keep
      </button>
    </form>
  );
}

interface InputProps {
  form: FormView;
  name: string;
  label: string;
  type: 'date' | 'number' | 'text';
  value: string;
  hint?: string;
}

function Input({ form, name, label, type, value, hint }: InputProps): JSX.Element {
  const isWrong = form.errors[name] !== undefined;
  const describedBy = [hint === undefined ? '' : `care-${name}-hint`, isWrong ? `${name}-error` : ''].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={`care-${name}`} safe>
        {label}
      </label>
      <input
        id={`care-${name}`}
        name={name}
        type={type}
        min={type === 'number' ? '1' : undefined}
        max={type === 'number' ? '3650' : undefined}
        value={value}
        autocomplete="off"
        aria-invalid={isWrong ? 'true' : undefined}
        aria-describedby={describedBy || undefined}
      />
      {hint === undefined ? null : (
        <small id={`care-${name}-hint`} safe>
          {hint}
        </small>
      )}
      <FieldError form={form} name={name} />
    </div>
  );
}

/** What the card earned, by month. */
export function EarningsPanel({ view }: { view: SimView }): JSX.Element {
  const { all, months } = view.earnings;
  return (
    <section id="earnings" class="panel" aria-labelledby="earnings-title">
      <h2 id="earnings-title">Earnings</h2>
      {all.sales === 0 ? (
        <p class="muted">Nothing yet: no order or rental on it was charged.</p>
      ) : (
        <table class="earnings">
          <thead>
            <tr>
              <th scope="col">Month (UTC)</th>
              <th scope="col">Sales</th>
              <th scope="col">Earned</th>
            </tr>
          </thead>
          <tbody>
            {months.map((month) => (
              <tr>
                <th scope="row" class="mono" safe>
                  {month.month}
                </th>
                <td class="mono">{month.sales}</td>
                <td class="mono" safe>
                  {money(month.earnedMinor, view.currency)}
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">In all</th>
              <td class="mono">{all.sales}</td>
              <td class="mono" safe>
                {money(all.earnedMinor, view.currency)}
              </td>
            </tr>
          </tfoot>
        </table>
      )}
    </section>
  );
}
