// Order of the papers by drag, by mouse or finger, and by the arrow keys on the handle: it fills in the same fields
// as typing (place and part of each paper) and saves the form. Without this script the fields work plainly.

const rowsOf = (body) => [...body.querySelectorAll(":scope > [data-paper]")];

const showHandles = () => document.querySelectorAll("[data-handle]").forEach((handle) => (handle.hidden = false));

// The row before which a thing at height y belongs, and in which part; null at the end of the part.
export const placeAt = (bodies, y) => {
  let last = bodies[0];
  for (const body of bodies) {
    if (y < body.getBoundingClientRect().top) break;
    last = body;
  }
  const before = rowsOf(last).find((row) => {
    const { top, height } = row.getBoundingClientRect();
    return y < top + height / 2;
  });
  return { body: last, before: before ?? null };
};

const put = (row, body, before) => {
  if (before === row || (row.parentElement === body && row.nextElementSibling === before)) return;
  body.insertBefore(row, before);
};

// Numbers and parts as the rows stand now.
const fillIn = (form) => {
  for (const body of form.querySelectorAll("[data-part]"))
    rowsOf(body).forEach((row, n) => {
      row.querySelector("input").value = String(n + 1);
      row.querySelector("select").value = body.dataset.part;
    });
};

const save = (form) => {
  fillIn(form);
  form.requestSubmit();
};

let moving = null;

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-handle]");
  if (!handle || event.button) return;
  const row = handle.closest("[data-paper]");
  moving = { row, form: row.closest("form"), pointer: event.pointerId, from: row.nextElementSibling, body: row.parentElement };
  row.classList.add("dragged");
  handle.setPointerCapture(event.pointerId);
  event.preventDefault();
});

document.addEventListener("pointermove", (event) => {
  if (!moving || event.pointerId !== moving.pointer) return;
  const edge = 60;
  if (event.clientY < edge) window.scrollBy(0, -15);
  if (event.clientY > window.innerHeight - edge) window.scrollBy(0, 15);
  const { body, before } = placeAt([...moving.form.querySelectorAll("[data-part]")], event.clientY);
  put(moving.row, body, before);
});

const drop = (isKept) => {
  if (!moving) return;
  const { row, form, from, body } = moving;
  moving = null;
  row.classList.remove("dragged");
  if (!isKept) body.insertBefore(row, from);
  else if (row.parentElement !== body || row.nextElementSibling !== from) save(form);
};
document.addEventListener("pointerup", (event) => moving && event.pointerId === moving.pointer && drop(true));
document.addEventListener("pointercancel", () => drop(false));

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return drop(false);
  const handle = event.target.closest?.("[data-handle]");
  if (!handle || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  const row = handle.closest("[data-paper]");
  const form = row.closest("form");
  const bodies = [...form.querySelectorAll("[data-part]")];
  const place = bodies.indexOf(row.parentElement);
  const those = rowsOf(row.parentElement);
  const at = those.indexOf(row);
  if (event.key === "ArrowUp" && at > 0) put(row, row.parentElement, those[at - 1]);
  else if (event.key === "ArrowUp" && place > 0) put(row, bodies[place - 1], null);
  else if (event.key === "ArrowDown" && at < those.length - 1) put(row, row.parentElement, those[at + 2] ?? null);
  else if (event.key === "ArrowDown" && place < bodies.length - 1) put(row, bodies[place + 1], rowsOf(bodies[place + 1])[0] ?? null);
  else return;
  document.body.dataset.moved = row.dataset.paper;
  save(form);
});

document.addEventListener("htmx:after:swap", () => {
  showHandles();
  const moved = document.body.dataset.moved;
  delete document.body.dataset.moved;
  if (moved) document.querySelector(`[data-paper="${CSS.escape(moved)}"] [data-handle]`)?.focus();
});
showHandles();
