// Finds a speaker by a few letters without accents, in the form of a note. Without this script the browser's own list works.

const OFFERED = 8;

const fold = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().trim();

// The choices that hold every typed word, those where a word of the name begins with it first.
const found = (typed, choices) => {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const begins = (choice) => words.every((word) => ` ${choice.folded}`.includes(` ${word}`));
  const holds = choices.filter((choice) => words.every((word) => choice.folded.includes(word)));
  return [...holds.filter(begins), ...holds.filter((choice) => !begins(choice))].slice(0, OFFERED);
};

const offerSpeakers = (form) => {
  const input = form.elements.namedItem("speaker");
  const options = [...form.querySelectorAll("datalist option")];
  const choices = options.map((option) => ({
    value: option.value,
    text: option.dataset.text ?? option.value,
    folded: option.dataset.folded,
    isPresent: option.hasAttribute("data-present"),
  }));
  input.removeAttribute("list"); // ours finds without accents; the browser's own would stand in front of it
  const list = document.createElement("ul");
  list.className = "offers";
  list.id = "offers";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.querySelector("datalist").dataset.label);
  input.parentElement.append(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-controls": "offers", "aria-autocomplete": "list", "aria-expanded": "false" }))
    input.setAttribute(name, value);
  let active = -1;

  const close = () => {
    list.hidden = true;
    list.replaceChildren();
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (next) => {
    active = next;
    [...list.children].forEach((row, number) => row.setAttribute("aria-selected", String(number === active)));
    input.setAttribute("aria-activedescendant", `offer-${active}`);
  };
  const choose = (value) => {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  };
  const open = () => {
    const rows = found(input.value, choices);
    if (input !== document.activeElement || !rows.length || rows.some((choice) => choice.value === input.value)) return close();
    list.replaceChildren(
      ...rows.map((choice, number) => {
        const row = document.createElement("li");
        row.id = `offer-${number}`;
        row.setAttribute("role", "option");
        row.textContent = choice.text;
        row.dataset.value = choice.value;
        if (choice.isPresent) row.dataset.present = "";
        row.addEventListener("mousedown", (event) => {
          event.preventDefault();
          choose(choice.value);
        });
        return row;
      }),
    );
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    active = -1;
  };
  input.addEventListener("input", open);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") {
      event.preventDefault(); // Enter in one line must not send a half note
      if (!list.hidden) choose(list.children[Math.max(active, 0)].dataset.value);
      else form.elements.namedItem("text").focus();
    } else if (list.hidden) {
      return;
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(active < 0 && step < 0 ? list.children.length - 1 : (active + step + list.children.length) % list.children.length);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
};

if (typeof document !== "undefined") {
  const form = document.getElementById("entry");
  if (form) offerSpeakers(form);
}
