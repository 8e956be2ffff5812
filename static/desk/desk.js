// The desk with JavaScript: camera, keyboard scanner, live search, verdicts without loading a page. Online only; what is
// sent has its id before the first try, so that sending again never counts twice.
import { Camera } from "./camera.js";
import { getRoster, Lost, sendScans, sendWalkIn, Unpaired, uuid } from "./calls.js";
import { codeIn, find, isName, isNumber } from "./reading.js";
import { clock, say, show, wordOf } from "./verdict.js";

const desk = document.getElementById("desk");
const form = document.getElementById("find");
const field = document.getElementById("what");
const list = document.querySelector("#found .desk-people");
const line = document.getElementById("line");
const recent = document.getElementById("recent");
const addresses = desk.dataset;

const ROSTER_MS = 20000;
const SCANNER_PAUSE_MS = 150;
const SAME_MS = 4000;
const LETS_IN = ["admitted", "declined"];
const MAY_ANNUL = [...LETS_IN, "left"];

let roster = { revision: "", delegates: [] };
let lastRead = { text: "", at: 0 };

// --- the line to the server

function connected(isConnected) {
  line.hidden = isConnected && kind() === "entry";
  line.textContent = isConnected ? say("wayOut") : say("offline");
}

function ended() {
  line.hidden = false;
  line.textContent = say("unpaired");
  show("revoked", { message: say("unpaired") });
  camera?.stop();
}

function count(counts) {
  for (const [name, number] of Object.entries(counts ?? {})) {
    const element = document.querySelector(`[data-count="${name}"]`);
    if (element) element.textContent = number;
  }
}

async function refresh() {
  try {
    const fresh = await getRoster(addresses.roster, roster.revision);
    if (fresh?.delegates) {
      roster = fresh;
      count(fresh.counts);
      if (field.value) search(); // what was typed before the list was there
    }
    connected(true);
  } catch (error) {
    if (error instanceof Unpaired) ended();
    else connected(false);
  }
}

// --- scanning

const kind = () => form.elements.kind.value;

async function record(scan) {
  show("asking", { message: say("askingMessage") });
  try {
    const answer = await sendScans(addresses.scans, [scan]);
    connected(true);
    if (!answer.results) throw new Lost();
    count(answer.counts);
    done(scan, answer.results[0]);
  } catch (error) {
    if (error instanceof Unpaired) return ended();
    if (!(error instanceof Lost)) throw error;
    connected(false);
    lost(() => record(scan));
  }
}

function done(scan, result) {
  const person = result.delegate;
  const known = person && roster.delegates.find((one) => one.id === person.id);
  if (known && LETS_IN.includes(result.verdict)) Object.assign(known, { arrived_at: known.arrived_at ?? scan.at, left_at: null });
  if (known && result.verdict === "left") known.left_at = scan.at;
  if (known && result.verdict === "annulled") refresh();
  show(result.verdict, { person, message: result.message, mayAnnul: MAY_ANNUL.includes(result.verdict), scanId: scan.id });
  remember(result);
}

function lost(again) {
  show("lost", { message: say("lostMessage") });
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = say("again");
  button.addEventListener("click", again, { once: true });
  document.querySelector('#verdict [data-slot="message"]').after(button);
  new MutationObserver((_, observer) => {
    if (document.getElementById("verdict").dataset.verdict === "lost") return;
    button.remove();
    observer.disconnect();
  }).observe(document.getElementById("verdict"), { attributes: true, attributeFilter: ["data-verdict"] });
  button.focus();
}

const scanOf = (more) => ({ id: uuid(), kind: kind(), at: new Date().toISOString(), offline: false, ...more });

function read(text, source) {
  const now = Date.now();
  if (text === lastRead.text && now - lastRead.at < SAME_MS) return;
  lastRead = { text, at: now };
  clear();
  record(scanOf({ payload: text, source }));
}

function choose(delegateId) {
  clear();
  record(scanOf({ delegate_id: delegateId, source: "search" }));
}

function clear() {
  field.value = "";
  list.replaceChildren();
  document.querySelector("#found .notice")?.remove();
}

// The last verdict must not stay green over the search for the next person.
function settle() {
  const verdict = document.getElementById("verdict").dataset.verdict;
  if (field.value && !["idle", "asking", "lost"].includes(verdict)) show("idle", { message: say("readyMessage") });
}

// --- the field: typed, or filled by a keyboard scanner

function search() {
  const people = isName(field.value) ? find(roster.delegates, field.value) : [];
  list.replaceChildren(...people.map(button));
  document.querySelector("#found .notice")?.remove();
  if (isName(field.value) && !people.length && roster.delegates.length) {
    const notice = document.createElement("p");
    notice.className = "notice";
    notice.dataset.tone = "warning";
    notice.textContent = say("nobody");
    list.before(notice);
  }
}

function button(person) {
  const item = document.createElement("li");
  const press = document.createElement("button");
  const number = Object.assign(document.createElement("span"), { className: "no", textContent: person.number });
  const who = document.createElement("span");
  who.append(
    Object.assign(document.createElement("b"), { textContent: person.name }),
    Object.assign(document.createElement("small"), { textContent: [person.position, person.unit, person.group].filter(Boolean).join(" · ") }),
  );
  press.type = "button";
  press.append(number, who);
  if (person.arrived_at) {
    const at = clock(new Date(person.left_at ?? person.arrived_at));
    press.append(Object.assign(document.createElement("span"), { className: "state", textContent: `${say(person.left_at ? "out" : "in")} ${at}` }));
  }
  press.addEventListener("click", () => choose(person.id));
  item.append(press);
  return item;
}

let pause;
let firstKeyAt = 0;
field.addEventListener("input", () => {
  clearTimeout(pause);
  if (field.value.length <= 1) firstKeyAt = performance.now();
  settle();
  search();
  // A scanner without Enter: twenty digits are there, and came faster than a hand types.
  if (codeIn(field.value)) {
    const isScanner = performance.now() - firstKeyAt < 40 * field.value.length + 300;
    pause = setTimeout(() => submit("scanner"), isScanner ? SCANNER_PAUSE_MS : 1200);
  }
});

function submit(source) {
  clearTimeout(pause);
  const text = field.value;
  if (!text.trim()) return;
  if (isNumber(text)) read(text.trim(), "number");
  else if (isName(text)) {
    const found = find(roster.delegates, text);
    if (found.length === 1) choose(found[0].id);
    else list.querySelector("button")?.focus();
  } else read(text, source ?? "scanner");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
form.addEventListener("change", () => connected(true));

// Wherever the focus is, keys of a scanner go into the field.
const isTyping = (element) => element?.matches?.("input:not([type=radio]):not([type=hidden]), select, textarea");
document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(document.activeElement)) return;
    if (event.key.length === 1 && event.key !== " ") field.focus();
  },
  true,
);

// --- taking back

document.querySelector('#verdict [data-slot="undo"]').addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  annul(event.target.elements.annuls.value);
});

function annul(id) {
  lastRead = { text: "", at: 0 };
  record({ id: uuid(), kind: "annul", annuls: id, source: "search", at: new Date().toISOString(), offline: false });
}

function remember(result) {
  recent.hidden = false;
  const item = document.createElement("li");
  const word = wordOf(result.verdict);
  if (word.dataset.tone) item.dataset.tone = word.dataset.tone;
  const who = document.createElement("span");
  who.append(
    Object.assign(document.createElement("b"), { textContent: result.delegate?.name ?? "–" }),
    Object.assign(document.createElement("small"), { textContent: word.dataset.word }),
  );
  const time = Object.assign(document.createElement("time"), { textContent: clock(new Date()) });
  item.append(time, who);
  if (MAY_ANNUL.includes(result.verdict)) {
    const back = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: say("back") });
    back.addEventListener("click", () => {
      back.remove();
      annul(result.id);
    });
    item.append(back);
  }
  const items = recent.querySelector("ol");
  items.prepend(item);
  while (items.children.length > 10) items.lastElementChild.remove();
}

// --- somebody who is not on the list

const walkIn = document.getElementById("walk-in");
const walkInForm = document.getElementById("walk-in-form");
let walkInId = uuid();
walkInForm.addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const given = Object.fromEntries(new FormData(walkInForm));
  const told = { id: walkInId, name: given.name, position: given.position || null, unit: given.unit || null, group: given.group || null, at: new Date().toISOString() };
  const send = async () => {
    show("asking", { message: say("askingMessage") });
    try {
      const answer = await sendWalkIn(addresses.walkIns, told);
      connected(true);
      if (answer.verdict) {
        walkInId = uuid();
        walkInForm.reset();
        walkIn.open = false;
        count(answer.counts);
        done({ id: told.id, at: told.at }, answer);
        refresh();
      } else show("malformed", { message: answer.message });
    } catch (error) {
      if (error instanceof Unpaired) return ended();
      if (!(error instanceof Lost)) throw error;
      connected(false);
      lost(send);
    }
  };
  await send();
  scrollTo({ top: 0 });
});

// --- camera

const video = document.getElementById("video");
const cameraButton = document.getElementById("camera-button");
const torchButton = document.getElementById("torch-button");
const choice = document.getElementById("camera-choice");
const camera = addresses.hasReader === "yes" ? new Camera(video, addresses.wasm, (text) => read(text, "camera")) : null;

function reason(error) {
  if (!window.isSecureContext || !navigator.mediaDevices) return say("insecure");
  if (!camera) return say("noReader");
  if (error?.name === "NotAllowedError") return say("refused");
  if (error?.name === "NotFoundError" || error?.name === "OverconstrainedError") return say("missing");
  return error?.message ?? "";
}

async function startCamera(deviceId, isQuiet = false) {
  document.querySelector("#camera .notice")?.remove();
  try {
    await camera.start(deviceId);
    cameraButton.lastElementChild.textContent = cameraButton.dataset.stop;
    torchButton.hidden = !camera.hasTorch;
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
    choice.hidden = cameras.length < 2;
    choice.replaceChildren(...cameras.map((one, n) => new Option(one.label || `${n + 1}`, one.deviceId, false, one.deviceId === camera.track?.getSettings().deviceId)));
    localStorage.removeItem("desk-camera");
  } catch (error) {
    stopCamera();
    if (isQuiet) return;
    const told = document.createElement("p");
    told.className = "notice";
    told.dataset.tone = "warning";
    told.textContent = say("noCamera").replace("{reason}", reason(error));
    document.getElementById("camera").append(told);
  }
}

function stopCamera() {
  camera?.stop();
  cameraButton.lastElementChild.textContent = cameraButton.dataset.start;
  torchButton.hidden = true;
  choice.hidden = true;
}

document.getElementById("camera").hidden = false;
cameraButton.addEventListener("click", () => {
  if (camera?.isOn) {
    stopCamera();
    localStorage.setItem("desk-camera", "off");
  } else startCamera();
});
choice.addEventListener("change", () => startCamera(choice.value));
let isLit = false;
torchButton.addEventListener("click", () => camera.torch((isLit = !isLit)));
if (localStorage.getItem("desk-camera") !== "off" && camera) startCamera(undefined, true);

// A phone that sleeps closes the door: keep the screen on where the browser lets us.
navigator.wakeLock?.request("screen").catch(() => {});

refresh();
setInterval(refresh, ROSTER_MS);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
document.documentElement.dataset.desk = "ready";
