// Draws the explorer from this server's own description. Nothing is asked of another server, and a
// key that is typed in is kept in this page's memory alone.
SwaggerUIBundle({
  url: (document.documentElement.dataset.root ?? "") + "/openapi.json",
  dom_id: "#explorer",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  validatorUrl: null,
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
});
