/** A new application takes over only when no tab has anything on the screen that a reload would lose. */
import { IN_USE, keep, offer } from "../js/keep.js";

const LOOK_MS = 60 * 60_000;
let registration = null;
let outdated = false; // a new worker serves this tab, which still runs the old application
let release = null; // ends this tab's hold on the application

/** Hold the running application while something is on the screen, let it go when nothing is. */
export function hold(inUse) {
  if (inUse === Boolean(release)) return;
  if (inUse) {
    release = held();
  } else {
    const released = release();
    release = null;
    if (outdated) location.reload();
    else released.then(() => registration && offer(registration));
  }
}

/** Take the lock, shared with the other tabs, and return what ends it, whether it was granted yet or not. */
function held() {
  const over = new AbortController();
  const until = new Promise((resolve) => over.signal.addEventListener("abort", resolve));
  const released = navigator.locks
    ?.request(IN_USE, { mode: "shared", signal: over.signal }, () => until)
    .catch(() => {});
  return () => {
    over.abort();
    return Promise.resolve(released);
  };
}

export async function start() {
  // Asked once: a browser short of space drops what is not persistent.
  navigator.storage?.persist?.();
  let controlled = Boolean(navigator.serviceWorker?.controller);
  navigator.serviceWorker?.addEventListener("controllerchange", () => {
    outdated = controlled; // the first worker of all serves this very application
    controlled = true;
    if (outdated && !release) location.reload();
  });
  registration = await keep(location.pathname);
  setInterval(() => registration?.update().catch(() => {}), LOOK_MS);
}
