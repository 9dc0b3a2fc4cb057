/**
 * A scanner is a keyboard that types very fast and ends with Enter, wherever the focus is.
 *
 * Digits that make a card are a card, never an amount: what the fields held before is put back.
 */
import { isCard } from "./card.js";

/** People type slower than this between two keys, scanners faster. */
const BURST_MS = 100;

export function listen({ scanned, remember, restore }) {
  let digits = "";
  let run = ""; // the same without minding time: a number typed slowly outside of any field
  let before;
  let runBefore;
  let last = 0;

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (/^\d$/.test(event.key)) {
        const burst = event.timeStamp - last < BURST_MS;
        if (!run) runBefore = remember();
        if (!burst || !digits) {
          digits = "";
          before = run ? remember() : runBefore;
        }
        digits += event.key;
        run += event.key;
        last = event.timeStamp;
        return;
      }
      if (event.key === "Enter") {
        const text = [digits, run].find(isCard);
        if (text) {
          event.preventDefault();
          event.stopImmediatePropagation();
          restore(text === run ? runBefore : before);
          scanned(text);
        }
      }
      if (event.key !== "Shift") digits = run = "";
    },
    { capture: true },
  );
  // Whoever touches something is no scanner.
  document.addEventListener("pointerdown", () => (digits = run = ""), { capture: true });
}
