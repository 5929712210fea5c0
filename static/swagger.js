// Starts Swagger UI with the document of this very server; no request leaves it.
window.addEventListener('load', () => {
  SwaggerUIBundle({
    url: '/swagger/json',
    dom_id: '#swagger',
    deepLinking: true,
    persistAuthorization: false,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis],
  });
});
