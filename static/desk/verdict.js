// Shows a verdict in the shape the page was served with (templates/checkin/_verdict.html); text only, never markup.
import { tell } from "./sound.js";

const root = document.getElementById("verdict");
const words = document.getElementById("words");
const slot = (name) => root.querySelector(`[data-slot="${name}"]`);

const CLOCK = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Ho_Chi_Minh" };
export const clock = (moment) => moment.toLocaleTimeString("vi-VN", CLOCK);
export const say = (name) => words.dataset[name];
export const wordOf = (verdict) => words.querySelector(`[data-verdict="${verdict}"]`);

function put(name, text) {
  const element = slot(name);
  element.textContent = text ?? "";
  element.hidden = !text;
}

export function show(verdict, { person = null, message = "", mayAnnul = false, scanId = "", quiet = false } = {}) {
  const word = wordOf(verdict);
  root.dataset.verdict = verdict;
  if (word.dataset.tone) root.dataset.tone = word.dataset.tone;
  else delete root.dataset.tone;
  slot("sign").replaceChildren(word.firstElementChild.cloneNode(true));
  slot("word").textContent = word.dataset.word;
  // Who stands here comes first: the proxy, where there is one, and then for whom.
  const bearer = person?.proxy ?? person;
  put("name", bearer?.name);
  put("who", person && [bearer.position, person.unit].filter(Boolean).join("\n"));
  put("proxy", person?.proxy && say("proxy").replace("{name}", person.name));
  slot("facts").hidden = !person;
  slot("number").textContent = person?.number ?? "";
  slot("group").textContent = person?.group ?? "";
  slot("seat").textContent = person?.seat || "–";
  slot("alert").hidden = !person?.alert;
  slot("alert-text").textContent = person?.alert ?? "";
  put("message", message);
  const undo = slot("undo");
  undo.hidden = !mayAnnul;
  undo.querySelector('[name="annuls"]').value = scanId;
  if (!quiet && word.dataset.tone && verdict !== "asking") tell(word.dataset.tone);
}
