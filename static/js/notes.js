// Notes: keeps what is being typed in this browser until the server has it, and finds a speaker by a few letters
// without accents. Without this script the form and its list of speakers work plainly.

const FIELDS = ["key", "revision", "item", "kind", "speaker", "topic", "text"];
const OFFERED = 8;

export const fold = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().trim();

// The choices that hold every typed word, those where a word of the name begins with it first.
export const found = (typed, choices) => {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const begins = (choice) => words.every((word) => ` ${choice.folded}`.includes(` ${word}`));
  const holds = choices.filter((choice) => words.every((word) => choice.folded.includes(word)));
  return [...holds.filter(begins), ...holds.filter((choice) => !begins(choice))].slice(0, OFFERED);
};

const read = (place) => {
  try {
    return JSON.parse(localStorage.getItem(place));
  } catch {
    return null;
  }
};
const keep = (place, draft) => {
  try {
    localStorage.setItem(place, JSON.stringify(draft));
  } catch {
    // Private windows may have no storage; the form works without.
  }
};
const drop = (place) => {
  try {
    localStorage.removeItem(place);
  } catch {
    // As above.
  }
};

const saved = (draft) => {
  const same = (element) => element.textContent.trim() === draft.text.trim();
  const row = document.querySelector(`[data-key="${CSS.escape(draft.key)}"] [data-wording]`);
  if (row) return same(row);
  return [...document.querySelectorAll("#note [data-wording]")].some(same);
};

// By name; `elements.item` alone would be the collection's own method.
const control = (form, name) => form.elements.namedItem(name);

// Shows a part of the form by its mark, or hides it.
const show = (form, mark, on) => {
  const element = form.querySelector(`[${mark}]`);
  if (element) element.hidden = !on;
};

const guardDraft = (form) => {
  const place = form.dataset.draft;
  const now = () => Object.fromEntries(FIELDS.map((name) => [name, control(form, name).value]));
  const isRefused = Boolean(form.querySelector(".errors, [data-tone=danger]")) || Boolean(document.getElementById("theirs"));
  const draft = read(place);
  if (draft && saved(draft)) drop(place);
  else if (draft && !isRefused && draft.text.trim()) {
    for (const name of FIELDS) if (draft[name] !== undefined) control(form, name).value = draft[name];
    show(form, "data-restored", true);
    show(form, "data-discard", true);
  }
  form.addEventListener("input", () => {
    keep(place, now());
    show(form, "data-discard", true);
  });
  form.querySelector("[data-discard]")?.addEventListener("click", () => {
    drop(place);
    location.reload();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("htmx:error", () => {
    show(form, "data-unsent", true);
    delete form.dataset.sent;
  });
};

const offerSpeakers = (form) => {
  const input = control(form, "speaker");
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
    control(form, "text").focus();
  };
  const open = () => {
    const rows = found(input.value, choices);
    if (!rows.length || rows.some((choice) => choice.value === input.value)) return close();
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
    mark(0);
  };
  input.addEventListener("input", open);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") {
      event.preventDefault(); // Enter in one line must not send a half note
      if (active >= 0) choose(list.children[active].dataset.value);
      else control(form, "text").focus();
    } else if (list.hidden) {
      return;
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark((active + step + list.children.length) % list.children.length);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
};

const start = (focus) => {
  const form = document.querySelector("form[data-draft]:not([data-ready])");
  if (!form) return;
  form.dataset.ready = "";
  guardDraft(form);
  offerSpeakers(form);
  if (focus && !document.querySelector('[aria-invalid="true"]')) control(form, "speaker").focus();
};

if (typeof document !== "undefined") {
  document.addEventListener("htmx:after:swap", () => start(true));
  start(false);
}
