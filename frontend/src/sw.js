/**
 * The service worker: pages come from the network first, built files from the cache first.
 *
 * `KEPT`, written before this text by the view that serves it, says what may be kept: for each shell
 * (a page in which there is nothing of a person) the built files that it needs, and a version that
 * changes with any of them. Nothing else is ever kept.
 */
const CACHE = `reciproca-${KEPT.version}`;
const OURS = /^reciproca-[0-9a-f]+$/;
/** A network that is there but does not answer is no reason to stand before a white page. */
const PATIENCE_MS = 4_000;

/** Fetch a shell and its files anew; all of them or none. */
async function keep(path) {
  if (!(path in KEPT.shells)) return;
  const cache = await caches.open(CACHE);
  await cache.addAll(KEPT.shells[path]);
  const page = await fetch(path, { cache: "no-store" });
  if (isShell(page)) await cache.put(path, page);
}

const isShell = (response) => response.ok && !response.redirected && response.type === "basic";

async function install() {
  const names = (await caches.keys()).filter((name) => OURS.test(name));
  const wanted = new Set([KEPT.offline]);
  for (const name of names) {
    for (const request of await (await caches.open(name)).keys()) wanted.add(new URL(request.url).pathname);
  }
  await Promise.all([...wanted].map(keep));
}

async function activate() {
  const names = (await caches.keys()).filter((name) => OURS.test(name) && name !== CACHE);
  await Promise.all(names.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function page(request, path) {
  const kept = await kepts(path);
  try {
    const response = await (kept && path in KEPT.shells ? soon(fetch(request)) : fetch(request));
    if (!(path in KEPT.shells)) return response;
    if (response.status >= 500 && kept) return kept;
    // A shell is kept only once its files are: without them it would open to nothing.
    if (kept && isShell(response)) await (await caches.open(CACHE)).put(path, response.clone());
    return response;
  } catch (failure) {
    const instead = kept ?? (await kepts(KEPT.offline));
    if (instead) return instead;
    throw failure;
  }
}

const soon = (answer) =>
  Promise.race([answer, new Promise((_resolve, reject) => setTimeout(reject, PATIENCE_MS, new Error("slow")))]);

const kepts = async (path) => (await caches.open(CACHE)).match(path, { ignoreVary: true, ignoreSearch: true });

async function built(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  return kept ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
  else if (event.data?.keep) event.waitUntil(keep(event.data.keep));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, url.pathname));
  else if (url.pathname.startsWith(KEPT.assets)) event.respondWith(built(request));
});
