/** The page's parts: one screen at a time, dialogs, and what is read aloud. */
import { emit } from "./bus.js";
import { NoAnswer, Refusal } from "./server.js";
import { word } from "./words.js";

export const part = (name, within = document) => within.querySelector(`[data-part="${name}"]`);
export const parts = (name, within = document) => within.querySelectorAll(`[data-part="${name}"]`);

const screens = new Map([...document.querySelectorAll("[data-screen]")].map((each) => [each.dataset.screen, each]));
let current = "opening";

export const screen = () => current;

/** Show one screen; its heading takes the focus unless `focus` names what shall. */
export function show(name, { focus } = {}) {
  current = name;
  for (const [each, section] of screens) section.hidden = each !== name;
  document.body.dataset.at = name;
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  scrollTo(0, 0);
  emit("screen");
  (focus ?? screens.get(name).querySelector("[tabindex='-1']"))?.focus();
}

/** Say something to who does not see the page change. */
export const say = (sentence) => (part("live").textContent = sentence);

/** Show a refusal where it belongs, or take it away. */
export function refuse(where, sentence) {
  const box = part(where);
  box.hidden = !sentence;
  part("text", box).textContent = sentence ?? "";
}

/** A copy of a template's content, its named parts filled with text. */
export function filled(template, texts) {
  const copy = document.querySelector(`[data-template="${template}"]`).content.cloneNode(true);
  for (const [name, text] of Object.entries(texts)) part(name, copy).textContent = text;
  return copy.firstElementChild;
}

/** Open a dialog; it closes by its own buttons, by Escape, and when the screen changes. */
export function ask(name, { closed } = {}) {
  const dialog = document.querySelector(`dialog[data-dialog="${name}"]`);
  if (!dialog.open) dialog.showModal();
  if (closed) dialog.addEventListener("close", closed, { once: true });
  return dialog;
}

for (const button of document.querySelectorAll("dialog [data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}

/** While something is being asked its button waits, and cannot be pressed twice. */
export async function busy(button, work) {
  if (button.getAttribute("aria-busy") === "true") return undefined;
  button.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** What went wrong in the operator's words; a fault of ours goes on to the console. */
export function sentenceOf(failure) {
  if (failure instanceof NoAnswer) return word("no-answer");
  if (failure instanceof Refusal) return failure.message;
  throw failure;
}
