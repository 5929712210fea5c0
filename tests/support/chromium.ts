import { accessSync, constants } from 'node:fs';
import { type Browser, chromium, type LaunchOptions, type Page } from 'playwright-core';

const usualPlaces = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];

/** Path of a Chromium to drive: $SMSPIN_CHROMIUM when set (then nothing else will do), else a usual place; null when there is none. */
export function findChromium(): string | null {
  const chosen = process.env['SMSPIN_CHROMIUM'];
  return (chosen ? [chosen] : usualPlaces).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts a headless Chromium that asks nothing of the internet; the caller closes it. Throws when none is installed. */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('no Chromium found: install the package chromium or set SMSPIN_CHROMIUM');
  const args = [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    // Chromium refuses to start its sandbox as root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
  return await chromium.launch({ executablePath, headless: true, ...options, args: [...args, ...(options.args ?? [])] });
}

/** Notes into `problems` what goes wrong in a page: errors of its scripts and of its console, but for those that `expected` matches. */
export function noteProblems(page: Page, problems: string[], expected: RegExp = /^$/): void {
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.text())) problems.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.message}`));
}
