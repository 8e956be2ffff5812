// The last scans of this device, from the log: each may be taken back, also after a reload. What the server could not
// take is listed until somebody wrote it down by hand.
import { part, redraw } from "./drawing.js";
import { COUNTS } from "./deciding.js";
import { saveFile } from "./handing.js";
import { addresses, byHand, onChange, pending, personOf, state, write } from "./state.js";
import { bearerOf, clock, say, wordOf } from "./verdict.js";

const SHOWN = 20;
const recent = document.getElementById("recent");
const hand = document.getElementById("by-hand");

export function nameOf(entry) {
  const target = entry.kind === "annul" ? state.entries.find((one) => one.id === entry.told.annuls) : entry;
  const person = personOf(target?.delegate_id);
  return bearerOf(person)?.name ?? target?.told.name ?? (target?.source === "number" ? `№ ${target.told.payload}` : "–");
}

export const mayAnnul = (entry) => entry.kind !== "annul" && COUNTS.has(entry.verdict) && !state.entries.some((one) => one.told.annuls === entry.id);

function line(entry, annul) {
  const item = document.createElement("li");
  const word = wordOf(entry.verdict);
  if (word?.dataset.tone) item.dataset.tone = word.dataset.tone;
  const who = document.createElement("span");
  const isWaiting = entry.kind === "walk-in" && entry.state === "pending";
  const told = [word?.dataset.word, isWaiting && say("noNumberYet"), entry.rehearsal && say("rehearsal")].filter(Boolean).join(" · ");
  who.append(part("b", "", nameOf(entry)), part("small", "", told));
  item.append(part("time", "", clock(entry.at)), who);
  if (entry.state === "pending") item.append(part("span", "desk-pending", say("queued")));
  if (mayAnnul(entry)) {
    const back = Object.assign(part("button", "button small", say("back")), { type: "button" });
    back.addEventListener("click", () => {
      back.remove();
      annul(entry);
    });
    item.append(back);
  }
  return item;
}

function lineByHand(entry) {
  const item = document.createElement("li");
  item.dataset.tone = "danger";
  const who = document.createElement("span");
  who.append(part("b", "", nameOf(entry)), part("small", "", entry.fault || entry.message || ""));
  const done = Object.assign(part("button", "button small", say("written")), { type: "button" });
  done.addEventListener("click", () => write((entries) => entries.filter((one) => one.id === entry.id).map((one) => ({ ...one, state: "known", known_at: Date.now(), isByHand: true }))));
  item.append(part("time", "", clock(entry.at)), who, done);
  return item;
}

export function startRecent(annul) {
  const draw = () => {
    const last = state.entries.slice(-SHOWN).reverse();
    recent.hidden = !last.length;
    redraw(recent.querySelector("ol"), last.map((entry) => [entry, nameOf(entry), mayAnnul(entry)]), () => last.map((entry) => line(entry, annul)));
    const stuck = byHand();
    hand.hidden = !stuck.length;
    redraw(hand.querySelector("ol"), stuck.map((entry) => [entry, nameOf(entry)]), () => stuck.map(lineByHand));
  };
  onChange(draw);
  draw();
}

export const saveQueue = () => saveFile(pending(), addresses.slug, nameOf);
