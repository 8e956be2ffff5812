// The desk without the server. The server puts NAME, PAGE, SHELL and FILES in front (views/app.py); NAME changes with any
// of the files, so a new worker brings a whole new set and never a mixture. What is queued lies in IndexedDB, untouched.
/* global NAME, PAGE, SHELL, FILES */
const NAVIGATION_MS = 3000;

addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(NAME);
      // redirect: "error": the pairing form must not be kept in the place of the desk.
      await cache.addAll([SHELL, ...FILES].map((address) => new Request(address, { cache: "reload", redirect: "error" })));
      await self.skipWaiting();
    })(),
  );
});

addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const family = NAME.slice(0, NAME.lastIndexOf("-") + 1);
      const old = (await caches.keys()).filter((name) => name.startsWith(family) && name !== NAME);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

async function open(request) {
  const shell = async () => (await caches.open(NAME)).match(SHELL);
  try {
    const answer = await Promise.race([fetch(request), new Promise((_, reject) => setTimeout(reject, NAVIGATION_MS, new Error("slow")))]);
    // Only our own pages say so: a captive portal's or a proxy's page is no desk.
    if (answer.type === "opaqueredirect" || answer.headers.has("X-Desk")) return answer;
    return (await shell()) ?? answer;
  } catch {
    return (await shell()) ?? Response.error();
  }
}

async function cached(request) {
  return (await (await caches.open(NAME)).match(request)) ?? fetch(request);
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin || address.pathname.startsWith("/api/")) return;
  if (request.mode === "navigate") {
    if (address.pathname === PAGE) event.respondWith(open(request));
  } else if (address.pathname.startsWith("/static/") || address.pathname.startsWith("/desk/app/")) event.respondWith(cached(request));
});
