// Calls to the desk API. The cookie of the page says which desk this is; an answer that is not JSON is no answer
// (captive portals and proxies answer 200 with HTML).

export class Lost extends Error {}
export class Unpaired extends Error {}

const WAIT_MS = 6000;

async function call(address, options) {
  let answer;
  try {
    answer = await fetch(address, { cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(WAIT_MS), ...options });
  } catch {
    throw new Lost();
  }
  if (answer.status === 304) return null;
  if (answer.status === 401) throw new Unpaired();
  let body;
  try {
    body = await answer.json();
  } catch {
    throw new Lost();
  }
  if (typeof body !== "object" || body === null || !body.server_time || answer.status >= 500) throw new Lost();
  body.status = answer.status;
  return body;
}

const post = (address, body) => call(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

// Twice, with the same id: the server answers a repeated scan as it did before, so an answer that was lost costs nothing.
async function twice(action) {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof Lost)) throw error;
    return action();
  }
}

export const sendScans = (address, scans) => twice(() => post(address, { now: new Date().toISOString(), scans }));
export const sendWalkIn = (address, walkIn) => twice(() => post(address, walkIn));
export const getRoster = (address, revision) => call(address, revision ? { headers: { "If-None-Match": `"${revision}"` } } : {});

export function uuid() {
  // crypto.randomUUID exists only in secure contexts; a hall's plain http has getRandomValues.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
