/** The till: the modules are brought together here, and who goes where. */
import "../css/till.css";
import { on } from "./bus.js";
import * as closing from "./closing.js";
import * as done from "./done.js";
import * as lockScreen from "./lock.js";
import * as network from "./network.js";
import { secretPad } from "./pads.js";
import * as page from "./page.js";
import { part } from "./page.js";
import { waiting } from "./queue.js";
import { NoAnswer, Refusal } from "./server.js";
import * as sale from "./sale.js";
import { listen } from "./scanner.js";
import * as state from "./state.js";
import * as today from "./today.js";
import * as update from "./update.js";
import { counted, euro, word } from "./words.js";

const OPEN = { sale: sale.open, today: today.open, closing: closing.open, lock: () => lockScreen.lock() };
let lastOperator = null;

function go(name) {
  OPEN[name]();
  mark(name);
}

function mark(name) {
  for (const button of document.querySelectorAll("[data-go]")) {
    if (button.dataset.go === name) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
}

function opened(operator) {
  // What one operator had begun is not for the next one.
  if (lastOperator && lastOperator !== operator.id) sale.startOver();
  lastOperator = operator.id;
  go("sale");
  network.beat({ always: true });
}

function drawNames() {
  const known = state.till();
  const operator = state.who();
  part("organisation").textContent = known?.organisation.name ?? "";
  part("till-and-operator").textContent = !known
    ? ""
    : operator
      ? word("till-and-operator", { till: known.till.name, operator: operator.name })
      : known.till.name;
  part("places").hidden = !operator;
}

async function unpaired() {
  const n = await waiting();
  part("unpaired-waiting").hidden = n === 0;
  part("unpaired-text").textContent = counted("unpaired", n);
  state.setOperator(null);
  page.show("unpaired");
}

function toast(sentence) {
  page.refuse("toast", sentence);
}

function start() {
  on("state", drawNames);
  on("operator", drawNames);
  on("go", (name) => state.who() && go(name));
  on("device-unknown", unpaired);
  on("operator-unknown", () => state.who() && lockScreen.lock(word("operator-locked")));
  on("held", (held) => toast(counted("held-now", held.length)));
  on("refused-late", ({ sale: row, failure }) => {
    const total = row.lines.reduce((sum, line) => sum + line.amount_cents, 0);
    toast(word("refused-late", { amount: euro(total), credit: euro(row.credit_cents), reason: failure.message }));
  });
  part("toast-close").addEventListener("click", () => toast(""));
  for (const button of document.querySelectorAll("[data-go]")) {
    button.addEventListener("click", () => go(button.dataset.go));
  }
  secretPad("code", part("code"));
  secretPad("pin", part("pin"));
  lockScreen.start({ whenOpened: opened });
  sale.start();
  done.start({ next: () => go("sale") });
  today.start();
  closing.start();
  listen({
    scanned: (text) => {
      if (!state.who()) return;
      if (page.screen() !== "sale") mark("sale");
      sale.takeCard(text);
    },
    remember: () => {
      const field = document.activeElement;
      return { field, value: field?.value, keyed: sale.scanBefore() };
    },
    restore: ({ field, value, keyed }) => {
      if (field?.matches?.("input") && field.dataset.part !== "amount") field.value = value;
      sale.scanRestore(keyed);
    },
  });
  network.start();
  // A new application may take over only where nothing is on the screen that a reload would lose.
  const isIdle = () => sale.isEmpty() && (!state.who() || page.screen() === "sale");
  for (const name of ["screen", "draft", "operator"]) on(name, () => update.hold(!isIdle()));
  update.start();
}

async function open() {
  const known = await state.load();
  if (known) lockScreen.lock();
  try {
    await state.refresh();
  } catch (failure) {
    if (failure.code === "device-unknown") return;
    if (!(failure instanceof NoAnswer || failure instanceof Refusal)) throw failure;
    if (!known) return unpaired();
  }
  if (!known) lockScreen.lock();
  return network.beat({ always: true });
}

start();
open();
