// What the modules of the notes share: the form, who writes where, what stands at this moment, and how the server is told.
import { Kept, NAMES } from "./kept.js";

const ANSWER_MS = 15_000;
const ASKS = { Accept: "application/json", "HX-Request": "true" };

export const form = document.getElementById("entry");
export const { place, entry, writer } = form?.dataset ?? {};
export const isNew = entry === "new";
export const kept = new Kept();
export const written = document.querySelector("#written .note-list");

// randomUUID needs a secure context, which a server in the hall's own network may lack.
export const newKey = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};

export const view = newKey(); // of this opening of the page

// By name; `elements.item` alone would be the collection's own method.
export const control = (name) => form.elements.namedItem(name);
export const fields = () => Object.fromEntries(NAMES.map((name) => [name, control(name).value]));
export const part = (mark) => document.querySelector(`[data-${mark}]`);
export const show = (mark, on) => {
  const element = part(mark);
  if (element) element.hidden = !on;
};
export const made = (mark) => part(mark).content.firstElementChild.cloneNode(true);

export const state = {
  queue: [],
  draft: form && { key: control("key").value, writer: newKey(), base: form.dataset.opened ?? "" },
  isDirty: false,
  isTouched: false,
  begun: { item: "", speaker: "" },
};

export const idOf = (key) => `${place}:${key}`;
export const cannotKeep = () => {
  document.getElementById("queue").hidden = false;
  show("no-storage", true);
};

export const patience = () => AbortSignal.timeout(ANSWER_MS);
export const post = (address, body, more = {}) =>
  fetch(address, { method: "POST", body, headers: { ...ASKS, "X-Writer": writer }, signal: patience(), ...more });
export const answered = (answer) => answer.headers.get("Content-Type")?.startsWith("application/json");
