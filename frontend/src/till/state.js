/** What the till knows of itself: its name, operators, categories and rates, as last told by the server. */
import { emit } from "./bus.js";
import { ask } from "./server.js";
import { change, read } from "./store.js";

let known = null;
let operator = null;

export const till = () => known;
/** The number of the till's day that is open, which its closing will have. */
export const today = () => known?.day_number ?? 0;
export const who = () => operator;

export function setOperator(next) {
  operator = next;
  emit("operator");
}

/** Take what was kept of the last time, then ask; without an answer the kept one stands. */
export async function load() {
  known = (await read("facts").get("state")) ?? null;
  if (known) emit("state");
  return known;
}

export async function refresh() {
  const told = await ask("/till/state/");
  // The day's figures and names of categories are the till's own; no member is in it.
  known = told;
  await change(["facts"], (drawers) => drawers("facts").put(told, "state"));
  emit("state");
  return told;
}
