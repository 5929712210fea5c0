import { expect, test } from 'bun:test';
import { adminHouse } from '../support/admin-house.ts';

const pages = ['/', '/sign-in', '/sign-up', '/nowhere'];

test.each([
  ['open', true],
  ['approval', true],
  ['invite', false],
] as const)('with signup = "%s" the pages offer an account: %p', async (signup, offered) => {
  const { app } = adminHouse({ env: { SMSPIN_ACCESS_SIGNUP: signup } });
  for (const path of pages) {
    const answer = await app.handle(new Request(`http://localhost${path}`, { headers: { accept: 'text/html' } }));
    const links = [...(await answer.text()).matchAll(/<a [^>]*href="\/sign-up"/g)].length;
    expect({ path, offered: links > 0 }).toEqual({ path, offered });
  }
});
