// A section of the result report: keeps what is being typed in this browser until the server has it, and puts figures
// in at the cursor. Without this script the form works plainly.

export const plain = (text) => text.normalize("NFC").replace(/\s+/g, " ").trim();

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

const start = (form) => {
  const place = form.dataset.wordingDraft;
  const text = form.elements.namedItem("text");
  const revision = form.elements.namedItem("revision");
  const discard = form.querySelector("[data-discard]");
  const isRefused = Boolean(document.querySelector('.notice[role="alert"]'));
  const saved = [...document.querySelectorAll("[data-wording]")].map((one) => plain(one.textContent));
  const draft = read(place);
  if (draft && (!plain(draft.text) || saved.includes(plain(draft.text)))) drop(place);
  else if (draft && !isRefused && plain(draft.text) !== plain(text.value)) {
    text.value = draft.text;
    revision.value = draft.revision; // somebody else's newer wording is then shown beside it, not overwritten
    form.querySelector("[data-restored]").hidden = false;
    discard.hidden = false;
  }
  text.addEventListener("input", () => {
    keep(place, { text: text.value, revision: revision.value });
    discard.hidden = false;
  });
  discard.addEventListener("click", () => {
    drop(place);
    location.assign(location.pathname);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.querySelectorAll("[data-insert]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      text.setRangeText(button.dataset.insert, text.selectionStart, text.selectionEnd, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
    });
  });
};

if (typeof document !== "undefined") document.querySelectorAll("form[data-wording-draft]").forEach(start);
