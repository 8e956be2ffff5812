// Somebody who is not on the list, also without the server: the number comes when the server answers. With
// `instead_of` the person stands for a delegate.
import { uuid } from "./calls.js";
import { onChange, state } from "./state.js";
import { fold } from "./reading.js";

const box = document.getElementById("walk-in");
const form = document.getElementById("walk-in-form");
const group = form.elements.group;
const instead = form.elements.instead_of;
const units = document.getElementById("units");

let id = uuid();
let drawn = null;

function draw() {
  if (!state.roster || state.roster === drawn) return;
  drawn = state.roster;
  const [chosen, replaced] = [group.value, instead.value];
  group.replaceChildren(group.options[0] ?? new Option("", ""), ...state.roster.groups.map((one) => new Option(one.name, one.code)));
  group.value = chosen;
  instead.replaceChildren(instead.options[0], ...state.roster.delegates.map((one) => new Option(`${one.number} · ${one.name} · ${one.unit}`, one.id)));
  instead.value = replaced;
  const names = [...new Set(state.roster.delegates.map((one) => one.unit).filter(Boolean))].sort((one, other) => one.localeCompare(other, "vi"));
  units.replaceChildren(...names.map((name) => new Option(name, name)));
}

// People of the list with the same name: perhaps it is one of them.
export function namesakes(name) {
  return state.roster?.delegates.filter((one) => fold(one.name) === fold(name)) ?? [];
}

export function startWalkIn(register) {
  document.querySelectorAll("[data-needs-app]").forEach((one) => (one.hidden = false));
  document.querySelectorAll("[data-plain]").forEach((one) => one.remove());
  onChange(draw);
  draw();
  instead.addEventListener("change", () => {
    const person = state.roster?.delegates.find((one) => one.id === Number(instead.value));
    if (!person) return;
    form.elements.unit.value ||= person.unit;
    if ([...group.options].some((one) => one.value === person.group_code)) group.value ||= person.group_code;
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const given = Object.fromEntries(new FormData(form));
    const told = { id, name: given.name.trim(), position: given.position || null, unit: given.unit || null, group: given.group || null };
    if (given.instead_of) told.instead_of = Number(given.instead_of);
    scrollTo({ top: 0 });
    if (await register(told)) {
      id = uuid();
      form.reset();
      box.open = false;
    }
  });
}
