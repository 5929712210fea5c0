import { TOPIC_WORDS } from '../contact/words.ts';
import type { MailContent } from './model.ts';

const NO_REPLY = 'Please do not answer this mail: nobody reads that address. Answer on the page by the link.';

/** What the writer of a ticket keeps in hand. Their words are not repeated: the address was not proven to be theirs. */
export function ticketReceived(ticket: { number: string; topic: string; url: string }): MailContent {
  return {
    subject: `We have your message (${ticket.number})`,
    preheader: 'You see the answer on the page, and get it by mail.',
    title: `We have your message: ${ticket.number}`,
    blocks: [
      { kind: 'text', text: 'The operator of this box reads it and answers on its page; you get the answer by mail too.' },
      {
        kind: 'facts',
        rows: [
          ['Number', ticket.number],
          ['Topic', topicWords(ticket.topic)],
        ],
      },
      { kind: 'action', label: 'Open your ticket', url: ticket.url },
      { kind: 'text', text: NO_REPLY },
    ],
    reason: 'You get this because somebody gave this address in the contact form. If it was not you, ignore it.',
  };
}

/** The operator answered. */
export function ticketAnswered(ticket: { number: string; text: string; url: string }): MailContent {
  return {
    subject: `Answer to your message (${ticket.number})`,
    preheader: ticket.text,
    title: `Answer to ${ticket.number}`,
    blocks: [
      { kind: 'quote', label: 'The operator writes', text: ticket.text },
      { kind: 'action', label: 'Read and answer', url: ticket.url },
      { kind: 'text', text: NO_REPLY },
    ],
    reason: 'You get this because you wrote to the operator of this box.',
  };
}

/** For operators: somebody wrote. */
export function ticketOpened(ticket: { number: string; topic: string; email: string; text: string; url: string }): MailContent {
  return {
    subject: `New message ${ticket.number}: ${topicWords(ticket.topic)}`,
    preheader: ticket.text,
    title: `New message ${ticket.number}`,
    blocks: [
      {
        kind: 'facts',
        rows: [
          ['From', ticket.email],
          ['Topic', topicWords(ticket.topic)],
        ],
      },
      { kind: 'quote', label: 'The message', text: ticket.text },
      { kind: 'action', label: 'Open the ticket', url: ticket.url },
    ],
    reason: 'You get this because you want mails about new messages to the operator.',
  };
}

function topicWords(topic: string): string {
  return Object.hasOwn(TOPIC_WORDS, topic) ? (TOPIC_WORDS[topic as keyof typeof TOPIC_WORDS] ?? topic) : topic;
}
