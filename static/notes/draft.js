// What is being typed: kept in this browser with every key and on the server every few seconds; drafts that wait.
import { fill } from "./editor.js";
import { signedOut } from "./queue.js";
import { answered, cannotKeep, control, entry, fields, form, idOf, isNew, kept, made, newKey, place, post, show, state, view } from "./state.js";

const ASKED_MS = 200;

// Of two tabs one goes on with a draft: a new one asks who has it.
const tabs = new BroadcastChannel("notes");
const taken = new Set();
tabs.onmessage = ({ data }) => {
  if (data.ask && data.ask === state.draft?.key && state.isTouched) tabs.postMessage({ taken: data.ask });
  if (data.taken) taken.add(data.taken);
};
const isFree = async (key) => {
  tabs.postMessage({ ask: key });
  await new Promise((resolve) => setTimeout(resolve, ASKED_MS));
  return !taken.has(key);
};

const keepTyped = () => {
  state.draft.at = Date.now();
  return kept.put("drafts", { id: idOf(state.draft.key), place, entry, view, ...state.draft, fields: fields() }).catch(cannotKeep);
};
export const sendTyped = async (keepalive = false) => {
  if (!state.isDirty) return;
  state.isDirty = false;
  const { key, writer: typist, base } = state.draft;
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...fields(), key, writer: typist, base, note: isNew ? "" : entry })) body.set(name, value);
  try {
    const answer = await post(form.dataset.drafts, body, { keepalive });
    if (answer.status === 401) return signedOut(true);
    if (key !== state.draft.key || !answered(answer)) return;
    show("elsewhere", answer.status === 409);
    if (answer.status !== 200) return;
    signedOut(false);
    state.draft.base = (await answer.json()).saved_at;
    show("kept", Boolean(state.draft.base));
  } catch {
    if (key === state.draft.key) state.isDirty = true;
  }
};
export const typed = () => {
  state.isDirty = state.isTouched = true;
  show("discard", true);
  show("kept", false);
  keepTyped();
};
export const adopt = (one) => {
  state.draft = { key: one.key, writer: one.writer ?? newKey(), base: one.base ?? "" };
  control("key").value = one.key;
  fill(one.fields);
  state.isTouched = state.isDirty = true;
  show("restored", true);
  show("discard", true);
};
export const dropDraft = async () => {
  const body = new FormData();
  body.set("key", state.draft.key);
  await kept.remove("drafts", idOf(state.draft.key)).catch(() => {});
  post(`${form.dataset.drafts}/removal`, body).catch(() => {});
};

// --- drafts that wait to be opened, of this browser and of the server

export const offerDrafts = async () => {
  const list = document.getElementById("drafts");
  if (!list) return;
  const rows = [...list.querySelectorAll("[data-draft-key]")];
  list.querySelectorAll("[data-local-key]").forEach((row) => row.remove());
  const locals = await kept.all("drafts", place).catch(() => []);
  const same = (row, key, text) => row.dataset.draftKey === key && row.querySelector("[data-draft-text]").textContent.trim() === text.trim();
  for (const row of rows)
    row.hidden = same(row, state.draft.key, control("text").value) || state.queue.some((one) => same(row, one.key, one.fields.text));
  for (const one of locals) {
    const isHere = one.key === state.draft.key || state.queue.some((waiting) => waiting.key === one.key);
    if (one.entry !== entry || isHere || !one.fields.text.trim() || rows.some((row) => same(row, one.key, one.fields.text))) continue;
    const row = made("local");
    row.dataset.localKey = one.key;
    row.querySelector("[data-speaker]").textContent = one.fields.speaker;
    row.querySelector("[data-draft-text]").textContent = one.fields.text;
    row.querySelector("[data-open]").addEventListener("click", () => {
      adopt(one);
      offerDrafts();
    });
    list.querySelector("ul").append(row);
  }
  list.hidden = ![...list.querySelectorAll("li")].some((row) => !row.hidden);
};

// What this device kept and nobody saved goes on in the form, unless the page was asked for something else.
export const restoreDraft = async (isAsked) => {
  const isSaved = (one) => {
    const same = (element) => element.textContent.trim() === one.fields.text.trim();
    if (isNew) return state.queue.some((waiting) => waiting.key === one.key) || [...document.querySelectorAll(`[data-key="${one.key}"] [data-wording]`)].some(same);
    return [...document.querySelectorAll("#note [data-wording]")].some(same);
  };
  let restored = null;
  for (const one of await kept.all("drafts", place).catch(() => [])) {
    if (one.entry !== entry) continue;
    if (isSaved(one) || !one.fields.text.trim()) await kept.remove("drafts", one.id).catch(() => {});
    else if (!isAsked && !state.isTouched) restored = one;
  }
  if (restored && (await isFree(restored.key)) && !state.isTouched) adopt(restored);
};
