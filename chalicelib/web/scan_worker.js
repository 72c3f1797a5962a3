// Keeps the page that checks codes, its script and the registry's keys, so that they are there without a network.
// Nothing else is ever kept: no certificate, no status.

const KEPT = "factory-id-scan";
const SCOPE = new URL(self.registration.scope).pathname;
const KEYS = SCOPE.replace(/scan$/, ".well-known/did.json");
const PATHS = [SCOPE, `${SCOPE}/verifier.js`, KEYS];

async function fetched(request) {
  const answer = await fetch(request, { cache: "no-cache" });
  if (!answer.ok) return answer;
  const headers = new Headers(answer.headers);
  headers.set("X-Kept", new Date().toISOString());
  const stamped = new Response(await answer.blob(), { status: answer.status, headers });
  await (await caches.open(KEPT)).put(request, stamped.clone());
  return stamped;
}

async function kept(request, error) {
  const found = await (await caches.open(KEPT)).match(request, { ignoreSearch: true, ignoreVary: true });
  if (!found) throw error;
  return found;
}

self.addEventListener("install", (event) => {
  event.waitUntil(Promise.all(PATHS.map((path) => fetched(new Request(path)))).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin || !PATHS.includes(pathname)) return;
  event.respondWith(fetched(event.request).catch((error) => kept(event.request, error)));
});
