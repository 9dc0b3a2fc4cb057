/** A form that was sent says so, is not sent twice, and shows a bar only after 400 ms. */
const bar = document.createElement("div");
bar.className = "waiting";
bar.setAttribute("role", "presentation");
let pending = 0;
let timer;

function start() {
  pending += 1;
  timer ??= setTimeout(() => document.body.append(bar), 400);
}

function stop() {
  pending = Math.max(0, pending - 1);
  if (pending) return;
  clearTimeout(timer);
  timer = undefined;
  bar.remove();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (event.defaultPrevented || form.matches("[hx-get], [hx-post]")) return;
  if (form.dataset.sent) return event.preventDefault();
  // A form answered with a file stays on this page: it may be sent again.
  if (!form.matches("[data-download]")) form.dataset.sent = "yes";
  button?.setAttribute("aria-busy", "true");
  start();
});

// Coming back with the Back button finds the form ready again.
window.addEventListener("pageshow", () => {
  pending = 0;
  stop();
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
});

document.addEventListener("htmx:beforeRequest", ({ detail }) => detail.elt.matches("[data-poll]") || start());
document.addEventListener("htmx:afterRequest", ({ detail }) => detail.elt.matches("[data-poll]") || stop());
