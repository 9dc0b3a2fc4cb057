/**
 * Rows chosen by check box: "all" at the head, a live count and total in the bar.
 * The bar's sentences come from the server (data-none, data-one, data-many), in the page's language.
 */
import { euro } from "./euro.js";
import { whenReady } from "./ready.js";

function words(bar, count) {
  if (count === 0) return bar.dataset.none;
  return count === 1 ? bar.dataset.one : bar.dataset.many.replace("%s", count.toLocaleString(document.documentElement.lang));
}

function watch(form) {
  const all = form.querySelector("[data-select-all]");
  const bar = form.querySelector("[data-bulk]");
  const boxes = [...form.querySelectorAll("[data-select]")];

  function show() {
    const chosen = boxes.filter((box) => box.checked);
    if (all) {
      all.checked = chosen.length > 0 && chosen.length === boxes.length;
      all.indeterminate = chosen.length > 0 && !all.checked;
    }
    if (!bar) return;
    bar.querySelector("[data-selected-count]").textContent = words(bar, chosen.length);
    const total = bar.querySelector("[data-selected-total]");
    if (total) total.textContent = euro(chosen.reduce((sum, box) => sum + Number(box.dataset.cents), 0));
    for (const button of bar.querySelectorAll("button")) button.disabled = chosen.length === 0;
  }

  all?.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  for (const box of boxes) box.addEventListener("change", show);
  show();
}

whenReady((root) => root.querySelectorAll("[data-selection]").forEach(watch));
