// The desk with JavaScript: it opens, scans, decides and keeps also while the server is gone. Every scan has its id
// before the first try, so that telling it again never counts twice; a verdict is shown when the scan is on the disk.
import { startCamera } from "./camera.js";
import { Faulty, Unpaired, uuid } from "./calls.js";
import { bestNow, serverNow } from "./clock.js";
import { judge, LET_IN, sittingAt } from "./deciding.js";
import { chosenSitting, clear, startFinding, stayNow } from "./finding.js";
import { startGroup } from "./group.js";
import { Keys } from "./keys.js";
import { codeIn } from "./reading.js";
import { describe, startReadiness } from "./readiness.js";
import { mayAnnul, saveQueue, startRecent } from "./recent.js";
import { isSounding, wake } from "./sound.js";
import { addresses, changed, isRehearsal, onChange, pending, personOf, state, view, write } from "./state.js";
import { loadKept, refreshRoster, start, tryFirst, upload } from "./sync.js";
import { bearerOf, clock, nudge, say, sentence, show, shownVerdict } from "./verdict.js";
import { namesakes, startWalkIn } from "./walk-in.js";

const SAME_MS = 4000;
const WAY = "desk-way";
const SITTING = "desk-sitting";

const form = document.getElementById("find");
const field = document.getElementById("what");
const sittings = document.getElementById("sitting");

let camera = { stop() {}, state: () => "none" };
let newest = 0;
let lastRead = { text: "", at: 0 };

// --- scanning

const way = () => form.elements.kind.value;

function entryOf(kind, told) {
  const id = told.id ?? uuid();
  const sitting = kind !== "annul" && chosenSitting();
  return {
    id,
    kind,
    told: { id, ...(kind === "walk-in" ? {} : { kind }), ...told, at: new Date().toISOString(), ...(sitting ? { sitting } : {}) },
    source: told.source ?? "",
    at: bestNow(),
    server_at: serverNow(),
    desk: state.roster && { id: state.roster.desk_id, name: state.roster.desk },
    rehearsal: isRehearsal(),
    state: "pending",
    verdict: "",
    delegate_id: null,
    first: null,
  };
}

const withSitting = (entry) => ({ ...entry, sitting: entry.told.sitting ?? (state.roster ? sittingAt(state.roster.sittings, entry.at) : null) });

// The entries as they were decided and kept, with the people; null where nothing was kept.
async function record(made) {
  const turn = ++newest;
  const isNewest = () => turn === newest;
  if (state.isEnded) return ended();
  if (state.isUp) show("asking", { message: say("askingMessage") });
  let answers;
  try {
    answers = await tryFirst(made);
  } catch (error) {
    if (error instanceof Unpaired) return ended();
    if (!(error instanceof Faulty)) throw error;
    if (isNewest()) show("malformed", { message: error.message });
    return null;
  }
  let kept = answers?.map((answer) => withSitting(answer.entry));
  try {
    await write((entries) => {
      if (answers) return kept;
      const known = [...entries];
      kept = made.map((entry) => {
        const decided = { ...entry, ...judge(view(known), entry) };
        known.push(decided);
        return decided;
      });
      return kept;
    });
  } catch (error) {
    console.warn("not written", error);
    if (isNewest()) unwritten(made, answers);
    return answers && kept;
  }
  if (isNewest()) tell(kept, answers);
  if (!answers) upload();
  return kept;
}

let lastTold = null;

function tell(kept, answers) {
  lastTold = () => tell(kept, answers);
  if (kept.length > 1) return tellGroup(kept);
  const [entry] = kept;
  const person = { ...personOf(entry.delegate_id), ...answers?.[0].person };
  const known = person.name ? person : entry.kind === "walk-in" ? { name: entry.told.name, position: entry.told.position, unit: entry.told.unit } : null;
  const isOurs = !answers || (entry.verdict === "unknown" && entry.source === "number");
  const isSaid = entry.verdict === "admitted" && known; // word and name say it all
  const message = entry.kind === "walk-in" && !answers ? say("noNumberYet") : isSaid ? "" : isOurs ? sentence(entry, known) : entry.message;
  const note = !answers ? say("queuedNote") : "";
  const insteadOf = entry.told.instead_of && personOf(entry.told.instead_of)?.name;
  show(entry.verdict, { person: known, message, mayAnnul: mayAnnul(entry), scanId: entry.id, note, ...(insteadOf ? { insteadOf } : {}) });
}

function tellGroup(kept) {
  const came = kept.filter((entry) => LET_IN.has(entry.verdict));
  const others = kept.filter((entry) => !LET_IN.has(entry.verdict));
  const names = others.map((entry) => personOf(entry.delegate_id)?.name).filter(Boolean).join(", ");
  const message = [say("groupCame", { count: came.length }), others.length && say("groupOthers", { count: others.length, names })].filter(Boolean).join(" ");
  const people = came.map((entry) => personOf(entry.delegate_id)).filter(Boolean);
  const alert = people.filter((one) => one.alert).map((one) => `${bearerOf(one).name}: ${one.alert}`).join("\n");
  const papers = new Map();
  for (const { hand_out: what } of people) if (what) papers.set(what, (papers.get(what) ?? 0) + 1);
  const handOut = [...papers].map(([what, count]) => `${count} × ${what}`).join(" · ");
  show("group", { message, alert, handOut, tone: others.length ? "warning" : "success" });
}

// Never green: what is not on the disk is written by hand, unless the server has it.
function unwritten(made, answers) {
  if (!answers) return show("unwritten", { message: say("unwrittenMessage"), person: personOf(made[0].told.delegate_id) });
  const [{ entry, person }] = answers;
  show(entry.verdict, { person, message: entry.message, tone: "warning", note: say("unwrittenKnown") });
}

function ended() {
  show("revoked", { message: say("unpaired") });
  camera.stop();
  return null;
}

function read(text, source) {
  const now = Date.now();
  const isSame = text === lastRead.text && now - lastRead.at < SAME_MS;
  if (source !== "camera") clear();
  if (isSame) {
    if (source !== "camera") {
      // While it was typed again the verdict had made room.
      if (shownVerdict() === "idle") lastTold?.();
      nudge(say("justScanned", { time: clock(lastRead.at) }));
    }
    return null;
  }
  lastRead = { text, at: now };
  lastTold = null;
  return record([entryOf(way(), { payload: text, source })]);
}

const chosen = (person) => entryOf(way(), { delegate_id: person.id, source: "search" });

function annul(entry) {
  lastRead = { text: "", at: 0 };
  return record([entryOf("annul", { annuls: entry.id, source: "search" })]);
}

// The last verdict must not stay green over the search for the next person.
function settle() {
  if (field.value && !codeIn(field.value) && !["idle", "asking", "unwritten"].includes(shownVerdict())) show("idle", { message: say("readyMessage") });
}

// --- how things stand, in words

const put = (id, text) => {
  const element = document.getElementById(id);
  element.hidden = !text;
  element.textContent = text;
};

// The server's counts, and what waits here.
function counts() {
  if (!state.counts) return {};
  let { arrived, delegates } = state.counts;
  const waiting = new Set(pending().map((entry) => entry.delegate_id).filter((id) => id !== null));
  for (const id of waiting) {
    const person = personOf(id);
    if (person) arrived += Number(Boolean(stayNow(person))) - Number(Boolean(person.arrived_at));
  }
  const fresh = pending().filter((entry) => entry.kind === "walk-in" && mayAnnul(entry) && !entry.rehearsal).length;
  return { arrived: arrived + fresh, delegates: delegates + fresh };
}

function draw() {
  for (const [name, number] of Object.entries(counts())) document.querySelector(`[data-count="${name}"]`).textContent = number;
  const { roster } = state;
  const queue = pending().length;
  if (roster) {
    document.getElementById("desk-name").textContent = roster.desk;
    document.title = roster.desk;
    if (sittings.options.length !== roster.sittings.length + 1) {
      const wanted = localStorage.getItem(SITTING) ?? "";
      sittings.replaceChildren(sittings.options[0], ...roster.sittings.map((one) => new Option(one.name, one.id)));
      sittings.value = wanted;
      if (sittings.selectedIndex < 0) sittings.value = "";
    }
    sittings.hidden = roster.sittings.length < 2;
    const sitting = roster.sittings.find((one) => one.id === (chosenSitting() ?? sittingAt(roster.sittings, bestNow())));
    document.getElementById("desk-sitting").textContent = sitting?.name ?? addresses.title;
  }
  put("line", way() === "exit" ? say("wayOut") : "");
  put("net", state.isEnded || state.isUp ? "" : queue ? say("offlineQueue", { count: queue }) : say("offline"));
  document.getElementById("ended").hidden = !state.isEnded;
  put("ended-queue", queue ? say("endedQueue", { count: queue }) : "");
  document.querySelectorAll("[data-save]").forEach((one) => (one.hidden = !queue));
  document.getElementById("rehearsal").hidden = !isRehearsal();
  document.body.classList.toggle("is-rehearsal", isRehearsal());
  document.querySelectorAll(".desk-foot form").forEach((one) => (one.hidden = !state.isUp && !state.isEnded));
  document.getElementById("sound-button").hidden = isSounding();
}

// --- beginning

form.elements.kind.forEach((radio) => (radio.checked = radio.value === (localStorage.getItem(WAY) ?? "entry")));
form.addEventListener("change", ({ target }) => {
  // The same code the other way, or for another sitting, is another scan.
  if (target !== field) lastRead = { text: "", at: 0 };
  localStorage.setItem(WAY, way());
  localStorage.setItem(SITTING, sittings.value);
  changed();
});

startFinding({ read, choose: (person) => (clear(), record([chosen(person)])), type: settle });
new Keys(field, (text) => read(text, "scanner"));

document.querySelector('#verdict [data-slot="undo"]').addEventListener("submit", (event) => {
  const entry = state.entries.find((one) => one.id === event.target.elements.annuls.value);
  if (!entry) return; // made by the plain form before this module was there: taken back by the plain form
  event.preventDefault();
  event.stopPropagation();
  annul(entry);
});

startWalkIn(async (told) => {
  const same = namesakes(told.name);
  if (same.length && !window.confirm(say("namesake", { name: same[0].name, unit: same[0].unit, number: same[0].number }))) return false;
  if (same.length) told.is_another = true;
  const kept = await record([entryOf("walk-in", told)]);
  if (kept) refreshRoster().catch(() => {});
  return kept !== null;
});
startGroup((people) => record(people.map(chosen)));
startRecent(annul);
startReadiness(() => camera.state());
document.querySelectorAll("[data-save]").forEach((button) => button.addEventListener("click", saveQueue));
document.getElementById("sound-button").addEventListener("click", wake);
addEventListener("desk-sound", draw);
document.getElementById("leaving").addEventListener(
  "submit",
  (event) => {
    if (!pending().length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    nudge(say("notYetSent", { count: pending().length }));
  },
  true,
);

// A phone that sleeps closes the door: keep the screen on where the browser lets us.
const stayAwake = () => document.hidden || navigator.wakeLock?.request("screen").catch(() => {});
document.addEventListener("visibilitychange", stayAwake);
stayAwake();

navigator.serviceWorker?.register(addresses.worker, { scope: addresses.page, updateViaCache: "none" }).catch((error) => console.warn("worker", error));

onChange(draw);
await loadKept().catch((error) => {
  console.warn("store", error);
  state.isStorageFull = true;
});
changed();
camera = startCamera(addresses.wasm, addresses.hasReader === "yes", (text) => read(text, "camera"));
document.documentElement.dataset.desk = "ready";
start(() => describe(() => camera.state()));
