/** The line at the top: in linea or not, what waits, what a person must look at; and the beat that sends. */
import { emit, on } from "./bus.js";
import { part, say } from "./page.js";
import { sendAll, waiting } from "./queue.js";
import { NoAnswer, Refusal, isProved, isReachable } from "./server.js";
import { refresh, till, who } from "./state.js";
import { counted, word } from "./words.js";

const BEAT_MS = 15_000;
let waited = 0;

function drawNetwork() {
  const state = !isReachable() ? "offline" : who() && !isProved() ? "unproved" : "online";
  const box = part("network");
  if (box.dataset.state === state && part("network-text").textContent) return;
  if (box.dataset.state === "offline" && state !== "offline") say(word("came-back"));
  if (state === "offline") say(word("went-offline"));
  box.dataset.state = state;
  part("network-text").textContent = word(state);
}

async function drawQueue() {
  const n = await waiting();
  part("waiting").hidden = n === 0;
  part("waiting-text").textContent = counted("to-send", n);
  if (waited && !n) say(word("all-sent"));
  waited = n;
}

function drawHeld() {
  const n = till()?.held ?? 0;
  part("held").hidden = n === 0;
  part("held-text").textContent = counted("held", n);
}

/** Ask how things are and send what waits; quiet about a network that is not there. */
export async function beat({ always = false } = {}) {
  if (!always && isReachable() && !(await waiting())) return;
  try {
    await refresh();
    await sendAll();
    if (waited) await refresh();
  } catch (failure) {
    if (!(failure instanceof NoAnswer || failure instanceof Refusal)) throw failure;
  }
}

export function start() {
  on("network", () => {
    drawNetwork();
    if (isReachable()) beat({ always: true });
  });
  on("operator", drawNetwork);
  on("queue", drawQueue);
  on("state", drawHeld);
  part("waiting").addEventListener("click", () => beat({ always: true }));
  part("held").addEventListener("click", () => emit("go", "today"));
  addEventListener("online", () => beat({ always: true }));
  document.addEventListener("visibilitychange", () => document.hidden || beat());
  setInterval(beat, BEAT_MS);
  drawNetwork();
  drawQueue();
}
