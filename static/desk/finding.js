// The one field: typed by hand, or found by name, unit and number, without accents.
import { notice, part, redraw } from "./drawing.js";
import { eventsOf, sittingAt, stayOf } from "./deciding.js";
import { bestNow } from "./clock.js";
import { codeIn, find, isName, isNumber } from "./reading.js";
import { onChange, state, view } from "./state.js";
import { clock, say } from "./verdict.js";

const SHOWN = 8;
const HAND_PAUSE_MS = 1200;

const form = document.getElementById("find");
const field = document.getElementById("what");
const list = document.querySelector("#found .desk-people");

let onRead;
let onChoose;
let onType;

// Since when the person is here, by all that this device knows.
export function stayNow(person) {
  const sitting = chosenSitting() ?? sittingAt(state.roster.sittings, bestNow());
  const stay = stayOf(eventsOf(view(), person, sitting));
  return stay && { arrived_at: stay.first.at, left_at: stay.left_at };
}

export const chosenSitting = () => {
  const chosen = Number(document.getElementById("sitting")?.value || 0);
  return state.roster?.sittings.some((one) => one.id === chosen) ? chosen : null;
};

export function whoIs(person) {
  const who = document.createElement("span");
  const facts = [person.proxy && say("proxy", { name: person.name }), person.position, person.unit, person.group];
  who.append(part("b", "", person.proxy?.name ?? person.name), part("small", "", facts.filter(Boolean).join(" · ")));
  return who;
}

export function stateOf(person) {
  const stay = stayNow(person);
  return stay && part("span", "state", `${say(stay.left_at ? "out" : "in")} ${clock(stay.left_at ?? stay.arrived_at)}`);
}

function button(person) {
  const item = document.createElement("li");
  const press = Object.assign(document.createElement("button"), { type: "button" });
  press.append(...[part("span", "no", person.number), whoIs(person), stateOf(person)].filter(Boolean));
  press.addEventListener("click", () => onChoose(person));
  item.append(press);
  return item;
}

function search() {
  const people = isName(field.value) && state.roster ? find(state.roster.delegates, field.value) : [];
  const shown = people.slice(0, SHOWN);
  redraw(list, shown.map((one) => [one, stayNow(one)]), () => shown.map(button));
  document.querySelectorAll("#found .notice").forEach((one) => one.remove());
  if (people.length > SHOWN) list.after(notice(say("more", { count: people.length - SHOWN }), "info"));
  if (isName(field.value) && !people.length && state.roster) list.before(notice(say(state.roster.delegates.length ? "nobody" : "emptyRoster"), "warning"));
  if (isName(field.value) && !state.roster) list.before(notice(say("noRoster"), "warning"));
  return people;
}

export function clear() {
  field.value = "";
  search();
}

let pause;

function submit() {
  clearTimeout(pause);
  const text = field.value;
  if (!text.trim()) return;
  if (isNumber(text)) onRead(text.trim(), "number");
  else if (isName(text)) {
    const found = search();
    if (found.length === 1) onChoose(found[0]);
    else list.querySelector("button")?.focus();
  } else onRead(text, "scanner");
}

// read(text, source), choose(person), type() while something is being typed
export function startFinding({ read, choose, type }) {
  [onRead, onChoose, onType] = [read, choose, type];
  field.addEventListener("input", () => {
    clearTimeout(pause);
    onType();
    search();
    // Twenty digits typed or pasted by hand need no Enter either.
    if (codeIn(field.value)) pause = setTimeout(submit, HAND_PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    submit();
  });
  onChange(search);
}
