/**
 * The codes of a vote are made here, so that no server ever chose them; a try that is repeated sends
 * the same ones. They are forgotten once the receipt is on the page.
 */
const KEPT = "vote-codes";

function code() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Put codes of our own in place of those that came with the page, as many. */
export function fill(form) {
  const field = form.elements.codes;
  const key = `${KEPT} ${form.dataset.vote} ${form.elements.member.value}`;
  const wanted = field.value.split(",").length;
  const kept = sessionStorage.getItem(key)?.split(",") ?? [];
  field.value = (kept.length === wanted ? kept : Array.from({ length: wanted }, code)).join(",");
  sessionStorage.setItem(key, field.value);
}

/** Forget the codes of a ballot on which a vote has arrived. */
export function forget(ballot) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(`${KEPT} ${ballot} `)) sessionStorage.removeItem(key);
  }
}
