// Shows the document that this host serves. No outside host: no validator badge, no remote configuration.
"use strict";
window.addEventListener("load", () => {
  const place = document.getElementById("docs");
  window.ui = SwaggerUIBundle({
    url: place.dataset.document,
    domNode: place,
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: -1,
    filter: true,
    persistAuthorization: false,
    queryConfigEnabled: false,
    tagsSorter: "alpha",
    validatorUrl: null,
    withCredentials: false,
    onComplete: () => { place.dataset.ready = "yes"; },
  });
});
