/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Field } from '../parts/field.tsx';
import { attr } from '../parts/text.tsx';
import { paths } from '../paths.ts';

export interface PayView {
  providers: { name: string; label: string }[];
  currency: string;
  formKey: string;
}

/** An amount and one button for each way to pay it. */
export function PayForm({ view }: { view: PayView }): JSX.Element {
  return (
    <form method="post" action={paths.pay} class="panel" aria-labelledby="pay-title">
      <h2 id="pay-title">Pay</h2>
      <input type="hidden" name="form_key" value={attr(view.formKey)} />
      <Field
        form={{ values: {}, errors: {} }}
        name="amount"
        label={`Amount, ${view.currency}`}
        hint="You pay on the provider’s page; your card or wallet is not seen here"
        autocomplete="off"
        maxlength={20}
      />
      <div class="pay-buttons">
        {view.providers.map(({ name, label }) => (
          <button type="submit" name="provider" value={attr(name)} safe>
            {label}
          </button>
        ))}
      </div>
    </form>
  );
}
