// Starts Swagger UI with the document of this very server; no request leaves it.
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
follow();
dark.addEventListener('change', follow);

// The whole line of a call is one button, which may hold no link; the address of a call still opens it.
const plainNames = ({ React }) => ({
  wrapComponents: {
    DeepLink:
      () =>
      ({ text }) =>
        React.createElement('span', null, text),
  },
});

// What is read out: headings without a gap below the title, and a name for what stands outside of the calls.
const REGIONS = { '.information-container': 'About the API', '.scheme-container': 'Authorization' };
const levelled = new WeakSet();
function nameParts() {
  for (const heading of document.querySelectorAll('#swagger :is(h3, h4, h5, h6)')) {
    if (levelled.has(heading)) continue;
    levelled.add(heading);
    heading.setAttribute('aria-level', String(Number(heading.tagName[1]) - 1));
  }
  for (const body of document.querySelectorAll('#swagger textarea.body-param__text:not([aria-label])'))
    body.setAttribute('aria-label', 'Body');
  for (const text of document.querySelectorAll('#swagger pre:not([tabindex])')) text.tabIndex = 0;
  for (const answers of document.querySelectorAll('#swagger .opblock-body [role="region"]:not([aria-label])')) {
    const call = answers.closest('.opblock')?.querySelector('.opblock-summary-path')?.dataset.path ?? '';
    const method = answers.closest('.opblock')?.querySelector('.opblock-summary-method')?.textContent ?? '';
    answers.removeAttribute('aria-labelledby');
    answers.setAttribute('aria-label', `Answers of ${method} ${call}`);
  }
  for (const [selector, name] of Object.entries(REGIONS)) {
    const part = document.querySelector(`#swagger ${selector}`);
    part?.setAttribute('role', 'region');
    part?.setAttribute('aria-label', name);
  }
}

window.addEventListener('load', () => {
  new MutationObserver(nameParts).observe(document.getElementById('swagger'), { childList: true, subtree: true });
  SwaggerUIBundle({
    url: '/swagger/json',
    dom_id: '#swagger',
    deepLinking: true,
    displayOperationId: false,
    persistAuthorization: false,
    validatorUrl: null,
    // The usual theme shows numbers in too dark a red.
    syntaxHighlight: { theme: 'obsidian' },
    presets: [SwaggerUIBundle.presets.apis],
    plugins: [plainNames],
  });
});
