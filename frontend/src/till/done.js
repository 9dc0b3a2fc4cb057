/** After a sale: what happened, receipt or none, undo for ten minutes, the next one. */
import { on } from "./bus.js";
import { masked } from "./card.js";
import { giveBack } from "./day.js";
import * as page from "./page.js";
import { part } from "./page.js";
import { withdraw } from "./queue.js";
import { ask, page as fetchPage } from "./server.js";
import { till } from "./state.js";
import { clock, euro, moment, word } from "./words.js";

let last = null;
let undoKey;

/** Show what became of a sale: recorded, kept here, or not known yet. */
function sold(what) {
  last = what;
  undoKey = crypto.randomUUID();
  const { sale, buyer, recorded, total_cents } = what;
  const unsure = !recorded && (sale.credit_cents > 0 || (sale.shown_id && !sale.card));
  part("done-title").textContent = word(recorded ? "done" : unsure ? "done-unsure" : "done-here");
  part("done-due").textContent = word("paid", { amount: euro(total_cents - sale.credit_cents) });
  part("done-tick").dataset.state = recorded ? "recorded" : "waiting";
  if (recorded) {
    const back = buyer.name && recorded.member_cents;
    part("done-value").textContent = back ? word("born-member", { name: buyer.name, amount: euro(recorded.member_cents) }) : "";
  } else part("done-value").textContent = word(unsure ? "done-unsure-note" : "done-here-note");
  part("mail").hidden = !recorded || !buyer.shown_id;
  part("print").hidden = unsure;
  part("undo").hidden = unsure;
  part("undo-note").textContent = recorded?.undo_until ? word("undo-until", { time: clock(recorded.undo_until) }) : "";
  page.refuse("done-refusal", "");
  page.refuse("done-strip", "");
  page.show("done", { focus: part("next-sale") });
  page.say(part("done-title").textContent);
}

async function print() {
  try {
    part("paper").replaceChildren(last.recorded ? await printable() : provisional());
    window.print();
  } catch (failure) {
    page.refuse("done-refusal", page.sentenceOf(failure));
  }
}

async function printable() {
  const receipt = await fetchPage(last.recorded.receipt_url);
  return document.adoptNode(receipt.querySelector("[data-receipt]") ?? receipt.querySelector("main"));
}

/** Without network the paper says what was sold, and that the value is counted later. */
function provisional() {
  const { sale, total_cents } = last;
  return page.filled("receipt", {
    seller: till().organisation.name,
    when: moment(sale.happened_at),
    amount: word("paid", { amount: euro(total_cents) }),
    buyer: sale.card ? word("member", { number: masked(sale.card) }) : word("nobody"),
    key: sale.key,
  });
}

async function mail() {
  try {
    await ask(`/till/sales/${last.recorded.id}/mail/`, {});
    page.refuse("done-strip", word("mailed"));
    part("mail").hidden = true;
  } catch (failure) {
    page.refuse("done-refusal", page.sentenceOf(failure));
  }
}

async function undo() {
  try {
    if (last.recorded) {
      await giveBack({ key: undoKey, path: `/till/sales/${last.recorded.id}/undo/`, body: { reason: "" } });
    } else if (!(await withdraw(last.sale.key))) {
      return page.refuse("done-refusal", word("undo-waits"));
    }
    for (const each of ["undo", "mail", "print"]) part(each).hidden = true;
    part("undo-note").textContent = "";
    page.refuse("done-refusal", "");
    page.refuse("done-strip", word("undone", { amount: euro(last.total_cents) }));
    part("next-sale").focus();
  } catch (failure) {
    page.refuse("done-refusal", page.sentenceOf(failure));
  }
}

export function start({ next }) {
  on("sold", sold);
  part("next-sale").addEventListener("click", next);
  for (const [name, work] of Object.entries({ print, mail, undo })) {
    part(name).addEventListener("click", () => page.busy(part(name), work));
  }
}
