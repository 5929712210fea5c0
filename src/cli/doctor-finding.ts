/** What a look at one thing found. */
export interface Finding {
  /** What was looked at, in a word or two; scripts branch on it. */
  check: string;
  level: 'ok' | 'warn' | 'fail';
  /** What was found. */
  text: string;
  /** What to do, in one sentence; absent where nothing is to be done. */
  fix?: string;
}

export const ok = (check: string, text: string): Finding => ({ check, level: 'ok', text });
export const warn = (check: string, text: string, fix: string): Finding => ({ check, level: 'warn', text, fix });
export const fail = (check: string, text: string, fix: string): Finding => ({ check, level: 'fail', text, fix });
