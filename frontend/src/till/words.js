/** The page's sentences, written by the server in its language; the scripts only fill them in. */
export { euro } from "../js/euro.js";

const language = document.documentElement.lang;
const sentences = new Map(
  [...document.querySelector("[data-words]").content.querySelectorAll("[data-word]")].map((each) => [
    each.dataset.word,
    each.textContent.trim(),
  ]),
);

/** Cents as an amount without its sign, "1.234,50". */
export const decimal = (cents) => (cents / 100).toLocaleString(language, { minimumFractionDigits: 2, maximumFractionDigits: 2, useGrouping: "always" });
export const number = (n) => n.toLocaleString(language);
export const clock = (instant) => new Date(instant).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
export const moment = (instant) =>
  new Date(instant).toLocaleString(language, { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** The sentence of this name, with its `{places}` filled. */
export function word(name, values = {}) {
  return sentences.get(name).replace(/\{(\w+)\}/g, (_place, key) => values[key]);
}

/** The sentence for one or for many of something. */
export const counted = (name, n, values = {}) => word(n === 1 ? `${name}-one` : `${name}-many`, { n: number(n), ...values });
