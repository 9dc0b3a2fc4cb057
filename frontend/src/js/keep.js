/**
 * Pages that open without network: the service worker is asked to keep one, and a newer worker takes
 * over only when no tab holds the running application (a till does while a sale is entered).
 */
export const IN_USE = "reciproca-in-use";

/** Keep this page; returns the worker's registration, or null where there are no workers. */
export async function keep(path) {
  if (!navigator.serviceWorker) return null;
  const registration = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
  registration.addEventListener("updatefound", () =>
    registration.installing?.addEventListener("statechange", () => offer(registration)),
  );
  navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ keep: path }));
  offer(registration);
  return registration;
}

/** Let the waiting worker take over if no tab holds the application. */
export function offer(registration) {
  if (!registration.waiting) return;
  navigator.locks?.request(IN_USE, { ifAvailable: true }, (lock) => {
    if (lock) registration.waiting?.postMessage("take-over");
  });
}
