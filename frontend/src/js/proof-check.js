/** The check of a proof on the page that shows it (components/proof_check.html). */
import { checkProof, Refusal } from "./proof.js";

function asked(box) {
  return {
    proof: box.querySelector("[data-proof]").textContent,
    vkey: box.dataset.vkey,
    witnesses: box.dataset.witnesses.split(" ").filter(Boolean),
    quorum: Number(box.dataset.quorum),
  };
}

function show(box, state) {
  for (const part of box.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(state);
  box.querySelector("[role]:not([hidden])").focus();
}

async function check(box) {
  try {
    const proven = await checkProof(asked(box));
    box.querySelector("[data-index]").textContent = proven.index;
    box.querySelector("[data-payload]").textContent = proven.payload;
    box.querySelector("[data-signed-by]").textContent = proven.witnesses.join(", ") || "–";
    show(box, "holds");
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    show(box, error.code);
  }
}

export function watch(box) {
  const button = box.querySelector("[data-check]");
  button.hidden = false;
  button.addEventListener("click", () => check(box));
}
