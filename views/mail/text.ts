import { withoutControls } from '../parts/text.tsx';
import type { MailBlock, MailContent, MailFooter } from './model.ts';

/** The mail as plain text. What is a stranger's is held in its own direction (Unicode FSI … PDI). */
export function mailText(content: MailContent, footer: MailFooter): string {
  const parts = [withoutControls(content.title), ...content.blocks.map(blockText), '-- ', footerText(content, footer)];
  return `${parts.join('\n\n').replace('\n\n-- \n\n', '\n\n-- \n')}\n`;
}

function blockText(block: MailBlock): string {
  switch (block.kind) {
    case 'text':
      return withoutControls(block.text);
    case 'code':
      return `    ${line(block.code)}`;
    case 'facts':
      return block.rows.map(([label, value]) => `${label}: ${isolated(value)}`).join('\n');
    case 'quote':
      return `${block.label}:\n${quoted(block.text)}`;
    case 'list':
      return block.items.map(({ title, text }) => `* ${isolated(title)}\n${indented(text)}`).join('\n');
    case 'action':
      return `${block.label}:\n${block.url}`;
  }
}

function footerText({ reason }: MailContent, { eventId, unsubscribeUrl, settingsUrl, isVirtual }: MailFooter): string {
  return [
    reason,
    ...(isVirtual ? ['This is a virtual bank: its numbers are not real, and neither is the money.'] : []),
    ...(settingsUrl === null ? [] : [`Choose your mails: ${settingsUrl}`]),
    ...(unsubscribeUrl === null ? [] : [`No more mails of this kind: ${unsubscribeUrl}`]),
    `SMSPin. Event ${withoutControls(eventId)}`,
  ].join('\n');
}

function line(text: string): string {
  return isolated(text.replace(/\s+/g, ' '));
}

function isolated(text: string): string {
  // An isolate of the text's own must not end ours.
  return `\u2068${withoutControls(text).replace(/[\u2066-\u2069]/g, '')}\u2069`;
}

function quoted(text: string): string {
  return withoutControls(text)
    .split('\n')
    .map((one) => `> ${one === '' ? '' : isolated(one)}`)
    .join('\n');
}

function indented(text: string): string {
  return withoutControls(text)
    .split('\n')
    .map((one) => `  ${one}`)
    .join('\n');
}
