/** An amount as it is keyed in: cents from the right as on every till, or with a comma as people write. */
const MOST_DIGITS = 8;

/** The whole cents of what was keyed: "4680" and "46,80" are 46.80, "46," is 46.00. */
export function centsOf(keyed) {
  const [euros, decimals] = keyed.split(",");
  return decimals === undefined ? Number(euros) : Number(euros) * 100 + Number(decimals.padEnd(2, "0"));
}

/** What is keyed after one key more: a digit, "00", "," or "back". */
export function afterKey(keyed, key) {
  if (key === "back") return keyed.slice(0, -1);
  if (key === "," || key === ".") return keyed.includes(",") ? keyed : `${keyed || "0"},`;
  const decimals = keyed.split(",")[1];
  if (decimals !== undefined) return decimals.length + key.length > 2 ? keyed : keyed + key;
  if (keyed.length + key.length > MOST_DIGITS) return keyed;
  return (keyed + key).replace(/^0+/, "");
}

/** What is keyed in a text that was pasted, or typed by a keyboard that names no keys. */
export function keyedFrom(text) {
  return [...text.replace(/[^\d,.]/g, "")].reduce(afterKey, "");
}

/** Let a text field take an amount; `changed(cents)` hears of it. */
export function amountField(input, { format, changed }) {
  let keyed = "";
  const set = (next) => {
    keyed = next;
    const cents = centsOf(keyed);
    input.value = format(cents);
    input.setSelectionRange(input.value.length, input.value.length);
    changed(cents);
  };
  input.addEventListener("beforeinput", (event) => {
    // Enter in a field is a line break that sends its form.
    if (!event.cancelable || event.inputType === "insertLineBreak") return;
    event.preventDefault();
    if (event.inputType.startsWith("delete")) set(event.inputType.includes("Backward") ? afterKey(keyed, "back") : "");
    else if (event.inputType === "insertFromPaste") set(keyedFrom(event.data ?? event.dataTransfer?.getData("text") ?? ""));
    else set([...(event.data ?? "")].filter((each) => /[\d,.]/.test(each)).reduce(afterKey, allSelected() ? "" : keyed));
  });
  // A keyboard that composes, as some phones' do, cannot be stopped: read what it left.
  input.addEventListener("input", () => set(String(Number(input.value.replace(/\D/g, "").slice(0, MOST_DIGITS)) || "")));
  const allSelected = () => input.selectionStart === 0 && input.selectionEnd === input.value.length && input.value !== "";
  return {
    press: (key) => set(afterKey(keyed, key)),
    clear: () => set(""),
    get keyed() {
      return keyed;
    },
    set keyed(next) {
      set(next);
    },
    get cents() {
      return centsOf(keyed);
    },
  };
}
