/** htmx as our content-security policy wants it, and refusals shown like any other answer. */
import htmx from "htmx.org";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0, // pages hold money and names: nothing of them stays in the browser's storage
  responseHandling: [
    { code: "204", swap: false },
    { code: "...", swap: true }, // a refusal (409, 422 …) carries the sentence the person must read
  ],
});

// A whole page in answer to a request for a part is an error page or a sign-in: show it whole,
// unless the request itself picks its part out of the page.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const picks = detail.xhr.status < 400 && detail.requestConfig.elt.closest("[hx-select]");
  if (!picks && /^\s*<!doctype/i.test(detail.serverResponse)) {
    detail.target = document.body;
    detail.swapOverride = "innerHTML";
  }
});

const region = (detail) => detail.target ?? detail.elt;
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (!detail.elt.matches("[data-poll]")) region(detail).setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  region(detail).removeAttribute("aria-busy");
});
