/**
 * The sales, undos and refunds of this device since the last closing, as far as the server answered.
 *
 * At the closing their sums must be what the server has of this device. An undo or refund whose
 * answer was lost is looked for in the server's list by its key.
 */
import { emit, on } from "./bus.js";
import { ask } from "./server.js";
import { today } from "./state.js";
import * as store from "./store.js";

export const rows = async () => (await store.read("day").all()).sort((one, other) => (one.happened_at < other.happened_at ? 1 : -1));

/** Give a sale back, wholly or in part; the same `key` as often as it takes. */
export async function giveBack({ key, path, body }) {
  const row = { key, kind: "refund", happened_at: new Date().toISOString(), total_cents: 0, credit_cents: 0, day: today() };
  await store.change(["day"], (drawers) => drawers("day").put({ ...row, state: "unsure", id: null }));
  try {
    const told = await ask(path, { key, ...body });
    await store.change(["day"], (drawers) => drawers("day").put(recorded(row, told)));
  } catch (failure) {
    if (failure.status && failure.status !== 401) await store.change(["day"], (drawers) => drawers("day").drop(key));
    throw failure;
  } finally {
    emit("day");
  }
}

const recorded = (row, { id, total_cents, credit_cents, day_number: day = row.day }) => ({
  ...row, id, total_cents, credit_cents, day, state: "recorded",
});

/** Learn from the server's list what became of that whose answer was lost. */
export async function compare(told) {
  const known = new Map(told.map((row) => [row.key, row]));
  await store.change(["day"], async (drawers) => {
    for (const row of await drawers("day").all()) {
      const found = known.get(row.key);
      if (row.state === "unsure" && found) drawers("day").put(recorded(row, found));
    }
  });
}

/** What this device makes of its day: refunds positive, credit less what was given back of it. */
export async function sums() {
  const counted = (await rows()).filter(({ state, day }) => state === "recorded" && day === today());
  const sales = counted.filter(({ kind }) => kind === "sale");
  const refunds = counted.filter(({ kind }) => kind === "refund");
  const sum = (of, field) => of.reduce((total, row) => total + row[field], 0);
  return {
    sale_count: sales.length,
    sale_cents: sum(sales, "total_cents"),
    credit_cents: sum(counted, "credit_cents"),
    refund_count: refunds.length,
    refund_cents: 0 - sum(refunds, "total_cents"),
  };
}

let tidied;

/** Once the day was closed, here or on another device, what was recorded in it is the server's. */
on("state", () => {
  if (tidied === today()) return;
  tidied = today();
  store.change(["day"], async (drawers) => {
    for (const { key, state, seen, day } of await drawers("day").all()) {
      const isOver = ["recorded", "withdrawn", "unsure"].includes(state) || seen;
      if (isOver && day < today()) drawers("day").drop(key);
    }
  });
});

/** The operator saw what became of a sale that was refused or held. */
export async function seen(key) {
  await store.change(["day"], async (drawers) => {
    const row = await drawers("day").get(key);
    if (row) await drawers("day").put({ ...row, seen: true });
  });
  emit("day");
}
