/** Closing of the day: the sums of this device and of the server must be the same. */
import { on } from "./bus.js";
import * as day from "./day.js";
import * as page from "./page.js";
import { part } from "./page.js";
import { sendAll, waiting } from "./queue.js";
import { NoAnswer, Refusal, ask, isProved, isReachable } from "./server.js";
import { refresh, till } from "./state.js";
import { counted, euro, word } from "./words.js";

let key;
let accepted = null; // the server's sums, once they differed and somebody looked

const moneyOf = ({ sale_cents, refund_cents, credit_cents }) => sale_cents - refund_cents - credit_cents;

export async function open() {
  key = crypto.randomUUID();
  accepted = null;
  part("note").value = "";
  part("note").required = false;
  page.refuse("closing-strip", "");
  page.refuse("closing-refusal", "");
  page.show("closing");
  draw();
  try {
    await refresh();
    await sendAll();
    await refresh();
    await day.compare((await ask("/till/sales/")).sales);
  } catch (failure) {
    if (!(failure instanceof NoAnswer || failure instanceof Refusal)) throw failure;
  }
  draw();
}

async function obstacle() {
  const n = await waiting();
  if (n) return counted("closing-waits", n);
  return isReachable() && isProved() ? "" : word("closing-offline");
}

async function draw() {
  if (page.screen() !== "closing") return;
  const open = till().open;
  const why = await obstacle();
  part("closing-sums").hidden = false;
  part("closing-sales").textContent = counted("closing-sales", open.sale_count);
  part("closing-sale-cents").textContent = euro(open.sale_cents);
  part("closing-credit-cents").textContent = euro(0 - open.credit_cents);
  part("closing-refunds").textContent = counted("closing-refunds", open.refund_count);
  part("closing-refund-cents").textContent = euro(0 - open.refund_cents);
  part("closing-money-cents").textContent = euro(moneyOf(open));
  part("close-day").textContent = word("close-day", { amount: euro(moneyOf(open)) });
  part("close-day").setAttribute("aria-disabled", String(Boolean(why)));
  const held = till().held;
  part("closing-held").hidden = !held;
  part("text", part("closing-held")).textContent = held ? counted("closing-held", held) : "";
  if (!accepted) page.refuse("closing-refusal", part("closing-form").hidden ? "" : why);
}

async function close() {
  if (await obstacle()) return draw();
  try {
    const told = await ask("/till/closing/", {
      key,
      waiting: await waiting(),
      ...(accepted ?? (await day.sums())),
      note: part("note").value.trim(),
    });
    await refresh();
    part("closing-form").hidden = true;
    await draw();
    const sales = counted("closing-sales", told.sale_count);
    page.refuse("closing-strip", word("closed", { sales, amount: euro(moneyOf(told)) }));
    part("closing-sums").hidden = true;
  } catch (failure) {
    if (failure.code === "closing-differs") differs(failure);
    else page.refuse("closing-refusal", page.sentenceOf(failure));
  }
  return undefined;
}

/** Sums that differ are shown side by side; who closes all the same writes why. */
function differs({ message, ours }) {
  accepted = ours;
  key = crypto.randomUUID();
  part("note").required = true;
  page.refuse("closing-refusal", message);
  part("note").focus();
}

export function start() {
  on("queue", draw);
  on("network", draw);
  part("closing-form").addEventListener("submit", (event) => {
    event.preventDefault();
    page.busy(part("close-day"), close);
  });
}
