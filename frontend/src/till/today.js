/** The day's sales: those of the till with network, those of this device without; undo and refund. */
import { amountField } from "./amount.js";
import { on } from "./bus.js";
import * as day from "./day.js";
import * as page from "./page.js";
import { part } from "./page.js";
import { withdraw } from "./queue.js";
import { NoAnswer, ask, isProved, isReachable } from "./server.js";
import { refresh, till } from "./state.js";
import { clock, decimal, euro, number, word } from "./words.js";

const SEARCH_AFTER_MS = 250;
const AT_FIRST = 30;
let searching;
let asking = 0;
let shown; // how many rows

export function open() {
  shown = AT_FIRST;
  part("find").value = "";
  page.refuse("today-refusal", "");
  page.refuse("today-strip", "");
  page.show("today");
  refresh().catch(() => {}).then(draw);
}

async function draw() {
  const mine = (asking += 1);
  let told = null;
  if (isReachable() && isProved()) {
    try {
      ({ sales: told } = await ask(`/till/sales/?q=${encodeURIComponent(part("find").value.trim())}`));
      await day.compare(told);
    } catch (failure) {
      if (!(failure instanceof NoAnswer)) page.refuse("today-refusal", page.sentenceOf(failure));
    }
  }
  const own = await day.rows();
  if (mine !== asking) return;
  part("today-offline").hidden = told !== null;
  part("today-search").hidden = told === null;
  // What the server has not recorded is only here: it comes first.
  const here = own.filter(({ state, seen }) => !seen && (told === null ? state !== "unsure" : ["waiting", "refused", "held"].includes(state)));
  const found = [...here.map((sale) => [ownRow, sale]), ...(told ?? []).map((sale) => [toldRow, sale])];
  part("today-rows").replaceChildren(...found.slice(0, shown).map(([draw, sale]) => draw(sale)));
  part("today-more").hidden = found.length <= shown;
  part("today-empty").hidden = part("today-rows").childElementCount > 0;
  drawSums(told !== null ? till().open : await day.sums());
}

function drawSums({ sale_count, sale_cents, refund_count, refund_cents }) {
  part("today-sums").textContent = word("sums", {
    sales: number(sale_count),
    amount: euro(sale_cents),
    refunds: number(refund_count),
    refunded: euro(refund_cents),
  });
}

function row({ at, buyer, notes, cents, acts }) {
  const item = page.filled("sale-row", { at: clock(at), buyer, note: notes.filter(Boolean).join(" · "), amount: euro(cents) });
  for (const button of item.querySelectorAll("button")) {
    const act = acts[button.dataset.part];
    if (!act) button.remove();
    else {
      if (act.label) button.setAttribute("aria-label", act.label);
      button.addEventListener("click", () => act.work(button));
    }
  }
  return item;
}

function ownRow(sale) {
  const { state, message, total_cents, credit_cents } = sale;
  const stateWord = { waiting: "row-waiting", held: "row-held", refused: "row-refused", withdrawn: "row-undone" }[state];
  const named = { time: clock(sale.happened_at), amount: euro(total_cents) };
  return row({
    at: sale.happened_at,
    buyer: word("row-own"),
    notes: [stateWord && word(stateWord, { reason: message }), credit_cents && word("row-credit", { amount: euro(credit_cents) })],
    cents: total_cents,
    acts: {
      undo: state === "waiting" && { label: word("undo-this", named), work: (button) => page.busy(button, () => withdrawOwn(sale)) },
      seen: ["held", "refused"].includes(state) && { work: () => day.seen(sale.key) },
    },
  });
}

function toldRow(sale) {
  const { happened_at, total_cents, credit_cents, buyer_name, operator, left_cents } = sale;
  const named = { time: clock(happened_at), amount: euro(total_cents) };
  const may = sale.kind === "sale" && !sale.undone;
  return row({
    at: happened_at,
    buyer: buyer_name ?? word("row-nobody"),
    notes: [operator, credit_cents && word("row-credit", { amount: euro(credit_cents) }), sale.undone && word("row-undone")],
    cents: total_cents,
    acts: {
      undo: may && left_cents === total_cents && { label: word("undo-this", named), work: () => askUndo(sale) },
      refund: may && left_cents > 0 && { label: word("refund-this", named), work: (button) => page.busy(button, () => askRefund(sale)) },
    },
  });
}

async function withdrawOwn(sale) {
  const gone = await withdraw(sale.key);
  if (gone) page.refuse("today-strip", word("undone", { amount: euro(sale.total_cents) }));
  else page.refuse("today-refusal", word("undo-waits"));
  draw();
}

// --- Undo and refund ask why in one dialog ---

let going; // what the dialog's button does

function askReason({ title, hint, go, needed, lines = [], lacks = () => "", work }) {
  part("reason-title").textContent = title;
  part("reason-hint").textContent = hint;
  part("reason-go").textContent = go;
  part("reason-label").textContent = word(needed ? "reason" : "reason-optional");
  part("reason").value = "";
  part("reason").required = needed;
  part("back").hidden = lines.length === 0;
  part("back-lines").replaceChildren(...lines);
  page.refuse("reason-refusal", "");
  going = { key: crypto.randomUUID(), work, lacks: (reason) => lacks() || (needed && !reason ? word("reason-needed") : "") };
  page.ask("reason");
  (lines[0]?.querySelector("input") ?? part("reason")).focus();
}

function askUndo(sale) {
  askReason({
    title: word("undo-what", { amount: euro(sale.total_cents) }),
    hint: word("undo-hint", { amount: euro(sale.total_cents - sale.credit_cents) }),
    go: word("undo-go"),
    needed: new Date(sale.undo_until) < new Date(),
    work: async (key, reason) => {
      await day.giveBack({ key, path: `/till/sales/${sale.id}/undo/`, body: { reason } });
      return word("undone", { amount: euro(sale.total_cents) });
    },
  });
}

async function askRefund(sale) {
  try {
    const { lines } = await ask(`/till/sales/${sale.id}/`);
    const amounts = [];
    const fields = lines.filter(({ left_cents }) => left_cents > 0).map((line) => backLine(line, amounts));
    const back = () => amounts.map(({ position, amount }) => ({ position, amount_cents: amount.cents })).filter(({ amount_cents }) => amount_cents > 0);
    askReason({
      title: word("refund-what", { amount: euro(sale.total_cents) }),
      hint: word("refund-hint"),
      go: word("refund-go"),
      needed: true,
      lines: fields,
      lacks: () => (back().length === 0 ? word("refund-needed") : ""),
      work: async (key, reason) => {
        await day.giveBack({ key, path: `/till/sales/${sale.id}/refunds/`, body: { lines: back(), reason } });
        return word("refunded");
      },
    });
  } catch (failure) {
    page.refuse("today-refusal", page.sentenceOf(failure));
  }
}

function backLine({ position, category, description, left_cents }, amounts) {
  const text = word("refund-line", { category: description || category || word("no-category"), amount: euro(left_cents) });
  const field = page.filled("back-line", { text });
  amounts.push({ position, amount: amountField(field.querySelector("input"), { format: decimal, changed: () => {} }) });
  return field;
}

async function give() {
  const reason = part("reason").value.trim();
  const lacking = going.lacks(reason);
  if (lacking) {
    page.refuse("reason-refusal", lacking);
    return;
  }
  try {
    const sentence = await going.work(going.key, reason);
    document.querySelector("dialog[open]")?.close();
    page.refuse("today-refusal", "");
    page.refuse("today-strip", sentence);
    await refresh().catch(() => {});
    await draw();
  } catch (failure) {
    page.refuse("reason-refusal", page.sentenceOf(failure));
  }
}

export function start() {
  const again = () => page.screen() === "today" && draw();
  on("queue", again);
  on("day", again);
  on("network", again);
  part("today-more").addEventListener("click", async () => {
    const before = shown;
    shown = Infinity;
    await draw();
    part("today-rows").children[before]?.querySelector("button")?.focus();
  });
  part("find").addEventListener("input", () => {
    clearTimeout(searching);
    searching = setTimeout(draw, SEARCH_AFTER_MS);
  });
  part("reason-form").addEventListener("submit", (event) => {
    event.preventDefault();
    page.busy(part("reason-go"), give);
  });
}
