// The server's time as far as the device knows it: from the last answer on, counted by the monotonic clock, whatever
// becomes of the device's own clock meanwhile. After a reload only the device's clock can bridge the gap.
const KEY = "desk-server-clock";
const SLEPT_MS = 2000;

let base = null; // { server, steady, wall } at one moment, in ms

try {
  const kept = JSON.parse(localStorage.getItem(KEY));
  if (kept) base = { server: kept.server + Date.now() - kept.wall, steady: performance.now(), wall: Date.now() };
} catch {
  // Nothing kept: unknown until the first answer.
}

export function heard(serverTime, sentAt) {
  const now = performance.now();
  const server = Date.parse(serverTime) + (now - sentAt) / 2;
  if (Number.isNaN(server)) return;
  base = { server, steady: now, wall: Date.now() };
  try {
    localStorage.setItem(KEY, JSON.stringify({ server, wall: base.wall }));
  } catch {
    // A full device forgets it at the next reload, no more.
  }
}

// ms, or null where no server ever answered
export const serverNow = () => (base ? base.server + performance.now() - base.steady : null);

// The best time for what happens now: the server's, else the device's.
export const bestNow = () => serverNow() ?? Date.now();

export const skew = () => (base ? Date.now() - serverNow() : null);

// While a phone sleeps its monotonic clock may stand still; then the other clock tells how long it slept.
let hiddenAt = null;
document.addEventListener("visibilitychange", () => {
  const [steady, wall] = [performance.now(), Date.now()];
  if (!document.hidden && base && hiddenAt !== null) {
    const slept = Math.min(wall - base.wall - (steady - base.steady), wall - hiddenAt);
    if (slept > SLEPT_MS) base.server += slept;
    base.wall = wall - (steady - base.steady);
  }
  hiddenAt = document.hidden ? wall : null;
});
