/** The file field: drop a file on it, see its name and size, hear at once that it is too big. */
import { whenReady } from "./ready.js";

const megabytes = (bytes) =>
  (bytes / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1, minimumFractionDigits: 1 });

function watch(box) {
  const input = box.querySelector("input[type=file]");
  const answer = box.querySelector("output");

  function show() {
    const file = input.files[0];
    const tooBig = file && box.dataset.maxBytes && file.size > Number(box.dataset.maxBytes);
    input.setCustomValidity(tooBig ? box.dataset.tooBig : "");
    answer.value = file ? `${file.name} (${megabytes(file.size)} MB)` : "";
    if (tooBig) input.reportValidity();
  }

  input.addEventListener("change", show);
  for (const kind of ["dragenter", "dragover"]) {
    box.addEventListener(kind, (event) => {
      event.preventDefault();
      box.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) box.addEventListener(kind, () => box.classList.remove("over"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    show();
  });
}

whenReady((root) => root.querySelectorAll("[data-drop]").forEach(watch));
