// Calls to the desk API. The cookie of the page says which desk this is; an answer that is not JSON is no answer
// (captive portals and proxies answer 200 with HTML).
import { heard } from "./clock.js";

export class Lost extends Error {}
export class Unpaired extends Error {}
// The server answered that it cannot take this: `status`, and its sentence.
export class Faulty extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const FAULTS = [400, 404, 413, 415, 422, 500];

export async function call(address, { body, wait, headers = {} }) {
  const ends = new AbortController();
  const timer = setTimeout(() => ends.abort(), wait);
  const sentAt = performance.now();
  try {
    const answer = await fetch(address, {
      method: body ? "POST" : "GET",
      headers: body ? { "Content-Type": "application/json", ...headers } : headers,
      body: body && JSON.stringify(body),
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
      signal: ends.signal,
    });
    if (answer.status === 304) return null;
    const said = await answer.json().catch(() => null);
    const isOurs = typeof said === "object" && said !== null && Boolean(said.server_time);
    if (isOurs) heard(said.server_time, sentAt);
    if (answer.status === 500 || (isOurs && FAULTS.includes(answer.status))) throw new Faulty(answer.status, said?.message ?? "");
    if (!isOurs) throw new Lost();
    if (answer.status === 401 || answer.status === 403) throw new Unpaired();
    if (!answer.ok) throw new Lost();
    return said;
  } catch (error) {
    if (error instanceof Unpaired || error instanceof Faulty) throw error;
    throw new Lost();
  } finally {
    clearTimeout(timer);
  }
}

export function uuid() {
  // crypto.randomUUID exists only in secure contexts; a hall's plain http has getRandomValues.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
