// Shows a verdict in the shape the page was served with (templates/checkin/_verdict.html); text only, never markup.
import { tell } from "./sound.js";

const root = document.getElementById("verdict");
const words = document.getElementById("words");
const slot = (name) => root.querySelector(`[data-slot="${name}"]`);

const CLOCK = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Ho_Chi_Minh" };
export const clock = (moment) => new Date(moment).toLocaleTimeString("vi-VN", CLOCK);
export const say = (name, values = {}) => Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, value), words.dataset[name] ?? "");
export const wordOf = (verdict) => words.querySelector(`[data-verdict="${verdict}"]`);
export const shownVerdict = () => root.dataset.verdict;

// Who stands here comes first: the proxy, where there is one.
export const bearerOf = (person) => person?.proxy ?? person;

const sentences = JSON.parse(words.dataset.sentences);

// The sentence of a verdict that the device decided, as the server would say it.
export function sentence({ verdict, first, source }, person) {
  const values = { name: bearerOf(person)?.name ?? "", time: first ? clock(first.at) : "", desk: first?.desk ?? "" };
  let key = verdict;
  if (verdict === "already_in" && first) key = first.isHere ? "already_in_here" : "already_in_there";
  else if (verdict === "unknown" && source === "number") key = "unknown_number";
  else if (verdict === "revoked" && !person) key = "revoked_unnamed";
  return Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), sentences[key] ?? "");
}

function put(name, text) {
  const element = slot(name);
  element.textContent = text ?? "";
  element.hidden = !text;
}

export function show(verdict, { person = null, message = "", mayAnnul = false, scanId = "", quiet = false, tone, note = "", alert = person?.alert, handOut = person?.hand_out, insteadOf = person?.proxy && person.name } = {}) {
  const word = wordOf(verdict);
  const colour = tone ?? word.dataset.tone;
  root.dataset.verdict = verdict;
  if (colour) root.dataset.tone = colour;
  else delete root.dataset.tone;
  slot("sign").replaceChildren(word.firstElementChild.cloneNode(true));
  slot("word").textContent = word.dataset.word;
  const bearer = bearerOf(person);
  put("name", bearer?.name);
  put("who", person && [bearer.position, person.unit].filter(Boolean).join("\n"));
  put("proxy", insteadOf && say("proxy", { name: insteadOf }));
  slot("facts").hidden = !person;
  slot("number").textContent = person?.number ?? "…";
  slot("group").textContent = person?.group ?? "";
  slot("seated").hidden = !person?.seat;
  slot("seat").textContent = person?.seat ?? "";
  slot("hand-out").hidden = !handOut;
  slot("hand-out-text").textContent = handOut ?? "";
  slot("alert").hidden = !alert;
  slot("alert-text").textContent = alert ?? "";
  put("message", message);
  put("note", note);
  const undo = slot("undo");
  undo.hidden = !mayAnnul;
  undo.querySelector('[name="annuls"]').value = scanId;
  if (!quiet && colour && verdict !== "asking") tell(colour);
}

// Says something beside the verdict that stays, and draws the eye to it again.
export function nudge(note) {
  put("note", note);
  root.classList.remove("nudged");
  void root.offsetWidth;
  root.classList.add("nudged");
  tell(root.dataset.tone ?? "muted");
}
