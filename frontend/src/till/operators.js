/**
 * Who stands at the till: unlocked by the server, or without network by what was kept of the code.
 *
 * Of a code a derived key is kept, from the last time that the server said it was right; five wrong
 * tries without network and it is asked of the server again.
 */
import { NoAnswer, Refusal, ask, proveBy } from "./server.js";
import * as store from "./store.js";
import { word } from "./words.js";

const ITERATIONS = 600_000;
const MOST_WRONG = 5;

const refusedHere = (name) => new Refusal(0, { code: name, message: word(name) });

/** Let an operator in; throws what tells the reason in its message. */
export async function unlock(operator, code) {
  try {
    const { operator_token: token } = await ask("/till/unlock/", { operator_id: operator.id, code });
    proveBy(token);
    await keepVerifier(operator.id, code);
  } catch (failure) {
    if (failure instanceof Refusal) await refused(operator.id, failure);
    if (!(failure instanceof NoAnswer)) throw failure;
    await unlockAlone(operator.id, code);
  }
}

/** The code was changed, or is no more: the old one opens nothing without network either. */
async function refused(id, { status }) {
  if (status !== 429) await store.change(["operators"], (drawers) => drawers("operators").drop(id));
}

async function unlockAlone(id, code) {
  const kept = await store.read("operators").get(id);
  if (!kept) throw refusedHere("first-time-needs-network");
  if (kept.wrong >= MOST_WRONG) throw refusedHere("too-many-wrong-offline");
  // Counted before it is looked at: a reload in between is a try as well.
  await store.change(["operators"], (drawers) => drawers("operators").put({ ...kept, wrong: kept.wrong + 1 }));
  if (!same(await derived(code, kept.salt, kept.iterations), kept.digest)) throw refusedHere("wrong-code");
  await store.change(["operators"], (drawers) => drawers("operators").put({ ...kept, wrong: 0 }));
  proveBy("");
}

async function keepVerifier(id, code) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const digest = await derived(code, salt, ITERATIONS);
  await store.change(["operators"], (drawers) =>
    drawers("operators").put({ id, salt, digest, iterations: ITERATIONS, wrong: 0 }),
  );
}

async function derived(code, salt, iterations) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(code), "PBKDF2", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, key, 256));
}

const same = (one, other) => one.every((byte, at) => byte === other[at]);
