import "./css/main.css";
import "./js/exchange.js";
import "./js/focus.js";
import "./js/waiting.js";
import "./js/selection.js";
import "./js/files.js";
import "./js/autosubmit.js";
import { whenReady } from "./js/ready.js";

// Few pages show a card: only they fetch what draws it.
whenReady((root) => {
  const box = root.querySelector("[data-phone-card]");
  if (box) import("./js/phone-card.js").then(({ watch }) => watch(box));
});
