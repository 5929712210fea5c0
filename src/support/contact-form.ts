import type { Topic } from '../../views/contact/words.ts';
import { cleanEmail } from '../accounts/users.ts';
import { isTopic, textProblem } from './tickets.ts';

/** What came by the contact form: every field may be anything, also a file. */
export interface ContactForm {
  values: Record<'email' | 'topic' | 'order' | 'text', string>;
  token: string;
  trap: string;
  hasFile: boolean;
}

const FIELDS = ['email', 'topic', 'order', 'text'] as const;
const CHARACTERS_MAX = { email: 300, topic: 20, order: 64, text: 20_000 };

export function readContactForm(body: unknown): ContactForm {
  const given = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const field = (name: string, most: number): string => (typeof given[name] === 'string' ? given[name].slice(0, most) : '');
  const values = Object.fromEntries(FIELDS.map((name) => [name, field(name, CHARACTERS_MAX[name])])) as ContactForm['values'];
  const hasFile = Object.values(given)
    .flat()
    .some((value) => value instanceof Blob && value.size > 0);
  return { values, token: field('token', 1000), trap: field('website', 200), hasFile };
}

export type ReadContact =
  | { ok: true; email: string; topic: Topic; orderId: string | null; text: string }
  | { ok: false; errors: Record<string, string> };

/** The form as a ticket needs it, or what is wrong with each field. `ownEmail` is the address of who is signed in. */
export function checkContact({ values, hasFile }: ContactForm, ownEmail: string | null): ReadContact {
  const errors: Record<string, string> = {};
  const email = ownEmail ?? cleanEmail(values.email);
  const { topic } = values;
  const orderId = values.order.trim().toLowerCase();
  if (email === null) errors['email'] = 'Type an e-mail address like name@example.org, so that the answer reaches you.';
  if (!isTopic(topic)) errors['topic'] = 'Choose what it is about.';
  if (orderId !== '' && !/^ord_[0-9a-z]{26}$/.test(orderId))
    errors['order'] = 'An order id begins with ord_ and stands in your history and in mails; or leave it empty.';
  const problem = textProblem(values.text);
  if (problem !== null) errors['text'] = problem;
  if (hasFile) errors[''] = 'Attachments are not taken: describe in words what the file shows, and leave it out.';
  if (email === null || !isTopic(topic) || Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, email, topic, orderId: orderId === '' ? null : orderId, text: values.text };
}
