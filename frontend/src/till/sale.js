/** The screen on which a sale is entered: card, amount, credit, confirm. */
import { amountField } from "./amount.js";
import { emit, on } from "./bus.js";
import { FIVE_DIGITS, cleaned, isCard, masked, numberOf } from "./card.js";
import * as drafts from "./draft.js";
import { padFor } from "./pads.js";
import * as page from "./page.js";
import { part } from "./page.js";
import { keep, sendAtCounter } from "./queue.js";
import { NoAnswer, Refusal, ask, isProved, isReachable } from "./server.js";
import { till, who } from "./state.js";
import { decimal, euro, word } from "./words.js";

const QUOTE_AFTER_MS = 200;
/** With a queue at the counter nobody waits longer to know whose a card is. */
const CARD_PATIENCE_MS = 5_000;

let draft = drafts.fresh();
let asking = 0; // which question about the sale is the newest
let quoting;
let amount;

export const isEmpty = () => !draft.buyer && drafts.totalOf(draft) === 0;
export const scanBefore = () => amount.keyed;
export const scanRestore = (keyed) => (amount.keyed = keyed);

export function startOver() {
  clearTimeout(quoting);
  asking += 1;
  draft = drafts.fresh();
  part("number").value = "";
  part("split").open = false;
  page.refuse("card-refusal", "");
  page.refuse("sale-refusal", "");
  amount.clear();
}

export function open() {
  page.show("sale");
  draw();
  (draft.buyer ? part("amount") : part("number")).focus();
}

// --- Who buys ---

/** Take a card that was scanned, seen by the camera or typed. */
export async function takeCard(text) {
  const digits = cleaned(text);
  if (!isCard(digits)) return page.refuse("card-refusal", word("card-unread"));
  if (page.screen() !== "sale") open();
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  part("number").value = "";
  page.refuse("card-refusal", "");
  const mine = (asking += 1);
  await page.busy(part("read-number"), async () => {
    try {
      if (!isReachable() || !isProved()) throw new NoAnswer("");
      const shown = await ask("/till/card/", { text: digits }, { patience: CARD_PATIENCE_MS });
      if (mine === asking) setBuyer({ ...shown, card: numberOf(digits), number: shown.number_masked });
    } catch (failure) {
      if (mine !== asking) return;
      if (failure instanceof NoAnswer) setBuyer(unseen(digits));
      else refuseCard(failure, digits);
    }
  });
}

/** The number stays, to be looked at; it is selected, so that the next card takes its place. */
function refuseCard(failure, digits) {
  page.refuse("card-refusal", page.sentenceOf(failure));
  part("number").value = digits;
  part("number").select();
}

/** A card that the server has not seen: it earns when the sale is sent. */
const unseen = (digits) => ({ shown_id: null, card: numberOf(digits), name: "", may_spend: false, has_pin: false });

function setBuyer(buyer) {
  draft = { ...draft, buyer, credit: "none", spendable_cents: buyer.spendable_here_cents ?? null, quote: null };
  page.say(word("card-read", { name: buyer.name || (buyer.card ? masked(buyer.card) : word("nobody")) }));
  if (buyer.may_buy === false) page.refuse("card-refusal", buyer.why);
  quote();
  draw();
  part("amount").focus();
}

async function takePerson(person, button) {
  await page.busy(button, async () => {
    try {
      const shown = await ask("/till/card/", { membership_id: person.membership });
      button.closest("dialog").close();
      setBuyer({ ...shown, card: null, number: "" });
    } catch (failure) {
      page.refuse("names-refusal", page.sentenceOf(failure));
    }
  });
}

// --- How much ---

function addLine(category) {
  if (!draft.entry_cents) return part("amount").focus();
  draft.lines = [...draft.lines, { category, amount_cents: draft.entry_cents }];
  amount.clear();
  part("amount").focus();
}

function dropLine(at) {
  draft.lines = draft.lines.filter((_line, each) => each !== at);
  quote();
  draw();
  part("amount").focus();
}

// --- What is born, and how much credit may be used ---

function quote() {
  clearTimeout(quoting);
  draft.quote = null;
  if (drafts.totalOf(draft) && isReachable() && isProved()) quoting = setTimeout(askQuote, QUOTE_AFTER_MS);
}

async function askQuote() {
  const mine = (asking += 1);
  const asked = draft;
  try {
    const told = await ask("/till/quote/", {
      shown_id: asked.buyer?.shown_id ?? null,
      lines: drafts.linesOf(asked),
      credit_cents: drafts.creditOf(asked),
    });
    if (mine !== asking) return;
    draft.quote = told;
    if (told.spendable_here_cents !== null && told.spendable_here_cents !== undefined) {
      const before = drafts.creditOf(draft);
      draft.spendable_cents = told.spendable_here_cents;
      const now = drafts.creditOf(draft);
      // Less can be spent than was asked about: the figures are asked for again, and it is said.
      if (now !== before) {
        page.say(word("credit-clamped", { amount: euro(now) }));
        quote();
      }
    }
    page.refuse("sale-refusal", "");
  } catch (failure) {
    if (mine !== asking) return;
    if (failure instanceof Refusal) page.refuse("sale-refusal", failure.message);
  }
  draw();
}

async function provePin(pin) {
  // What cannot be a PIN is no attempt: five wrong ones block it.
  if (!FIVE_DIGITS.test(pin)) {
    page.refuse("pin-refusal", word("pin-needed"));
    part("pin").focus();
    return;
  }
  const buyer = draft.buyer;
  try {
    const told = await ask("/till/pin/", { shown_id: buyer.shown_id, pin });
    draft.buyer = { ...buyer, may_spend: true };
    draft.spendable_cents = told.spendable_here_cents;
    page.say(word("pin-right", { amount: euro(told.spendable_here_cents) }));
    document.querySelector("dialog[open]")?.close();
    quote();
    draw();
    part("choices").querySelector("input")?.focus();
  } catch (failure) {
    page.refuse("pin-refusal", page.sentenceOf(failure));
    part("pin").focus();
  }
}

function chooseCredit(credit) {
  draft.credit = credit;
  quote();
  draw();
}

// --- Confirming ---

async function confirm() {
  const missing = !draft.buyer ? "number" : drafts.totalOf(draft) ? null : "amount";
  if (missing) {
    page.say(word(missing === "number" ? "needs-card" : "needs-amount"));
    return part(missing).focus();
  }
  const { buyer } = draft;
  const sale = {
    key: crypto.randomUUID(),
    shown_id: buyer.shown_id ?? null,
    card: buyer.card ?? null,
    happened_at: new Date().toISOString(),
    lines: drafts.linesOf(draft),
    credit_cents: drafts.creditOf(draft),
    operator_id: who().id,
  };
  const atCounter = isReachable() && isProved() && (buyer.shown_id || buyer.is_nobody);
  // What it would come to is no question any more once it is sold.
  clearTimeout(quoting);
  asking += 1;
  await keep(sale, { by: atCounter ? "counter" : "sending" });
  const what = { sale, buyer, total_cents: drafts.totalOf(draft), recorded: null };
  if (!atCounter) return ended(what);
  try {
    ended({ ...what, recorded: await sendAtCounter(sale) });
  } catch (failure) {
    if (failure instanceof NoAnswer || failure.status === 401) return ended(what);
    page.refuse("sale-refusal", page.sentenceOf(failure));
    if (failure.code === "shown-too-long-ago") draft.buyer = null;
    quote();
    draw();
  }
}

function ended(what) {
  startOver();
  emit("sold", what);
}

// --- Drawing ---

function draw() {
  emit("draft");
  const { buyer } = draft;
  const total = drafts.totalOf(draft);
  const credit = drafts.creditOf(draft);
  drawSteps(Boolean(buyer), total > 0);
  drawBuyer();
  drawLines();
  drawCredit(total, credit);
  part("total").textContent = euro(total);
  part("credit-line").hidden = credit === 0;
  part("credit-used").textContent = euro(0 - credit);
  part("due").textContent = euro(total - credit);
  drawGain(total);
  const ready = buyer && total > 0;
  part("confirm").textContent = total ? word("confirm", { amount: euro(total - credit) }) : word("confirm-nothing");
  part("confirm").setAttribute("aria-disabled", String(!ready));
  part("confirm-note").textContent = word(ready ? "may-undo" : buyer ? "needs-amount" : "needs-card");
  part("start-over").hidden = isEmpty();
}

function drawSteps(hasBuyer, hasAmount) {
  const done = { card: hasBuyer, amount: hasAmount, confirm: false };
  const at = Object.keys(done).find((step) => !done[step]);
  for (const each of part("steps").children) {
    each.classList.toggle("done", done[each.dataset.step]);
    if (each.dataset.step === at) each.setAttribute("aria-current", "step");
    else each.removeAttribute("aria-current");
  }
}

function drawBuyer() {
  const { buyer } = draft;
  part("scan").hidden = buyer !== null;
  part("buyer").hidden = buyer === null;
  if (!buyer) return;
  part("buyer-name").textContent =
    buyer.name || (buyer.is_nobody ? word("nobody") : word("member", { number: masked(buyer.card) }));
  part("buyer-note").textContent = noteOf(buyer);
}

function noteOf(buyer) {
  if (buyer.is_nobody) return word("nobody-note");
  if (!buyer.shown_id) return word("card-offline-note");
  if (!buyer.number) return word("by-name");
  const year = buyer.member_since && String(buyer.member_since).slice(0, 4);
  return year ? word("member-since", { year, number: buyer.number }) : word("member", { number: buyer.number });
}

function drawLines() {
  part("amount-label").textContent = word(draft.lines.length ? "line-of" : "amount-of");
  part("lines").replaceChildren(
    ...draft.lines.map((line, at) => {
      const row = page.filled("line", { category: line.category || word("no-category"), amount: euro(line.amount_cents) });
      const drop = part("drop", row);
      drop.setAttribute("aria-label", word("drop-line", { category: line.category, amount: euro(line.amount_cents) }));
      drop.addEventListener("click", () => dropLine(at));
      return row;
    }),
  );
}

/** Why credit cannot be used just now; empty when it can. */
function creditObstacle() {
  const { buyer } = draft;
  if (!isReachable()) return "credit-offline";
  if (!isProved()) return "credit-unproved";
  if (!buyer) return "credit-no-card";
  if (buyer.is_nobody) return "credit-nobody";
  if (!buyer.shown_id) return "credit-offline";
  if (buyer.may_spend) return "";
  if (!buyer.number) return "credit-by-name";
  return buyer.has_pin ? "credit-pin" : "credit-no-pin";
}

function drawCredit(total, credit) {
  const obstacle = creditObstacle();
  const most = drafts.mostCredit(draft);
  part("prove").hidden = obstacle !== "credit-pin";
  part("credit").hidden = Boolean(obstacle) || most === 0;
  const named = total ? (most ? "spendable" : "spendable-none") : "spendable-amount";
  const most_here = total ? most : (draft.spendable_cents ?? 0);
  part("credit-note").textContent = word(obstacle || (most_here ? named : "spendable-none"), { amount: euro(most_here) });
  if (obstacle || most === 0) return part("choices").replaceChildren();
  const choices = ["none", ...drafts.suggested(most), "all", "other"];
  const isOther = draft.credit !== "none" && draft.credit !== "all" && !choices.includes(draft.credit);
  const focused = part("choices").contains(document.activeElement) && document.activeElement.value;
  part("choices").replaceChildren(
    ...choices.map((choice) => {
      const label = page.filled("choice", { text: choiceText(choice, most, isOther ? credit : null) });
      const input = label.querySelector("input");
      input.value = choice;
      input.checked = isOther ? choice === "other" : choice === draft.credit;
      input.addEventListener("change", () => (choice === "other" ? null : chooseCredit(choice)));
      if (choice === "other") input.addEventListener("click", askOther);
      return label;
    }),
  );
  if (focused) [...part("choices").querySelectorAll("input")].find(({ value }) => value === focused)?.focus();
}

function choiceText(choice, most, other) {
  if (choice === "none") return word("credit-none");
  if (choice === "all") return word("credit-all", { amount: euro(most) });
  if (choice === "other") return other ? word("credit-other-chosen", { amount: euro(other) }) : word("credit-other");
  return euro(choice);
}

function drawGain(total) {
  const { quote: told, buyer } = draft;
  const later = total > 0 && buyer && !told && (!isReachable() || !isProved());
  part("gain-later").hidden = !later;
  part("gain").hidden = !told || total === 0;
  if (!told) return;
  part("gain-born").textContent = told.value_cents ? word("born", { amount: euro(told.value_cents) }) : word("born-none");
  const names = ["member", "common", "territory", "solidarity"];
  const shares = names.map((name) => (told.parts[name] ?? 0) / (told.value_cents || 1));
  let from = 0;
  part("gain-bar").querySelectorAll("path").forEach((path, at) => {
    const width = shares[at] * 100;
    path.setAttribute("d", `M${from.toFixed(3)} 0h${width.toFixed(3)}v10h-${width.toFixed(3)}z`);
    from += width;
  });
  const said = Object.fromEntries(names.map((name) => [name, euro(told.parts[name] ?? 0)]));
  part("gain-bar").setAttribute("aria-label", word("bar", said));
  part("gain-bar").toggleAttribute("hidden", !told.value_cents);
  const member = buyer?.name && told.parts.member;
  part("gain-member").textContent = member ? word("born-member", { name: buyer.name, amount: euro(member) }) : "";
}

// --- Dialogs ---

function askPin() {
  page.refuse("pin-refusal", "");
  part("pin").value = "";
  part("pin-title").textContent = word("pin-of", { name: draft.buyer.name });
  page.ask("pin");
  part("pin").focus();
}

let other;
function askOther() {
  page.refuse("credit-refusal", "");
  part("other-hint").textContent = word("credit-too-much", { amount: euro(drafts.mostCredit(draft)) });
  other.clear();
  page.ask("credit", { closed: draw });
  part("other").focus();
}

function takeOther() {
  const most = drafts.mostCredit(draft);
  if (other.cents > most) return page.refuse("credit-refusal", word("credit-too-much", { amount: euro(most) }));
  document.querySelector("dialog[open]").close();
  return chooseCredit(other.cents || "none");
}

let finding;
async function findPeople() {
  const text = part("person").value.trim();
  part("people-none").textContent = "";
  if (text.length < 2) return part("people").replaceChildren();
  try {
    const { people } = await ask(`/till/search/?q=${encodeURIComponent(text)}`);
    if (text !== part("person").value.trim()) return undefined;
    page.refuse("names-refusal", "");
    part("people-none").textContent = people.length ? "" : word("people-none");
    return part("people").replaceChildren(
      ...people.map((person) => {
        const row = document.createElement("li");
        const button = page.filled("operator", { name: person.name });
        button.addEventListener("click", () => takePerson(person, button));
        row.append(button);
        return row;
      }),
    );
  } catch (failure) {
    return page.refuse("names-refusal", page.sentenceOf(failure));
  }
}

function askName() {
  part("person").value = "";
  part("people").replaceChildren();
  part("people-none").textContent = "";
  page.refuse("names-refusal", isReachable() && isProved() ? "" : word("no-answer"));
  page.ask("names");
  part("person").focus();
}

async function askCamera() {
  const { watch, whyNot } = await import("./camera.js");
  let end = () => {};
  let closed = false;
  page.refuse("camera-refusal", "");
  part("camera-phones").hidden = true;
  page.ask("camera", {
    closed: () => {
      closed = true;
      end();
      if (!draft.buyer) part("number").focus();
    },
  });
  try {
    const watching = await watch(part("video"), {
      read: (text) => isCard(cleaned(text)) && takeCard(text),
      lost: () => page.refuse("camera-refusal", word("camera-lost")),
    });
    end = watching.end;
    part("camera-phones").hidden = watching.readsBars;
    if (closed) end();
  } catch (failure) {
    page.refuse("camera-refusal", word(whyNot(failure)));
  }
}

export function start() {
  amount = amountField(part("amount"), {
    format: (cents) => decimal(cents),
    changed: (cents) => {
      draft.entry_cents = cents;
      quote();
      if (page.screen() === "sale") draw();
    },
  });
  other = amountField(part("other"), { format: decimal, changed: () => {} });
  padFor("amount", amount.press);
  padFor("other", other.press);
  amount.clear();
  part("amount").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !drafts.totalOf(draft)) return;
    event.preventDefault();
    (draft.buyer ? part("confirm") : part("number")).focus();
  });
  const submit = (name, work) =>
    part(name).addEventListener("submit", (event) => {
      event.preventDefault();
      work(event.submitter);
    });
  submit("scan", () => takeCard(part("number").value));
  submit("pin-form", (button) => page.busy(button, () => provePin(part("pin").value)));
  submit("credit-form", takeOther);
  part("nobody").addEventListener("click", () =>
    setBuyer({ is_nobody: true, shown_id: null, card: null, name: "", may_spend: false }),
  );
  part("change-buyer").addEventListener("click", () => {
    draft = { ...draft, buyer: null, credit: "none", spendable_cents: null };
    quote();
    draw();
    part("number").focus();
  });
  part("prove").addEventListener("click", askPin);
  part("by-name").addEventListener("click", askName);
  part("person").addEventListener("input", () => {
    clearTimeout(finding);
    finding = setTimeout(findPeople, QUOTE_AFTER_MS);
  });
  part("camera").hidden = !navigator.mediaDevices?.getUserMedia;
  part("camera").addEventListener("click", askCamera);
  part("confirm").addEventListener("click", () => page.busy(part("confirm"), confirm));
  part("start-over").addEventListener("click", () => {
    startOver();
    open();
  });
  on("network", () => {
    quote();
    draw();
  });
  on("operator", draw);
  on("state", drawCategories);
  drawCategories();
}

function drawCategories() {
  const categories = till()?.categories ?? [];
  part("split").hidden = categories.length === 0;
  part("categories").replaceChildren(
    ...categories.map(({ name }) => {
      const button = page.filled("category", {});
      button.textContent = name;
      button.addEventListener("click", () => addLine(name));
      return button;
    }),
  );
}
