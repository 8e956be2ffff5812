// What all parts of the desk share: the roster, the log of its scans, how things stand. `changed()` tells the parts.
import { bestNow } from "./clock.js";
import { Store } from "./store.js";

const page = document.getElementById("desk");

export const addresses = page.dataset;
export const store = new Store(addresses.slug);

export const state = {
  roster: null,
  entries: [],
  counts: null,
  isUp: navigator.onLine,
  isEnded: false,
  isStorageFull: false,
  rehearsal: null,
  reached_at: null,
};

export const isRehearsal = () => state.rehearsal !== null && bestNow() < Date.parse(state.rehearsal.ends_at);
export const view = (entries = state.entries) => ({ roster: state.roster, entries, isRehearsal: isRehearsal() });
export const pending = () => state.entries.filter((entry) => entry.state === "pending");
export const byHand = () => state.entries.filter((entry) => entry.state === "refused" || (entry.state === "pending" && entry.fault));
export const personOf = (id) => state.roster?.delegates.find((one) => one.id === id) ?? null;

const listeners = [];
export const onChange = (listener) => listeners.push(listener);
export const changed = () => listeners.forEach((listener) => listener());

// The other tabs of this desk on this device.
const tabs = "BroadcastChannel" in window ? new BroadcastChannel(store.name) : null;
export const tellTabs = (what) => tabs?.postMessage(what);
export const onTabs = (listener) => tabs?.addEventListener("message", (event) => listener(event.data));

// Puts entries into the log; what could not be written throws, and the readiness panel says so.
export async function write(work) {
  try {
    state.entries = await store.change(work);
    state.isStorageFull = false;
  } catch (error) {
    state.isStorageFull = true;
    changed();
    throw error;
  }
  tellTabs("log");
  changed();
}
