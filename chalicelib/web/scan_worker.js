// Keeps the page that checks codes, its scripts and the registry's keys, so that they are there without a network; and
// the reader of pictures, once it was wanted.
// Nothing else is ever kept: no certificate, no status.

const KEPT = "factory-id-scan";
const SCOPE = new URL(self.registration.scope).pathname;
const KEYS = SCOPE.replace(/scan$/, ".well-known/did.json");
const PATHS = [SCOPE, `${SCOPE}/verifier.js`, `${SCOPE}/reading.js`, KEYS];
const READER = `${SCOPE}/reader/`;

async function fetched(request) {
  const answer = await fetch(request, { cache: "no-cache" });
  if (!answer.ok) return answer;
  const headers = new Headers(answer.headers);
  headers.set("X-Kept", new Date().toISOString());
  headers.delete("Content-Encoding"); // what is kept is unpacked
  const stamped = new Response(await answer.blob(), { status: answer.status, headers });
  await (await caches.open(KEPT)).put(request, stamped.clone());
  return stamped;
}

async function held(request) {
  return (await caches.open(KEPT)).match(request, { ignoreSearch: true, ignoreVary: true });
}

async function kept(request, error) {
  const found = await held(request);
  if (!found) throw error;
  return found;
}

/** The reader of pictures: another one has another address, and takes the place of the one before. */
async function reader(request) {
  const found = await held(request);
  if (found) return found;
  const cache = await caches.open(KEPT), name = new URL(request.url).pathname.replace(/\.\w+$/, "");
  const others = (await cache.keys()).map((each) => new URL(each.url).pathname)
    .filter((path) => path.startsWith(READER) && !path.startsWith(`${name}.`));
  await Promise.all(others.map((path) => cache.delete(path)));
  return fetched(request);
}

self.addEventListener("install", (event) => {
  event.waitUntil(Promise.all(PATHS.map((path) => fetched(new Request(path)))).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname.startsWith(READER)) return event.respondWith(reader(event.request));
  if (!PATHS.includes(pathname)) return;
  event.respondWith(fetched(event.request).catch((error) => kept(event.request, error)));
});
