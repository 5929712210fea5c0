// Starts Swagger UI with the document of this very server; no request leaves it.
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
follow();
dark.addEventListener('change', follow);

window.addEventListener('load', () => {
  SwaggerUIBundle({
    url: '/swagger/json',
    dom_id: '#swagger',
    deepLinking: true,
    displayOperationId: false,
    persistAuthorization: false,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis],
  });
});
