/** What must be read first takes the focus: the error summary, the refusal, the done strip. */
import { whenReady } from "./ready.js";

whenReady((root) => {
  const first = root.querySelector("[data-focus]");
  if (!first) return;
  first.focus({ preventScroll: true });
  first.scrollIntoView({ block: "center" });
});

// A link of the error summary goes to the field itself, not only to its place on the page.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".error-summary a[href^='#']");
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.scrollIntoView({ block: "center" });
});
