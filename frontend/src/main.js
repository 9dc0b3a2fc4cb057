import "./css/main.css";
import "./js/exchange.js";
import "./js/focus.js";
import "./js/waiting.js";
import "./js/selection.js";
import "./js/files.js";
import "./js/autosubmit.js";
import { whenReady } from "./js/ready.js";

// Few pages show a card, a proof or a ballot paper: only they fetch what those need.
whenReady((root) => {
  const box = root.querySelector("[data-phone-card]");
  if (box) import("./js/phone-card.js").then(({ watch }) => watch(box));
  const proof = root.querySelector("[data-proof-check]");
  if (proof) import("./js/proof-check.js").then(({ watch }) => watch(proof));
  const paper = root.querySelector("[data-vote]");
  if (paper) import("./js/vote-codes.js").then(({ fill }) => fill(paper));
  const voted = root.querySelector("[data-voted]");
  if (voted) import("./js/vote-codes.js").then(({ forget }) => forget(voted.dataset.voted));
});
