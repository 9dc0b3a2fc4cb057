/**
 * The sales whose answer has not come: each is on the disk before it is sent, and leaves the queue
 * only with the server's answer for its key.
 *
 * A sale made with network goes by the counter (`/till/sales/`) while somebody waits for it. Without
 * an answer it goes by sending (`/till/sync/`) under the same key, which the server records once.
 * Only a sale that spends credit, or whose buyer has no card, must go by the counter again.
 */
import { emit } from "./bus.js";
import { NoAnswer, Refusal, ask, isProved } from "./server.js";
import { today } from "./state.js";
import * as store from "./store.js";

const AT_MOST = 200;
/** How long the counter may still be waiting for an answer in some tab of this device. */
const COUNTER_MS = 30_000;
const SENDING_PATIENCE_MS = 60_000;
/** Unlock again, or wait a little: no word yet about the sale itself. */
const AGAIN = [401, 429];
const others = new BroadcastChannel("reciproca-till");
others.onmessage = () => emit("queue");

function changed() {
  emit("queue");
  others.postMessage("queue");
}

export const waiting = () => store.read("queue").count();

/** Keep a sale before anything of it is sent. */
export async function keep(sale, { by }) {
  const total_cents = sale.lines.reduce((sum, line) => sum + line.amount_cents, 0);
  const row = { ...sale, by, tries: 0, kept_at: Date.now() };
  const { key, happened_at, credit_cents } = sale;
  await store.change(["queue", "day"], (drawers) => {
    drawers("queue").put(row);
    return drawers("day").put({
      key, kind: "sale", happened_at, total_cents, credit_cents, state: "waiting", id: null, day: today(),
    });
  });
  changed();
}

/** Send at the counter a sale that was kept; throws Refusal (then it is not recorded) or NoAnswer. */
export async function sendAtCounter(sale) {
  const { key, shown_id, happened_at, lines, credit_cents } = sale;
  try {
    const recorded = await ask("/till/sales/", { key, shown_id, happened_at, lines, credit_cents });
    await settle([{ key, state: "recorded", id: recorded.id, day_number: recorded.day_number }]);
    return recorded;
  } catch (failure) {
    if (failure instanceof Refusal && !AGAIN.includes(failure.status)) {
      await settle([{ key, state: failure.code === "sale-held" ? "held" : "refused", id: null, message: failure.message }]);
    } else if (maySend(sale)) await leaveToSending(key);
    throw failure;
  }
}

/** Sending spends no credit, and knows who bought only by the number of a card. */
const maySend = ({ credit_cents, card, shown_id }) => !credit_cents && (card || !shown_id);

async function leaveToSending(key) {
  await store.change(["queue"], async (drawers) => {
    const row = await drawers("queue").get(key);
    if (row) await drawers("queue").put({ ...row, by: "sending" });
  });
  changed();
}

/** Take out a sale that nothing was ever sent of; false when it is too late for that. */
export function withdraw(key) {
  return alone(async () => {
    const gone = await store.change(["queue", "day"], async (drawers) => {
      const row = await drawers("queue").get(key);
      if (!row || row.by !== "sending" || row.tries > 0) return false;
      await drawers("queue").drop(key);
      const own = await drawers("day").get(key);
      await drawers("day").put({ ...own, state: "withdrawn" });
      return true;
    });
    changed();
    return gone;
  });
}

async function settle(results) {
  await store.change(["queue", "day"], async (drawers) => {
    for (const { key, state, id, message, day_number: day = today() } of results) {
      const own = await drawers("day").get(key);
      if (own) await drawers("day").put({ ...own, id, message, day, state: state === "known" ? "recorded" : state });
      await drawers("queue").drop(key);
    }
  });
  changed();
}

/**
 * Send whatever waits, by one tab at a time; whatever happens here, what was not answered stays.
 *
 * Returns true when the queue's sendable part is empty. Throws Refusal or NoAnswer.
 */
export function sendAll() {
  return alone(async () => {
    await resendAtCounter();
    for (;;) {
      const rows = (await store.read("queue").all()).filter(({ by }) => by === "sending");
      if (!rows.length) return true;
      rows.sort((one, other) => one.kept_at - other.kept_at);
      await sendSome(rows.slice(0, AT_MOST));
    }
  }, { orElse: false });
}

async function sendSome(rows) {
  await store.change(["queue"], async (drawers) => {
    for (const row of rows) drawers("queue").put({ ...row, tries: row.tries + 1 });
  });
  const sales = rows.map(({ key, card, shown_id, happened_at, lines, operator_id }) => ({
    key, card, shown_id, happened_at, lines, operator_id,
  }));
  const body = { device_time: new Date().toISOString(), sales };
  const { results } = await ask("/till/sync/", body, { patience: SENDING_PATIENCE_MS });
  const asked = new Set(rows.map(({ key }) => key));
  const answered = results.filter(({ key }) => asked.has(key));
  await settle(answered);
  // An answer about nothing that was asked would be asked for ever.
  if (!answered.length) throw new NoAnswer("no result");
  const held = answered.filter(({ state }) => state === "held");
  if (held.length) emit("held", held);
}

/** Sales begun at the counter whose tab is gone, or whose answer was lost. */
async function resendAtCounter() {
  const stale = Date.now() - COUNTER_MS;
  const rows = (await store.read("queue").all()).filter(({ by, kept_at }) => by === "counter" && kept_at < stale);
  for (const row of rows) {
    if (maySend(row)) await leaveToSending(row.key);
    else if (isProved()) {
      try {
        await sendAtCounter(row);
      } catch (failure) {
        if (!(failure instanceof Refusal)) throw failure;
        emit("refused-late", { sale: row, failure });
      }
    }
  }
}

/** Run where no other tab of this device does; without locks the server's keys are enough. */
function alone(work, { orElse } = {}) {
  if (!navigator.locks) return work();
  const options = orElse === undefined ? {} : { ifAvailable: true };
  return navigator.locks.request("reciproca-till-sending", options, (lock) => (lock ? work() : orElse));
}
