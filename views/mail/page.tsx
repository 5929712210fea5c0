/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { attr, withoutControls } from '../parts/text.tsx';
import { headerLine, type MailBlock, type MailContent, type MailFooter } from './model.ts';

/**
 * The mail as HTML: one column, all styles in it, nothing fetched. The colours stand at the elements, where every program reads them; those that
 * know dark mode take them from the sheet.
 */
export function MailPage({ content, footer }: { content: MailContent; footer: MailFooter }): JSX.Element {
  return (
    <>
      {'<!doctype html>'}
      <html lang="en" dir="ltr">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="supported-color-schemes" content="light dark" />
          <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
          <title safe>{content.title}</title>
          <style>{DARK}</style>
        </head>
        <body class="ground" style="margin:0;padding:0;background:#eef2f0;color:#18201d;">
          <div style="display:none;max-height:0;overflow:hidden;opacity:0;" safe>
            {headerLine(content.preheader)}
          </div>
          <table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" style="background:#eef2f0;">
            <tr>
              <td align="center" style="padding:24px 12px;">
                <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;">
                  <Head />
                  <tr>
                    <td
                      class="card ink"
                      style={`background:#ffffff;color:#18201d;border:1px solid #dbe3df;border-radius:12px;padding:24px;${FONT}font-size:16px;line-height:1.5;`}
                    >
                      <h1 style="margin:0 0 16px;font-size:20px;line-height:1.3;" safe>
                        {withoutControls(content.title)}
                      </h1>
                      {content.blocks.map((block) => (
                        <Block block={block} />
                      ))}
                    </td>
                  </tr>
                  <Foot content={content} footer={footer} />
                </table>
              </td>
            </tr>
          </table>
        </body>
      </html>
    </>
  );
}

const FONT = 'font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;';
const MONO = 'font-family:ui-monospace,SF Mono,Menlo,Consolas,DejaVu Sans Mono,monospace;';

const DARK =
  ':root{color-scheme:light dark}@media (prefers-color-scheme:dark){.ground{background:#0f1513!important}.card{background:#18201d!important;border-color:#2b3833!important}.ink{color:#e6efea!important}.soft{color:#a3b3ab!important}.sunk{background:#0f1513!important;border-color:#3a4a44!important}.tint{background:#12372b!important;color:#8ff0c8!important}.brand{color:#7fdcb6!important}.link{color:#7fdcb6!important}.button{background:#1fa574!important;color:#06130e!important}}';

function Head(): JSX.Element {
  return (
    <tr>
      <td class="ink" style={`padding:0 4px 12px;${FONT}font-size:17px;letter-spacing:-0.02em;color:#18201d;`}>
        SMS
        <b class="brand" style="color:#0b7a55;">
          Pin
        </b>
      </td>
    </tr>
  );
}

function Block({ block }: { block: MailBlock }): JSX.Element {
  switch (block.kind) {
    case 'text':
      return (
        <p dir="auto" style="margin:0 0 16px;" safe>
          {withoutControls(block.text)}
        </p>
      );
    case 'code':
      return (
        <p
          class="tint"
          style={`margin:0 0 16px;padding:14px 16px;background:#e2f4ec;color:#0b5c41;border-radius:8px;${MONO}font-size:30px;line-height:1.2;font-weight:700;letter-spacing:0.06em;word-break:break-all;`}
        >
          <bdi dir="auto" safe>
            {withoutControls(block.code)}
          </bdi>
        </p>
      );
    case 'facts':
      return <Facts rows={block.rows} />;
    case 'quote':
      return (
        <>
          <p class="soft" style="margin:0 0 6px;font-size:14px;color:#5a6a63;" safe>
            {block.label}
          </p>
          <p
            class="sunk"
            dir="auto"
            style="margin:0 0 16px;padding:10px 14px;background:#f4f7f5;border-left:4px solid #cdd8d2;border-radius:4px;white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate;"
            safe
          >
            {withoutControls(block.text)}
          </p>
        </>
      );
    case 'list':
      return (
        <ul style="margin:0 0 16px;padding:0 0 0 18px;">
          {block.items.map(({ title, text }) => (
            <li style="margin:0 0 10px;overflow-wrap:anywhere;">
              <b>
                <bdi dir="auto" safe>
                  {withoutControls(title)}
                </bdi>
              </b>
              <br />
              <span class="soft" dir="auto" style="color:#5a6a63;white-space:pre-line;" safe>
                {withoutControls(text)}
              </span>
            </li>
          ))}
        </ul>
      );
    case 'action':
      return (
        <p style="margin:20px 0 16px;">
          <a
            class="button"
            href={attr(block.url)}
            style="display:inline-block;padding:10px 18px;background:#0b7a55;color:#ffffff;border-radius:8px;font-weight:600;text-decoration:none;"
            safe
          >
            {block.label}
          </a>
        </p>
      );
  }
}

function Facts({ rows }: { rows: readonly (readonly [string, string])[] }): JSX.Element {
  return (
    <table role="presentation" cellpadding="0" cellspacing="0" style="margin:0 0 16px;font-size:15px;">
      {rows.map(([label, value]) => (
        <tr>
          <td class="soft" style="padding:3px 16px 3px 0;vertical-align:top;color:#5a6a63;" safe>
            {label}
          </td>
          <td style="padding:3px 0;overflow-wrap:anywhere;word-break:break-word;">
            <bdi dir="auto" safe>
              {withoutControls(value)}
            </bdi>
          </td>
        </tr>
      ))}
    </table>
  );
}

function Foot({ content, footer }: { content: MailContent; footer: MailFooter }): JSX.Element {
  const { eventId, unsubscribeUrl, settingsUrl, isVirtual } = footer;
  return (
    <tr>
      <td class="soft" style={`padding:16px 4px 0;${FONT}font-size:13px;line-height:1.5;color:#5a6a63;`}>
        <p style="margin:0 0 6px;" safe>
          {content.reason}
        </p>
        {isVirtual ? <p style="margin:0 0 6px;">This is a virtual bank: its numbers are not real, and neither is the money.</p> : null}
        <p style="margin:0 0 6px;">
          {settingsUrl === null ? null : <FootLink url={settingsUrl} label="Choose your mails" />}
          {settingsUrl === null || unsubscribeUrl === null ? null : ' · '}
          {unsubscribeUrl === null ? null : <FootLink url={unsubscribeUrl} label="No more mails of this kind" />}
        </p>
        <p style={`margin:0;${MONO}font-size:12px;overflow-wrap:anywhere;`} safe>
          {`Event ${withoutControls(eventId)}`}
        </p>
      </td>
    </tr>
  );
}

function FootLink({ url, label }: { url: string; label: string }): JSX.Element {
  return (
    <a class="link" href={attr(url)} style="color:#0b7a55;" safe>
      {label}
    </a>
  );
}
