/** Who stands at the till; it locks by itself when nobody touches it. */
import { on } from "./bus.js";
import { FIVE_DIGITS } from "./card.js";
import { unlock } from "./operators.js";
import { busy, filled, part, refuse, screen, sentenceOf, show } from "./page.js";
import { ask, isReachable, proveBy } from "./server.js";
import { setOperator, till, who } from "./state.js";
import { word } from "./words.js";

const LOCKS_AFTER_MS = 5 * 60_000;
const OUTSIDE = ["opening", "unpaired", "lock"];
let touched = Date.now();
let chosen = null;
let choosingCode = false;
let opened = () => {};

export function lock(reason = "") {
  setOperator(null);
  proveBy("");
  choose(null);
  show("lock");
  refuse("lock-refusal", reason);
}

function drawOperators() {
  const operators = till()?.operators ?? [];
  part("no-operators").hidden = operators.length > 0;
  part("operators").replaceChildren(
    ...operators.map((operator) => {
      const button = filled("operator", { name: operator.name });
      button.addEventListener("click", () => choose(operator));
      return button;
    }),
  );
}

function choose(operator, { newCode = operator && !operator.has_code } = {}) {
  chosen = operator;
  choosingCode = Boolean(newCode);
  refuse("lock-refusal", "");
  part("operators").hidden = operator !== null;
  part("lock-form").hidden = operator === null;
  part("code").value = "";
  if (!operator) return;
  part("code-label").textContent = word(choosingCode ? "new-code-of" : "code-of", { name: operator.name });
  part("code-hint").textContent = word(choosingCode ? "new-code-hint" : "code-hint");
  part("unlock").textContent = word(choosingCode ? "set-code" : "unlock");
  part("set-code").hidden = choosingCode || !isReachable();
  part("code").focus();
}

async function enter() {
  const code = part("code").value;
  // What cannot be a code is no attempt: five wrong ones lock somebody out.
  if (!FIVE_DIGITS.test(code)) {
    refuse("lock-refusal", word("code-needed"));
    part("code").focus();
    return;
  }
  const operator = chosen;
  part("code").value = "";
  try {
    if (choosingCode) {
      await ask("/till/code/", { code });
      choose({ ...operator, has_code: true });
      part("code-hint").textContent = word("code-set");
      return;
    }
    await unlock(operator, code);
    touched = Date.now();
    setOperator(operator);
    opened(operator);
  } catch (failure) {
    refuse("lock-refusal", sentenceOf(failure));
    part("code").focus();
  }
}

export function start({ whenOpened }) {
  opened = whenOpened;
  on("state", drawOperators);
  part("lock-form").addEventListener("submit", (event) => {
    event.preventDefault();
    busy(part("unlock"), enter);
  });
  part("other-operator").addEventListener("click", () => {
    choose(null);
    part("operators").firstElementChild?.focus();
  });
  part("set-code").addEventListener("click", () => choose(chosen, { newCode: true }));
  for (const kind of ["pointerdown", "keydown"]) {
    document.addEventListener(kind, () => (touched = Date.now()), { capture: true, passive: true });
  }
  const look = () => {
    const left = who() && !OUTSIDE.includes(screen()) && Date.now() - touched > LOCKS_AFTER_MS;
    if (left) lock(word("locked-by-itself"));
  };
  setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
}
