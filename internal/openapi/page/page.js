// Shows the API's document in Swagger UI. Nothing leaves this server: there is
// no validator to ask, and the key that is pasted stays in the page.
const place = document.getElementById("api");

window.SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  presets: [window.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: false,
  requestSnippetsEnabled: true,
  showExtensions: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
