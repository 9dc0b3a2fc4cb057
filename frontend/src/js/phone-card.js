/**
 * The code on the phone: a QR of the card's number and eight digits that change every half minute.
 *
 * The secret came once, over the page that paired this phone; the browser keeps it as a key that
 * signs and that nobody can read out, so that the code needs no network (docs/rules/card-codes.md).
 */
import { generate } from "lean-qr";
import { toSvgPath } from "lean-qr/extras/svg";
import { keep } from "./keep.js";
import { openStore } from "./store.js";

const STEP_MS = 30_000;
const QUIET = 4;
const OWN_PAGE = "/card/phone/";
const store = openStore("reciproca-card", "cards");

async function code(key, step) {
  const moment = new DataView(new ArrayBuffer(8));
  moment.setBigUint64(0, BigInt(step));
  const mac = new DataView(await crypto.subtle.sign("HMAC", key, moment.buffer));
  const number = mac.getUint32(mac.getUint8(mac.byteLength - 1) & 0xf) & 0x7fffffff;
  return String(number % 1e8).padStart(8, "0");
}

function draw(box, digits) {
  const bitmap = generate(digits);
  const size = bitmap.size + 2 * QUIET;
  const svg = box.querySelector(".qr");
  svg.setAttribute("viewBox", `${-QUIET} ${-QUIET} ${size} ${size}`);
  svg.querySelector("[data-paper]").setAttribute("d", `M${-QUIET} ${-QUIET}h${size}v${size}h${-size}z`);
  svg.querySelector("[data-code]").setAttribute("d", toSvgPath(bitmap));
  box.querySelector("[data-digits]").textContent = digits.replace(/^(.)(.{6})(.{6})(.{4})(.{4})$/, "$1 $2 $3 $4 $5");
}

function show(box, state) {
  for (const part of box.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
  box.classList.toggle("code-room", state === "paired");
}

function keepShowing(box, card) {
  let shown;
  let timer;
  async function tick() {
    const step = Math.floor(Date.now() / STEP_MS);
    const left = 100 - ((Date.now() % STEP_MS) / STEP_MS) * 100;
    box.querySelector("[data-left]").setAttribute("d", `M0 0h${left.toFixed(1)}v2h-${left.toFixed(1)}z`);
    if (step === shown) return;
    shown = step;
    draw(box, card.number + (await code(card.key, step)));
  }
  const start = () => {
    clearInterval(timer);
    if (document.hidden) return;
    tick();
    timer = setInterval(tick, 500);
  };
  document.addEventListener("visibilitychange", start);
  start();
  show(box, "paired");
  keep(OWN_PAGE);
  rowOf(card)?.querySelector("[data-own]").removeAttribute("hidden");
  const name = document.querySelector("[data-own-name]");
  if (name) name.textContent = card.name;
}

const phoneName = () => navigator.userAgentData?.platform || navigator.userAgent.match(/\(([^;)]+)/)?.[1] || "";

async function pair(box) {
  const token = box.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(box.dataset.pairUrl, {
    method: "POST",
    headers: { "X-CSRFToken": token },
    body: new URLSearchParams({ name: phoneName() }),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.message);
  const secret = Uint8Array.from(atob(told.secret), (each) => each.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const card = { id: told.id, number: told.number, name: box.dataset.name, key };
  await store.put("own", card);
}

const rowOf = (card) => document.querySelector(`[data-phone="${CSS.escape(card.id)}"]`);

export async function watch(box) {
  if (!globalThis.crypto?.subtle || !globalThis.indexedDB) return show(box, "unable");
  const card = await store.get("own");
  const removed = box.dataset.pairUrl && card && !rowOf(card);
  if (card && !removed && (!box.dataset.number || box.dataset.number === card.number)) return keepShowing(box, card);
  if (removed) await store.remove("own");
  show(box, "unpaired");
  const button = box.querySelector("[data-pair]");
  button?.addEventListener("click", async () => {
    const refusal = box.querySelector("[data-refusal]");
    button.disabled = true;
    try {
      await pair(box);
      location.reload();
    } catch (error) {
      refusal.textContent = error.message;
      refusal.hidden = false;
      button.disabled = false;
    }
  });
}
