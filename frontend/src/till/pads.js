/** The digits for touch: each pad types into its own field, as the keyboard would. */
const MOST_DIGITS = 5;

export function padFor(name, press) {
  document.querySelector(`[data-pad="${name}"]`).addEventListener("click", ({ target }) => {
    const key = target.closest("button")?.dataset.key;
    if (key) press(key);
  });
}

/** A pad for a secret of five digits, which are all that the field takes. */
export function secretPad(name, input) {
  input.addEventListener("input", () => (input.value = input.value.replace(/\D/g, "")));
  padFor(name, (key) => {
    if (key === "clear") input.value = "";
    else if (key === "back") input.value = input.value.slice(0, -1);
    else if (input.value.length < MOST_DIGITS) input.value += key;
  });
}
