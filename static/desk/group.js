// A unit comes by bus: choose it, tick who is there, one press lets them in, one scan each.
import { redraw } from "./drawing.js";
import { fold } from "./reading.js";
import { onChange, state } from "./state.js";
import { stateOf, stayNow, whoIs } from "./finding.js";
import { say } from "./verdict.js";

const box = document.getElementById("group");
const choice = document.getElementById("group-unit");
const list = box.querySelector(".desk-people");
const all = document.getElementById("group-all");
const press = document.getElementById("group-button");

let drawn = null;
let ticked = new Set();
let turn = 0; // of ticking by something else than the ticks

// A unit that the lists write in two ways ("Thành Đoàn", "Thành đoàn") comes in one bus.
const members = () => (choice.value && state.roster?.delegates.filter((one) => fold(one.unit) === fold(choice.value))) || [];

function drawUnits() {
  if (!state.roster || drawn === state.roster) return;
  drawn = state.roster;
  const counts = new Map();
  const written = new Map();
  for (const { unit } of state.roster.delegates) {
    if (!unit) continue;
    if (!written.has(fold(unit))) written.set(fold(unit), unit);
    const name = written.get(fold(unit));
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts.keys()].filter((name) => counts.get(name) > 1).sort((one, other) => one.localeCompare(other, "vi"));
  const chosen = choice.value;
  choice.replaceChildren(choice.options[0], ...names.map((name) => new Option(`${name} (${counts.get(name)})`, name)));
  choice.value = chosen;
}

function item(person) {
  const row = document.createElement("li");
  const label = document.createElement("label");
  const tick = Object.assign(document.createElement("input"), { type: "checkbox", value: person.id, checked: ticked.has(person.id) });
  const told = stateOf(person);
  label.append(...[tick, whoIs(person), told].filter(Boolean));
  tick.addEventListener("change", () => {
    if (tick.checked) ticked.add(person.id);
    else ticked.delete(person.id);
    count();
  });
  row.append(label);
  return row;
}

function count() {
  press.disabled = !ticked.size;
  press.lastElementChild.textContent = say("groupPress", { count: ticked.size });
}

function draw() {
  drawUnits();
  const people = members();
  ticked = new Set([...ticked].filter((id) => people.some((one) => one.id === id)));
  redraw(list, [turn, people.map((one) => [one, stayNow(one)])], () => people.map(item));
  all.hidden = !people.length;
  press.hidden = !people.length;
  count();
}

export function startGroup(letIn) {
  box.hidden = false;
  choice.addEventListener("change", () => {
    ticked = new Set();
    draw();
  });
  all.addEventListener("click", () => {
    const out = members().filter((person) => {
      const stay = stayNow(person);
      return !stay || stay.left_at;
    });
    ticked = ticked.size === out.length ? new Set() : new Set(out.map((one) => one.id));
    turn += 1;
    draw();
  });
  press.addEventListener("click", async () => {
    const chosen = members().filter((one) => ticked.has(one.id));
    ticked = new Set();
    scrollTo({ top: 0 });
    if (await letIn(chosen)) {
      choice.value = "";
      box.open = false;
    } else ticked = new Set(chosen.map((one) => one.id));
    turn += 1;
    draw();
  });
  box.addEventListener("toggle", draw);
  onChange(() => (box.open ? draw() : drawUnits()));
}
