// Puts an item of the programme elsewhere by drag, with mouse or finger, also into another sitting: it sends the form of
// its new place. Without this script the arrows and the page of the item do the same.

const rowsOf = (body) => [...body.querySelectorAll(":scope > [data-item]")];
const show = () => document.querySelectorAll("[data-grip]").forEach((grip) => (grip.hidden = false));

// The table in which a thing at height y belongs, and the row before which it comes; null at the end.
export const placeAt = (bodies, y) => {
  const body = bodies.findLast((one) => one.getBoundingClientRect().top <= y) ?? bodies[0];
  const before = rowsOf(body).find((row) => {
    const { top, height } = row.getBoundingClientRect();
    return y < top + height / 2;
  });
  return { body, before: before ?? null };
};

let moving = null;

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button) return;
  const row = grip.closest("[data-item]");
  moving = { row, pointer: event.pointerId, body: row.parentElement, next: row.nextElementSibling };
  row.classList.add("dragged");
  grip.setPointerCapture(event.pointerId);
  event.preventDefault();
});

document.addEventListener("pointermove", (event) => {
  if (!moving || event.pointerId !== moving.pointer) return;
  const edge = 60;
  if (event.clientY < edge) window.scrollBy(0, -15);
  if (event.clientY > window.innerHeight - edge) window.scrollBy(0, 15);
  const { body, before } = placeAt([...document.querySelectorAll("[data-sitting]")], event.clientY);
  if (before !== moving.row) body.insertBefore(moving.row, before);
});

const drop = (isKept) => {
  if (!moving) return;
  const { row, body, next } = moving;
  moving = null;
  row.classList.remove("dragged");
  if (!isKept) return body.insertBefore(row, next);
  if (row.parentElement === body && row.nextElementSibling === next) return;
  const form = document.getElementById("placing");
  form.action = row.dataset.position;
  form.elements.place.value = `${row.parentElement.dataset.sitting}:${row.previousElementSibling?.dataset.item ?? 0}`;
  form.requestSubmit();
};
document.addEventListener("pointerup", (event) => moving && event.pointerId === moving.pointer && drop(true));
document.addEventListener("pointercancel", () => drop(false));
document.addEventListener("keydown", (event) => event.key === "Escape" && drop(false));
document.addEventListener("htmx:after:swap", show);
show();
