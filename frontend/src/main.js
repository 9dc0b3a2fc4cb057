import "./css/main.css";
import "./js/exchange.js";
import "./js/focus.js";
import "./js/waiting.js";
import "./js/selection.js";
import "./js/files.js";
import "./js/autosubmit.js";
import { whenReady } from "./js/ready.js";

// Few pages show a card, or a proof: only they fetch what draws it, or checks it.
whenReady((root) => {
  const box = root.querySelector("[data-phone-card]");
  if (box) import("./js/phone-card.js").then(({ watch }) => watch(box));
  const proof = root.querySelector("[data-proof-check]");
  if (proof) import("./js/proof-check.js").then(({ watch }) => watch(proof));
});
