// Saved notes on their way: in the order in which they were written, one after the other, until the server has each.
import { adopt, offerDrafts, typed } from "./draft.js";
import { offerQuestions, questionsNow } from "./editor.js";
import { sameWords } from "./kept.js";
import { answered, cannotKeep, control, entry, fields, form, idOf, isNew, kept, made, newKey, part, place, post, show, state, view, written } from "./state.js";

const region = document.getElementById("queue");
export const signedOut = (on, who = "") => {
  if (part("signed-out").hidden === !on && part("who").textContent === who) return;
  show("signed-out", on);
  part("who").textContent = who;
  showQueue();
};
let shown = "";
export const showQueue = () => {
  const looks = JSON.stringify([state.queue.map((one) => [one.id, one.at, one.problem, one.isLate]), part("signed-out").hidden, part("no-storage").hidden]);
  if (looks === shown) return; // a button that has the focus keeps it
  shown = looks;
  const waiting = state.queue.filter((one) => !one.problem);
  const count = region.querySelector("[data-count]");
  count.textContent = count.dataset.count.replace("{num}", waiting.length);
  const isSlow = waiting.some((one) => one.isLate);
  region.querySelector("[data-waiting]").hidden = !waiting.length;
  region.querySelector("[data-away]").hidden = !isSlow || !part("signed-out").hidden;
  const problems = region.querySelector("[data-problems]");
  problems.replaceChildren(...state.queue.filter((one) => one.problem).map(problemRow));
  region.hidden = !state.queue.length && part("signed-out").hidden && part("no-storage").hidden;
  if (!written) return;
  for (const one of waiting)
    if (one.entry === "new" && !written.querySelector(`[data-key="${one.key}"]`)) written.prepend(pendingRow(one));
  const known = new Set(waiting.map((one) => one.key));
  written.querySelectorAll(".pending").forEach((row) => known.has(row.dataset.key) || row.remove());
  document.getElementById("written").hidden = !written.children.length;
};
const clock = (at) => new Date(at).toLocaleTimeString("en-GB", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit" });
const pendingRow = (one) => {
  const row = made("pending");
  row.dataset.key = one.key;
  row.dataset.row = "";
  row.querySelector("time").textContent = one.fields.spoken || clock(one.at);
  row.querySelector("[data-speaker]").textContent = one.fields.speaker;
  row.querySelector("[data-text]").textContent = one.fields.text;
  return row;
};
const problemRow = (one) => {
  const row = made("problem");
  row.querySelector("[data-why]").textContent = one.problem;
  row.querySelector("[data-text]").textContent = `${one.fields.speaker}\n${one.fields.text}`.trim();
  row.querySelector("[data-open]").addEventListener("click", () => correct(one));
  const drop = row.querySelector("[data-drop]");
  drop.addEventListener("click", () => window.confirm(drop.dataset.sure) && settle(one).then(showQueue));
  return row;
};
// Out of the queue, unless it was replaced by later words meanwhile.
const settle = async (one) => {
  const now = state.queue.find((other) => other.id === one.id);
  if (now && now.at !== one.at) return;
  state.queue = state.queue.filter((other) => other.id !== one.id);
  await kept.remove("queue", one.id).catch(() => {});
};
const postPlainly = (one) => {
  const plain = document.createElement("form");
  plain.method = "post";
  plain.action = one.address;
  for (const [name, value] of Object.entries(one.fields)) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    plain.append(field);
  }
  plain.hidden = true;
  document.body.append(plain);
  plain.submit();
};
const isOnPage = (one) => !isNew && one.entry === entry;
// What was saved and refused, with what was typed since, which mostly goes on from it.
const withLater = (one, typedSince) => {
  const isHere = isOnPage(one) && state.isTouched && control("text").value.trim();
  const later = isHere ? { view, fields: fields() } : typedSince;
  if (!later) return one.fields;
  const { text } = later.fields;
  return { ...one.fields, ...later.fields, text: later.view === one.view ? text : `${one.fields.text}\n${text}` };
};
const correct = async (one) => {
  const drafts = await kept.all("drafts", place).catch(() => []);
  const typedSince = drafts.find((other) => other.id === idOf(one.key) && other.at > one.at && other.fields.text.trim());
  const latest = () => withLater(one, typedSince);
  const asDraft = { id: idOf(one.key), place, entry: one.noteId ?? one.entry, key: one.key, writer: newKey(), base: "", fields: latest(), at: Date.now() };
  await kept.put("drafts", asDraft).catch(cannotKeep);
  await settle(isOnPage(one) ? (state.queue.find((other) => other.id === one.id) ?? one) : one);
  if (one.entry !== "new" || one.isConflict) {
    state.isDirty = false;
    form.inert = true; // what would be typed from here on would miss the page that comes
    return postPlainly({ ...one, fields: latest() });
  }
  if (!isNew) return location.assign(one.address);
  adopt(asDraft);
  showQueue();
  offerDrafts();
  control("text").focus();
  return undefined;
};
const saved = async (one, answer) => {
  await settle(one);
  await kept.removeSaved(idOf(one.key), one.fields).catch(() => {});
  signedOut(false);
  if (isOnPage(one)) return savedHere(one, answer);
  for (const [kind, number] of Object.entries(answer.counts)) {
    const figure = document.querySelector(`[data-figure="${kind}"] .figure`);
    if (figure) figure.textContent = number.toLocaleString("de-DE");
  }
  offerQuestions(answer.questions);
  if (!written || one.entry !== "new") return;
  const holder = document.createElement("template");
  holder.innerHTML = answer.rows.join("");
  const rows = [...holder.content.children];
  rows.forEach((row) => document.getElementById(row.id)?.remove());
  written.querySelector(`[data-key="${one.key}"]`)?.remove();
  written.prepend(...rows.reverse());
  rows.forEach((row) => window.htmx?.process(row));
  document.getElementById("written").hidden = false;
  document.querySelector(".note-list > .empty")?.remove();
};
// What was written after pressing the button is the next wording: of what was just saved, not of what others made of it.
const savedHere = async (one, answer) => {
  if (one.view !== view) return state.isTouched ? undefined : location.assign(answer.address); // this form began from older words
  const revision = String(Math.min(answer.revision, Number(one.fields.revision) + 1));
  control("revision").value = revision;
  const next = state.queue.find((other) => other.id === one.id);
  if (!next && sameWords(fields(), one.fields)) return location.assign(answer.address);
  typed();
  if (!next) return undefined;
  next.fields.revision = revision;
  return kept.put("queue", next).catch(cannotKeep);
};
// false: no use to try the next one now.
const send = async (one) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(one.fields)) body.set(name, value);
  body.set("waited", Math.max(0, Date.now() - one.at));
  let answer;
  let told = {};
  try {
    answer = await post(one.address, body);
    if (answered(answer)) told = await answer.json();
  } catch {
    return false;
  }
  if (answer.status === 401) {
    signedOut(true, told.problem ?? "");
    return false;
  }
  if (answer.ok && told.key) {
    await saved(one, told);
    return true;
  }
  if (answer.ok || answer.status >= 500 || answer.status === 429 || answer.redirected) return false;
  if (isOnPage(one) && answered(answer)) {
    await correct({ ...one, isConflict: answer.status === 409 });
    return false;
  }
  one.problem = told.problem ?? `${answer.status}`;
  one.isConflict = answer.status === 409;
  one.noteId = told.address?.split("/").at(-1);
  await kept.put("queue", one).catch(cannotKeep);
  return true;
};
let isSending = false;
export const sendAll = async () => {
  if (isSending) return;
  isSending = true;
  try {
    const stored = await kept.all("queue", place).catch(() => []);
    state.queue = [...state.queue, ...stored.filter((one) => !state.queue.some((other) => other.id === one.id))].sort((one, other) => one.at - other.at);
    let one;
    while ((one = state.queue.find((other) => !other.problem))) {
      if (await send(one)) continue;
      state.queue.forEach((other) => (other.isLate = true));
      break;
    }
  } finally {
    isSending = false;
    showQueue();
  }
};
let lastKey = ""; // of the note saved before from this page: they stay in the order in which they were written
export const enqueue = (split) => {
  const at = Math.max(Date.now(), ...state.queue.map((one) => one.at + 1));
  const { key } = state.draft;
  const address = new URL(form.action).pathname;
  const one = { id: `${place}:${address}:${key}`, place, entry, address, key, at, view, fields: { ...fields(), key, split, after: lastKey } };
  lastKey = key;
  state.queue = [...state.queue.filter((other) => other.id !== one.id), one];
  kept
    .put("queue", one)
    .then(() => kept.removeSaved(idOf(key), one.fields).catch(() => {}), cannotKeep)
    .finally(sendAll);
  if (one.fields.kind === "question") offerQuestions(questionsNow());
  showQueue();
};
